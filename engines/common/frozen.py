"""A network at work as one call that holds no Python lock.

A module's forward pass is dozens of small calls from Python, and each has to take Python's global
lock again while the window's thread is painting and handling the hand. Traced and frozen, the
whole pass is a single call during which the lock is free. On two cores, one thread, portraits:
152 -> 188 decodes a second alone, 69 -> 151 beside a thread that runs Python half of the time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn


def frozen(module: nn.Module, *examples: Tensor) -> Callable[..., Any]:
    """`module`, from now on in eval mode and without gradients, as a function of tensors like the
    `examples`: their dtype and device, and their shape but for the first axis.

    The graph is fixed as traced: the forward pass must not depend on its input's values.
    """
    module.eval().requires_grad_(False)  # its weights become constants of the graph
    with torch.inference_mode():
        graph = _traced(lambda *given: module(*given), examples)
        run: Callable[..., Any] = torch._C._create_function_from_graph("forward", graph)
        for _ in range(3):  # the executor specialises the graph within its first runs
            run(*examples)
    return run


def _traced(call: Callable[..., Any], examples: tuple[Tensor, ...]) -> Any:
    """The graph of a call, with the weights in it as constants.

    Not by `torch.jit.trace` and `freeze`: torch never lets go of the class that they make for a
    module, nor of the weights in its graph, 30 MB for each load of the portraits. And not by
    `torch.export`, whose programs run from Python, under the lock, unless a C++ compiler is at
    hand; artists' laptops have none.
    """
    names = [f"input{index}" for index in range(len(examples))]
    no_name = lambda _: ""  # noqa: E731
    graph, *_ = torch._C._create_graph_by_tracing(call, examples, no_name, True, False, None, names)
    torch._C._jit_pass_erase_shape_information(graph)
    torch._C._jit_pass_constant_propagation(graph)
    torch._C._jit_pass_optimize_frozen_graph(graph, True)
    return graph
