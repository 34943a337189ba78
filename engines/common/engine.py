"""The base of the built-in engines: device, threads, errors. An engine adds only its network."""

from __future__ import annotations

import contextlib
import logging
from abc import abstractmethod
from collections.abc import Iterator

import torch
from torch import Tensor

from engines.common.device import Placement, keep_memory, place
from engines.common.transfer import Transfer
from studio.document.parameters import initial_values
from studio.engine import (
    DeviceError,
    Engine,
    EngineError,
    Job,
    Loaded,
    ModelSpec,
    Pixels,
    Resources,
)

_log = logging.getLogger(__name__)


class TorchEngine(Engine):
    """Load, render and close for a network that turns a job into one picture."""

    def __init__(self) -> None:
        self._placement: Placement | None = None
        self._transfer: Transfer | None = None
        self._stream: torch.cuda.Stream | None = None

    @abstractmethod
    def _build(self, model: ModelSpec, placement: Placement) -> None:
        """Read the weights of `model` and put the network on the device."""

    @abstractmethod
    def _pixels(self, job: Job) -> Tensor:
        """The picture for `job`: (H, W, 3) uint8 on the device."""

    @abstractmethod
    def _forget(self) -> None:
        """Drop every reference to the network."""

    @property
    def placement(self) -> Placement:
        """Where the network is. Raises `EngineError` before `load` and after `close`."""
        if self._placement is None:
            raise EngineError("This engine has no model loaded.")
        return self._placement

    def load(self, model: ModelSpec, resources: Resources) -> Loaded:
        keep_memory()
        placement = place(resources.device)
        self.use_threads(resources.threads)
        self.close()
        with _translated():
            self._build(model, placement)
            self._placement = placement
            self._transfer = Transfer(placement.device)
            if placement.device.type == "cuda":
                self._stream = torch.cuda.Stream()
            self._warm_up(model)
        return Loaded(device=str(placement))

    def render(self, job: Job) -> Pixels:
        self.placement  # noqa: B018 - raises where nothing is loaded
        assert self._transfer
        with self.working():
            return self._transfer.to_pixels(self._pixels(job))

    def close(self) -> None:
        self._forget()
        on_cuda = self._placement is not None and self._placement.device.type == "cuda"
        self._placement = self._transfer = self._stream = None
        if on_cuda:
            torch.cuda.empty_cache()

    def use_threads(self, threads: int) -> None:
        torch.set_num_threads(max(1, threads))

    @contextlib.contextmanager
    def working(self) -> Iterator[None]:
        """What all work on the device runs under: no autograd, our stream, errors translated."""
        with self.translated(), torch.inference_mode():
            yield

    @contextlib.contextmanager
    def translated(self) -> Iterator[None]:
        """What work that needs gradients runs under: our stream, errors translated."""
        stream = torch.cuda.stream(self._stream) if self._stream else contextlib.nullcontext()
        with _translated(), stream:
            yield

    def _warm_up(self, model: ModelSpec) -> None:
        """Render twice as a new deck does, so that the first drag meets chosen kernels and memory
        that is there."""
        values = initial_values(model.parameters)
        origin = Job(latent=torch.zeros(model.latent_size).numpy(), parameters=values)
        for _ in range(2):
            self.render(origin)


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """Out of memory, in all the ways that torch says it, becomes a `DeviceError`."""
    try:
        yield
    except torch.OutOfMemoryError as error:
        _log.warning("%s", error)
        raise DeviceError("The graphics memory is full.") from error
    except RuntimeError as error:
        if "memory" not in str(error):
            raise
        _log.warning("%s", error)
        raise DeviceError("There is not enough memory for this picture.") from error
