"""`python -m engines.onnx_pictures.trial FILE [DECLARED]`: does the runtime live through a
stranger's graph, within bounds of memory and time, and what does it draw?

FILE is an ONNX file, of which all is found out, or a weights file, whose description is tried.
What comes of it is JSON on standard output.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

from engines.onnx_pictures import weights_file
from engines.onnx_pictures.decoder import Decoder
from engines.onnx_pictures.description import Declared, Description
from engines.onnx_pictures.finding_out import KINDS, found_out
from engines.onnx_pictures.graph import RefusedError, checked
from engines.onnx_pictures.runtime import opened, packages
from studio.engine import WeightsError
from studio.processes.child import module_command
from studio.storage import strict_json

LIMIT_S = 300.0
"""Of the clock: beside others that keep the machine busy, one second of work took fifty."""
LIMIT_CPU_S = 60
"""Of work; Windows keeps to the clock's alone."""
LIMIT_MEMORY_BYTES = 8_000_000_000
"""Of addresses, which are more than the memory in use. Linux alone keeps to it."""
LIMIT_PICTURE_S = 10.0
"""Of work."""
_NICE = 10


_sound: set[str] = set()
"""What has lived through it since the instrument began, by `_identity`."""


def check(file: Path) -> tuple[Description, bytes]:
    """What a weights file holds, once it has been tried since the instrument began. Raises
    `WeightsError`."""
    description, graph = weights_file.read(file)
    if _identity(description, graph) not in _sound:
        try_out(file)
        if _identity(description, graph) not in _sound:
            raise WeightsError(f"The weights file {file.name} was changed while it was tried.")
    return description, graph


def try_out(file: Path, declared: Path | None = None) -> Description:
    """What the graph in `file` is.

    Raises `WeightsError` when it is refused, or when the process that tries it dies or comes to no
    end, and `EngineError` where there is no runtime.
    """
    packages()
    told = answer_of_child(file, declared)
    if "refused" in told:
        raise _refusal(file, told["refused"])
    _sound.add(told["identity"])
    return Description.model_validate(told["description"])


def answer_of_child(file: Path, declared: Path | None = None) -> dict[str, Any]:
    """What a process of its own answers (see `answer`). Raises `WeightsError`."""
    words = (str(file), *([str(declared)] if declared else []))
    try:
        ran = subprocess.run(
            module_command("engines.onnx_pictures.trial", *words),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=LIMIT_S,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        told: dict[str, Any] = json.loads(ran.stdout)
    except subprocess.TimeoutExpired as error:
        raise _refusal(file, f"is too slow: it was tried for {LIMIT_S:g} s") from error
    except OSError as error:
        raise _refusal(file, f"cannot be tried: {error.strerror}") from error
    except ValueError as error:
        if ran.returncode == -getattr(signal, "SIGXCPU", 0) != 0:
            raise _refusal(file, f"is too slow: it was tried for {LIMIT_CPU_S} s") from error
        raise _refusal(file, "is damaged: ONNX Runtime broke off while drawing with it") from error
    return told


def _identity(description: Description, graph: bytes) -> str:
    return hashlib.sha256(description.model_dump_json().encode() + graph).hexdigest()


def _refusal(file: Path, why: str) -> WeightsError:
    return WeightsError(f"The model {file.name[:60]} {why[:200]}.")


# -- in the process of its own ---------------------------------------------------------------------


def answer(file: Path, declared: Path | None = None) -> dict[str, Any]:
    """What comes of trying `file`, as JSON has it: its description, or why it is refused."""
    try:
        graph, description = _tried(file, declared)
    except RefusedError as error:
        return {"refused": str(error)}
    told = description.model_dump(mode="json")
    return {"description": told, "identity": _identity(description, graph)}


def _tried(file: Path, declared: Path | None) -> tuple[bytes, Description]:
    if file.suffix.lower() == ".safetensors":
        try:
            known, graph = weights_file.read(file)
        except WeightsError as error:
            raise RefusedError("cannot be read") from error
        return graph, _drawn(graph, lambda session, _: _still_fits(session, known))
    graph, said = file.read_bytes(), _said(file, declared)
    return graph, _drawn(graph, lambda session, model: found_out(session, model, said))


def _said(file: Path, declared: Path | None) -> Declared:
    title = file.stem[:100]
    if declared is None:
        return Declared(title=title)
    try:
        said = Declared.model_validate(strict_json.loads(declared.read_bytes()))
        return said if said.title else said.model_copy(update={"title": title})
    except (ValueError, OSError) as error:  # pydantic's errors are ValueErrors
        raise RefusedError(f"cannot be used as {declared.name[:60]} declares it") from error


def _drawn(graph: bytes, use: Callable[[Any, Any], Description]) -> Description:
    """What `use` makes of the graph, once it draws with it in good time."""
    model = checked(graph)
    try:
        session = opened(graph, 1)
        description = use(session, model)
        if description.fault():
            raise RefusedError(f"cannot be used: {description.fault()}")
        begun = process_time()
        Decoder(session, description).pixels(np.zeros(description.latent_size, np.float32))
    except RefusedError:
        raise
    except MemoryError as error:
        raise RefusedError("wants more memory than a model may have") from error
    except Exception as error:  # the runtime's errors have no common class of their own
        if "alloc" in str(error).lower() or "memory" in str(error).lower():
            raise RefusedError("wants more memory than a model may have") from error
        raise RefusedError(f"does not run: {_in_a_line(error)}") from error
    if process_time() - begun > LIMIT_PICTURE_S:
        raise RefusedError(f"is too slow: a picture takes more than {LIMIT_PICTURE_S:g} s")
    return description


def _still_fits(session: Any, known: Description) -> Description:
    """The description that came with the graph, if it is one of it."""
    ports = {port.name: port for port in session.get_inputs()}
    if {i.name: i.kind for i in known.inputs} != {n: KINDS.get(p.type) for n, p in ports.items()}:
        raise RefusedError("has other inputs than it says")
    if known.output not in {port.name for port in session.get_outputs()}:
        raise RefusedError("has other outputs than it says")
    decoder, point = Decoder(session, known), np.ones(known.latent_size, np.float32)
    for label in {0, max(0, known.labels - 1)}:
        decoder.pixels(point, seed=1, label=label)
    return known


def _in_a_line(error: Exception) -> str:
    """ONNX Runtime's own words, which may be many lines with addresses in them."""
    line = " ".join(str(error).split()).rpartition("] : ")[2]
    return line[:120].rstrip(". ") or type(error).__name__


def stay_within_bounds() -> None:
    """Bound this process, as far as the system can."""
    if sys.platform == "win32":
        return
    import resource

    os.nice(_NICE)
    with suppress(OSError, ValueError):  # a lower bound is set already
        resource.setrlimit(resource.RLIMIT_AS, (LIMIT_MEMORY_BYTES, LIMIT_MEMORY_BYTES))
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CPU, (LIMIT_CPU_S, LIMIT_CPU_S + 5))


if __name__ == "__main__":
    stay_within_bounds()
    print(json.dumps(answer(*map(Path, sys.argv[1:]))))
