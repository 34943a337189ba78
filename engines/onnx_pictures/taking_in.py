"""An ONNX file that the artist was given becomes a model: tried, described, kept as weights."""

from __future__ import annotations

from pathlib import Path

from engines.onnx_pictures import trial, weights_file
from engines.onnx_pictures.description import LIMIT_FILE_BYTES
from studio.engine import WeightsError

_LIMIT_DECLARED_BYTES = 100_000


def take_in(file: Path, weights: Path) -> None:
    """Write what `file` is, with a JSON of its name beside it where there is one (see `Declared`),
    to the weights file `weights`. Takes as long as some pictures. Raises `EngineError`."""
    declared = file.with_suffix(".json")
    for each, limit in ((file, LIMIT_FILE_BYTES), (declared, _LIMIT_DECLARED_BYTES)):
        if each.is_file() and each.stat().st_size > limit:
            raise WeightsError(
                f"The file {each.name[:60]} is too large: {limit / 1e6:g} MB are the most."
            )
    if not file.is_file():
        raise WeightsError(f"The model {file.name[:60]} is missing.")
    description = trial.try_out(file, declared if declared.is_file() else None)
    try:
        weights_file.write(weights, file.read_bytes(), description)
    except OSError as error:
        raise WeightsError(f"The model {file.name[:60]} cannot be kept: {error}.") from error
