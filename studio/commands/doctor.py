"""`latentloom doctor`: what this machine offers, a line each, and what to do about the rest.

A check is a function that returns `Check`s; the ones that touch torch, MIDI or sound ask in a
process of their own, because studio imports no torch and a bad driver can end the process.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version
from rich.console import Console
from rich.text import Text

import studio
from studio.commands import report
from studio.engine.registry import Listing, find_engines
from studio.processes.child import code_command
from studio.processes.packaged import is_packaged
from studio.setup import system
from studio.setup.install import BARE
from studio.storage import folders

DISTRIBUTION = "latent-loom"
CONSTRAINTS = Path(__file__).resolve().parents[2] / "constraints.txt"
ROOM_GB = 2.0
FOLDERS = {"plug-ins folder": folders.plugins, "log folder": lambda: folders.log_file().parent}
# Without these the instrument still plays; without any other dependency it does not.
OPTIONAL = {
    *("av", "mido", "python-osc", "supriya-midi", "sounddevice", "tinysoundfont", "pyfluidsynth"),
    *("opencv-python-headless", "wakepy"),
}

INSTALL = "install it again" if is_packaged() else "run `python3 start.py`"


class Status(StrEnum):
    """How a thing stands; only BROKEN keeps the instrument from playing."""

    OK = "OK"
    WARN = "WARN"
    BROKEN = "BROKEN"


@dataclass(frozen=True)
class Check:
    """A line of the report; `remedy` says what to do where the status is not OK."""

    name: str
    status: Status
    detail: str
    remedy: str = ""


class NoAnswerError(Exception):
    """A question that another process could not answer; its text is that process's last line."""


Ask = Callable[[str], Any]


def run(console: Console | None = None) -> int:
    """Print every check as it is made; the exit code: 1 if something essential is broken."""
    console = console or Console()
    broken = False
    for check in diagnose():
        console.print(line(check), soft_wrap=True)
        broken |= check.status is Status.BROKEN
    return int(broken)


def line(check: Check) -> Text:
    """A check in one line."""
    colour = {Status.OK: "green", Status.WARN: "yellow", Status.BROKEN: "bold red"}[check.status]
    remedy = f" -> {check.remedy}" if check.remedy else ""
    return Text.assemble(
        (f"{check.status:<7}", colour), f"{check.name:<22}", check.detail, (remedy, colour)
    )


def diagnose() -> Iterator[Check]:
    """All checks, in the order of the report."""
    yield versions()
    yield from dependencies()
    yield device()
    yield libraries("window libraries", system.WINDOW)
    yield display()
    yield libraries("sound libraries", system.SOUND)
    yield sound()
    yield timing()
    yield midi()
    yield from engines()
    yield from own_folders()


def versions(python: str = platform.python_version()) -> Check:
    """Ours and Python's."""
    detail = f"{studio.__version__} on Python {python}"
    try:
        fitting = SpecifierSet(metadata.metadata(DISTRIBUTION)["Requires-Python"])
    except metadata.PackageNotFoundError:
        fitting = SpecifierSet()
    if fitting.contains(Version(python).base_version, prereleases=True):
        return Check("Latent Loom", Status.OK, detail)
    return Check("Latent Loom", Status.WARN, detail, f"use a Python {fitting}")


# --- what is installed ---------------------------------------------------------------------------


def dependencies(
    requires: Callable[[str], list[str] | None] = metadata.requires,
    version: Callable[[str], str] = metadata.version,
    constraints: Path = CONSTRAINTS,
) -> Iterator[Check]:
    """Each direct dependency against the range that the project declares."""
    try:
        declared = [Requirement(text) for text in requires(DISTRIBUTION) or []]
    except metadata.PackageNotFoundError:
        yield Check("dependencies", Status.WARN, "Latent Loom itself is not installed", INSTALL)
        return
    tested = pins(constraints)
    for requirement in (*declared, *map(Requirement, BARE)):
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield dependency(requirement, version, tested.get(requirement.name))


