"""A network at work as one call that holds no Python lock.

A module's forward pass is dozens of small calls from Python, and each has to take Python's global
lock again while the window's thread is painting and handling the hand. Traced and frozen, the
whole pass is a single call during which the lock is free. On two cores, one thread, portraits:
152 -> 188 decodes a second alone, 69 -> 151 beside a thread that runs Python half of the time.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

import torch
from torch import Tensor, nn


def frozen(module: nn.Module, example: Tensor) -> Callable[[Tensor], Tensor]:
    """`module` in eval mode as a function of one tensor of `example`'s shape, dtype and device.

    The graph is fixed as traced: the forward pass must not depend on its input's values.
    """
    with torch.inference_mode(), warnings.catch_warnings():
        # Deprecated in favour of torch.export, whose programs still run from Python, under the
        # lock, unless a C++ compiler is at hand; artists' laptops have none.
        warnings.simplefilter("ignore", DeprecationWarning)
        traced = torch.jit.trace(module.eval(), example, check_trace=False)
        graph: Callable[[Tensor], Tensor] = torch.jit.freeze(traced)
        for _ in range(3):  # the executor specialises the graph within its first runs
            graph(example)
    return graph
