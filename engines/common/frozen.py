"""A network at work as one call that holds no Python lock.

A module's forward pass is dozens of small calls from Python, and each has to take Python's global
lock again while the window's thread is painting and handling the hand. Traced and frozen, the
whole pass is a single call during which the lock is free. On two cores, one thread, portraits:
152 -> 188 decodes a second alone, 69 -> 151 beside a thread that runs Python half of the time.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn


def frozen(module: nn.Module, *examples: Tensor) -> Callable[..., Any]:
    """`module` in eval mode as a function of tensors like the `examples`: their dtype and device,
    and their shape but for the first axis.

    The graph is fixed as traced: the forward pass must not depend on its input's values.
    """
    with torch.inference_mode(), warnings.catch_warnings():
        # Deprecated in favour of torch.export, whose programs still run from Python, under the
        # lock, unless a C++ compiler is at hand; artists' laptops have none.
        warnings.simplefilter("ignore", DeprecationWarning)
        traced = torch.jit.trace(module.eval(), examples, check_trace=False)
        graph: Callable[..., Any] = torch.jit.freeze(traced)
        for _ in range(3):  # the executor specialises the graph within its first runs
            graph(*examples)
    return graph