def dependency(
    requirement: Requirement, version: Callable[[str], str], tested: str | None
) -> Check:
    """One requirement: is it there, in the range, and the version that we test with?"""
    name = requirement.name
    try:
        found = Version(version(name))
    except metadata.PackageNotFoundError:
        status = Status.WARN if name in OPTIONAL else Status.BROKEN
        return Check(name, status, "not installed", INSTALL)
    if not requirement.specifier.contains(found, prereleases=True):
        detail = f"{found} is outside {requirement.specifier}"
        return Check(name, Status.WARN, detail, f"pip install '{name}{requirement.specifier}'")
    aside = f" (tested with {tested})" if tested and Version(tested) != _public(found) else ""
    return Check(name, Status.OK, f"{found}{aside}")


def pins(constraints: Path) -> dict[str, str]:
    """Name and version of every pin; none where the project was installed without its checkout."""
    try:
        text = constraints.read_text(encoding="utf-8")
    except OSError:
        return {}
    return dict(re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE))


def _public(version: Version) -> Version:
    """Without the local part: 2.13.0+cpu is 2.13.0."""
    return Version(version.public)


# --- what the machine offers ---------------------------------------------------------------------

ASK_TORCH = """
import json, torch
cuda = torch.cuda.is_available()
print(json.dumps({"cuda": torch.cuda.get_device_name(0) if cuda else None,
                  "mps": torch.backends.mps.is_available()}))
"""
ASK_SOUND = """
import json, sounddevice
def names(side):
    found = sounddevice.query_devices()
    return [each["name"] for each in found if each[f"max_{side}put_channels"]]
print(json.dumps({side: names(side) for side in ("in", "out")}))
"""
ASK_MIDI = """
import json
from studio.live.player import timing
from studio.live.player._system import RtMidi
system = RtMidi()
system.look()
ports = {"system": system.title, "timing": timing.sentence()}
print(json.dumps({**ports, "in": system.names("in"), "out": system.names("out")}))
"""


ASK_PRIORITY = """
import json
from studio.live.player._priority import raise_priority
granted = raise_priority()
print(json.dumps([granted.sentence, granted.real_time]))
"""


