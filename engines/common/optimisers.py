"""torch's optimisers, without the compiler that they would bring along.

The first optimiser of a process and its first step import `torch._dynamo` with sympy, to keep it
from compiling them: 3.5 s of a core, in which Python's lock is held and a window beside it stands
still. Nothing here is compiled, so its methods are told at once that they stay as they are. Where
torch does this in another way, the import comes back and nothing else.
"""

from __future__ import annotations

import inspect
from typing import TypeVar

import torch
from torch.optim import LBFGS, Optimizer

__all__ = ["LBFGS", "Adam", "AdamW", "Optimizer"]

_KNOWN = "__dynamo_disable"
"""Where `torch._compile` keeps what it calls in place of a method."""

for _method in vars(Optimizer).values():
    _plain = getattr(_method, "__wrapped__", None)
    if _plain is not None and not hasattr(_plain, _KNOWN):
        setattr(_plain, _KNOWN, _plain)

_O = TypeVar("_O", bound=Optimizer)


def _uncompiled(kind: type[_O]) -> type[_O]:
    """`kind`, whose step says nothing to the compiler."""
    return type(kind.__name__, (kind,), {"step": torch.no_grad()(inspect.unwrap(kind.step))})


Adam = _uncompiled(torch.optim.Adam)
AdamW = _uncompiled(torch.optim.AdamW)
