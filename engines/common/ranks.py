"""Several processes that learn one model, on one machine or on many, as `torchrun` starts them.

Each (a *rank*) has the whole model and its own rows of every batch; before a step, the gradients
are averaged. Whatever is drawn by chance is drawn by all ranks alike for the whole batch, and each
takes its rows: so N processes learn what one would with a batch N times as large. Only the first
writes. In a process of its own, all of this does nothing.

It stands on `torch.distributed` alone. `DistributedDataParallel`, and what is built on it, wraps
one module with one loss; our trainees call parts of modules, hear a critic in between and clip
what was averaged. What it gains by averaging while it still goes backward is little for networks
of a few megabytes.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import torch
import torch.distributed as dist
from torch import Tensor, nn

_Made = TypeVar("_Made")


def world() -> int:
    """How many processes learn together."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def rank() -> int:
    """Which of them this is, 0 for the first."""
    return int(os.environ.get("RANK", "0")) if world() > 1 else 0


def is_first() -> bool:
    """Whether this is the one that writes."""
    return rank() == 0


def join() -> None:
    """Meet the others, on this process's own GPU where there are some. Raises RuntimeError where
    they do not come."""
    if world() == 1 or dist.is_initialized():
        return
    if torch.cuda.is_available():
        torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", "0")))
    dist.init_process_group()
    atexit.register(dist.destroy_process_group)


def own(count: int) -> slice:
    """Which rows of a batch of `world() * count` are this rank's."""
    return slice(rank() * count, (rank() + 1) * count)


def rows(draw: Callable[[int], Tensor], count: int) -> Tensor:
    """This rank's `count` rows of what is drawn for all: (world() * count, ...) -> (count, ...)."""
    return draw(world() * count)[own(count)]


def first_says(make: Callable[[], _Made]) -> _Made:
    """What `make` gives in the first process, for all of them: of the same types as in it."""
    if world() == 1:
        return make()
    said: list[Any] = [make() if is_first() else None]
    dist.broadcast_object_list(said)
    made: _Made = said[0]
    return made


def mean(value: Tensor) -> Tensor:
    """The mean over all ranks of a float tensor, through which gradients go back to all of them."""
    return value if world() == 1 else _Mean.apply(value)  # type: ignore[no-untyped-call]


def means(figures: dict[str, Tensor]) -> dict[str, Tensor]:
    """Scalars for the log, as they are over the whole batch."""
    if world() == 1 or not figures:
        return figures
    together = _averaged(
        torch.stack([figure.detach().float().cpu() for figure in figures.values()])
    )
    return dict(zip(figures, together, strict=True))


def average_gradients(parameters: Iterable[Tensor]) -> None:
    """Give every parameter the mean of all ranks' gradients."""
    slopes = [p.grad for p in parameters if p.grad is not None]
    if world() == 1 or not slopes:
        return
    together = _averaged(torch.cat([slope.flatten() for slope in slopes]))
    for slope, part in zip(slopes, together.split([s.numel() for s in slopes]), strict=True):
        slope.copy_(part.view(slope.shape))


def share_statistics(module: nn.Module) -> None:
    """Let batch norms take their statistics from the whole batch. (`nn.SyncBatchNorm` does so on
    GPUs only.)"""
    if world() > 1:
        for each in module.modules():
            if type(each) is nn.BatchNorm2d:
                each.__class__ = _SharedBatchNorm


class _SharedBatchNorm(nn.BatchNorm2d):
    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return super().forward(x)
        values = x.float()
        middle, square = mean(
            torch.stack([values.mean((0, 2, 3)), values.square().mean((0, 2, 3))])
        )
        spread = (square - middle.square()).clamp(min=0)
        count = world() * values[:, 0].numel()
        with torch.no_grad():
            assert self.momentum is not None
            self.num_batches_tracked.add_(1)  # type: ignore[union-attr]
            self.running_mean.lerp_(middle, self.momentum)  # type: ignore[union-attr]
            self.running_var.lerp_(spread * count / (count - 1), self.momentum)  # type: ignore[union-attr]
        scale = self.weight * (spread + self.eps).rsqrt()
        shift = self.bias - middle * scale
        return torch.addcmul(shift[:, None, None], values, scale[:, None, None]).to(x.dtype)


class _Mean(torch.autograd.Function):
    """With a loss that is the mean of all ranks' losses, the way back is the same as the way."""

    @staticmethod
    def forward(ctx: Any, value: Tensor) -> Tensor:  # noqa: ARG004
        return _averaged(value.clone())

    @staticmethod
    def backward(ctx: Any, *slopes: Tensor) -> Tensor:  # noqa: ARG004
        return _averaged(slopes[0].clone(memory_format=torch.contiguous_format))


def _averaged(value: Tensor) -> Tensor:
    """In place."""
    dist.all_reduce(value)
    return value.div_(world())