def ask(code: str) -> Any:
    """What `code` prints as JSON in a Python of its own; raises NoAnswerError."""
    try:
        done = subprocess.run(
            code_command(code),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoAnswerError(str(error)) from error
    try:
        return json.loads(done.stdout)
    except ValueError as error:
        said = done.stderr.strip().splitlines() or [f"ended with code {done.returncode}"]
        raise NoAnswerError(said[-1]) from error


def device(ask: Ask = ask, which: Callable[[str], str | None] = shutil.which) -> Check:
    """Where the engines will compute."""
    try:
        found = ask(ASK_TORCH)
    except NoAnswerError as problem:
        return Check("device", Status.BROKEN, f"torch does not load: {problem}", INSTALL)
    if found["cuda"]:
        return Check("device", Status.OK, f"CUDA: {found['cuda']}; {report.machine()}")
    if found["mps"]:
        return Check("device", Status.OK, f"Apple GPU (MPS); {report.machine()}")
    if which("nvidia-smi"):
        remedy = "see to the driver, or install a torch with CUDA"
        return Check("device", Status.WARN, "an NVIDIA GPU that torch cannot use", remedy)
    return Check("device", Status.OK, f"CPU: {report.machine()}")


def libraries(
    name: str,
    needs: Iterable[system.Need],
    missing: Callable[[Iterable[system.Need]], tuple[system.Need, ...]] = system.missing,
    machine: Callable[[], system.Machine] = system.this_machine,
) -> Check:
    """What the wheels expect the system to have."""
    lacking = missing(needs)
    if not lacking:
        return Check(name, Status.OK, "all there")
    names = ", ".join(need.name for need in lacking)
    return Check(name, Status.WARN, f"missing: {names}", system.remedy(lacking, machine()))


def display(environ: Mapping[str, str] = os.environ) -> Check:
    """Whether a window can open; without one there is still `render` and the demo."""
    if not system.has_display(environ):
        remedy = "start it in a desktop session; `latentloom demo` and `render` need none"
        return Check("display", Status.WARN, "none", remedy)
    names = ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DISPLAY")
    named = next((f"{name}={environ[name]}" for name in names if environ.get(name)), sys.platform)
    return Check("display", Status.OK, named)


def sound(ask: Ask = ask) -> Check:
    """Devices that can play, and those that modulators can listen to."""
    try:
        names = ask(ASK_SOUND)
    except NoAnswerError as problem:
        return _silent("sound devices", f"PortAudio does not answer: {problem}")
    sides = [f"{side}: {', '.join(names[side]) or 'none'}" for side in ("out", "in")]
    if not names["out"]:
        remedy = "connect one to hear melodies here; MIDI needs none"
        return Check("sound devices", Status.WARN, "; ".join(sides), remedy)
    return Check("sound devices", Status.OK, "; ".join(sides))


def timing(ask: Ask = ask) -> Check:
    """What the player may have to keep the beat beside engines at work."""
    try:
        sentence, real_time = ask(ASK_PRIORITY)
    except NoAnswerError as problem:
        return Check("player", Status.WARN, f"cannot be asked: {problem}", INSTALL)
    if real_time:
        return Check("player", Status.OK, sentence)
    remedy = "allow rtprio 20 in /etc/security/limits.d, or install rtkit"
    return Check("player", Status.WARN, sentence, remedy)


def midi(ask: Ask = ask) -> Check:
    """Ports in and out; no MIDI system is a state of the machine, not a fault."""
    try:
        ports = ask(ASK_MIDI)
    except NoAnswerError as problem:
        return _silent("MIDI ports", f"MIDI does not load: {problem}")
    if not ports["system"]:
        remedy = "pictures need none; melodies can be saved as .mid"
        return Check("MIDI ports", Status.WARN, "no MIDI system here", remedy)
    sides = [f"{side}: {', '.join(ports[side]) or 'none'}" for side in ("in", "out")]
    said = [f"{ports['system']}, {sides[0]}", sides[1], ports["timing"]]
    return Check("MIDI ports", Status.OK, "; ".join(filter(None, said)))


def _silent(name: str, detail: str) -> Check:
    """A sound or MIDI library that does not load, most often for want of a system library."""
    lacking = system.missing(system.SOUND)
    remedy = system.remedy(lacking) if lacking else INSTALL
    return Check(name, Status.WARN, detail, remedy)


def engines(discover: Callable[[], Iterable[Listing]] = find_engines) -> Iterator[Check]:
    """The built-in engines and plug-ins; one that cannot be used says why."""
    found = list(discover())
    for listing in found:
        name = f"engine {listing.name}"
        if listing.spec is None:
            remedy = f"mend or remove it ({listing.source})"
            yield Check(name, Status.WARN, listing.reason, remedy)
        else:
            lacking = [m.name for m in listing.spec.models if not m.weights.is_file()]
            yield _models(name, [m.name for m in listing.spec.models], lacking)
    if not any(listing.spec for listing in found):
        yield Check("engines", Status.BROKEN, "none that can be used", INSTALL)


def _models(name: str, models: list[str], lacking: list[str]) -> Check:
    if lacking:
        detail = f"no weights for {', '.join(lacking)}"
        return Check(name, Status.WARN, detail, "fetch the whole checkout, or train them")
    return Check(name, Status.OK, f"models: {', '.join(models) or 'none yet'}")


def own_folders(
    made: Mapping[str, Callable[[], Path]] = FOLDERS,
    usage: Callable[[Path], Any] = shutil.disk_usage,
) -> Iterator[Check]:
    """The artist's folders, made where they are missing, and the room left there."""
    for name, make in made.items():
        try:
            path = make()
            free_gb = usage(path).free / 1e9
        except OSError as error:
            detail = f"{error.filename}: {error.strerror}"
            yield Check(name, Status.WARN, detail, "make this folder and allow writing to it")
            continue
        if not os.access(path, os.W_OK):
            yield Check(name, Status.WARN, f"{path} cannot be written", "allow writing to it")
        elif free_gb < ROOM_GB:
            detail = f"{path} ({free_gb:.1f} GB free)"
            yield Check(name, Status.WARN, detail, f"make room: {ROOM_GB:g} GB let you record")
        else:
            yield Check(name, Status.OK, f"{path} ({free_gb:.1f} GB free)")
