"""Other people's decoders at work."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import cv2
import numpy as np

from engines.onnx_pictures import runtime, trial
from engines.onnx_pictures.decoder import Decoder
from engines.onnx_pictures.description import Description
from studio.engine import (
    DeviceError,
    Engine,
    EngineError,
    Job,
    Loaded,
    ModelSpec,
    Pixels,
    Resources,
    WeightsError,
)

_log = logging.getLogger(__name__)
_THUMBNAIL_PX = 128


class OnnxEngine(Engine):
    """Points in, pictures out, by ONNX Runtime."""

    def __init__(self) -> None:
        self._description: Description | None = None
        self._graph = b""
        self._provider = ""
        self._threads = 1
        self._decoder: Decoder | None = None

    def load(self, model: ModelSpec, resources: Resources) -> Loaded:
        provider = runtime.provider(resources.device)
        description, graph = trial.check(model.weights)
        if description.latent_size != model.latent_size:
            raise WeightsError(f"The weights file {model.weights.name} was made for another model.")
        self._description, self._graph, self._provider = description, graph, provider
        self._threads, self._decoder = resources.threads, None
        with _translated():
            decoder = self._open()
            for _ in range(2):  # the first drag meets allocated memory
                decoder.pixels(np.zeros(model.latent_size, np.float32))
        return Loaded(device=runtime.words_for(provider))

    def render(self, job: Job) -> Pixels:
        with _translated():
            decoder = self._decoder or self._open()
            pixels = decoder.pixels(
                job.latent,
                job.seed,
                float(job.parameters.get("truncation", 1.0)),
                self._label(job),
            )
        return _small(pixels) if job.thumbnail else pixels

    def close(self) -> None:
        self._description = self._decoder = None
        self._graph = b""

    def use_threads(self, threads: int) -> None:
        """A session has the number that it was opened with, so the next picture opens another."""
        if threads != self._threads:
            self._threads, self._decoder = threads, None

    def _open(self) -> Decoder:
        if self._description is None:
            raise EngineError("This engine has no model loaded.")
        session = runtime.opened(self._graph, self._threads, self._provider)
        self._decoder = Decoder(session, self._description)
        return self._decoder

    def _label(self, job: Job) -> int:
        wanted = job.parameters.get("label", 0)
        if isinstance(wanted, str):
            words = self._description.words if self._description else ()
            return words.index(wanted) if wanted in words else 0
        return int(wanted)


def _small(pixels: Pixels) -> Pixels:
    """No larger than a thumbnail need be."""
    height, width = pixels.shape[:2]
    share = _THUMBNAIL_PX / max(height, width)
    if share >= 1:
        return pixels
    size = (max(1, round(share * width)), max(1, round(share * height)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


@contextmanager
def _translated() -> Iterator[None]:
    """What the runtime raises, in a sentence."""
    try:
        yield
    except (EngineError, DeviceError):
        raise
    except Exception as error:  # the runtime's errors have no common class of their own
        _log.exception("ONNX Runtime")
        if "memory" in str(error).lower() or "alloc" in str(error).lower():
            raise DeviceError("There is not enough memory for this picture.") from error
        raise EngineError("ONNX Runtime could not draw this picture; the log says why.") from error
