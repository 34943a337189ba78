"""A network at work as one call that holds no Python lock.

A module's forward pass is dozens of small calls from Python, and each has to take Python's global
lock again while the window's thread is painting and handling the hand. Traced and frozen, the
whole pass is a single call during which the lock is free. On two cores, one thread, portraits:
152 -> 188 decodes a second alone, 69 -> 151 beside a thread that runs Python half of the time.

On a CPU the weights of convolutions are laid out once as oneDNN wants them, which it would else do
at every call: half of the time of 224 channels on 8 x 8 (bf16, AMX). The sums and their order stay,
and so does every bit of a picture.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

_WIDE = 1024
"""Rows from which a linear layer in bf16 is quicker as a convolution of one pixel: 243 -> 165 us
for 96 to 14,336."""

_GIVEN = "%x, %weight, %bias, %padding, %stride, %dilation, %groups"
_TRACED = f"""graph({_GIVEN}):
  %y = aten::mkldnn_convolution({_GIVEN})
  return (%y)"""
_CHANNELS_LAST = f"""graph({_GIVEN}):
  %no : str = prim::Constant[value="none"]()
  %any : str = prim::Constant[value=""]()
  %scalars : Scalar?[] = prim::ListConstruct()
  %y = mkldnn::_convolution_pointwise({_GIVEN}, %no, %scalars, %any)
  return (%y)"""
"""The one that can be traced turns pictures to channels-first by itself; the other takes an empty
list, which the tracer cannot write down."""


def frozen(module: nn.Module, *examples: Tensor) -> Callable[..., Any]:
    """`module`, from now on in eval mode and without gradients, as a function of tensors like the
    `examples`: their dtype and device, and their shape but for the first axis.

    The graph is fixed as traced: the forward pass must not depend on its input's values.
    """
    module.eval().requires_grad_(False)  # its weights become constants of the graph
    packing = _Packing(module)
    with torch.inference_mode():
        with packing:
            module(*examples)
        packed = packing.weights

        def call(*given: Tensor) -> Any:
            packing.weights = given[len(examples) :]
            with packing:
                return module(*given[: len(examples)])

        graph = _traced(call, (*examples, *packed))
        forward: Callable[..., Any] = torch._C._create_function_from_graph("forward", graph)
        for _ in range(3):  # the executor specialises the graph within its first runs
            forward(*examples, *packed)
    return _held(forward, packed) if packed else forward


def _held(forward: Callable[..., Any], packed: tuple[Tensor, ...]) -> Callable[..., Any]:
    """`forward` with `packed` behind what it is given.

    The list in C++ is a second owner of each. A tensor that Python alone owns counts its owners
    under Python's lock whenever C++ takes it in hand: fifteen times a picture, each a wait for the
    window's thread while it paints (in a drag 4.9 ms a picture of 3.6 ms of work; with it 3.8).
    """
    owner = torch._C.ScriptList(list(packed))

    def run(*given: Tensor, _owner: object = owner) -> Any:
        return forward(*given, *packed)

    return run


class _Packing(TorchFunctionMode):
    """While it is on, a module's convolutions by its own weights use them in oneDNN's layout.

    Such weights cannot be constants of a graph: they go into it beside the examples.
    """

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        own = [t for t in (*module.parameters(), *module.buffers()) if _is_for_onednn(t)]
        self._kernels = {id(t) for t in own if t.dim() == 4}
        self._matrices = {
            id(t) for t in own if t.dim() == 2 and t.dtype == torch.bfloat16 and t.shape[0] >= _WIDE
        }
        self._places: dict[int, int] = {}
        self.weights: tuple[Tensor, ...] = ()
        """Laid out as they are met for the first time."""

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        if not kwargs and func is torch.conv2d and len(args) == 7 and id(args[1]) in self._kernels:
            return self._convolved(*args)
        if not kwargs and func is nn.functional.linear and id(args[1]) in self._matrices:
            x, weight, bias = args
            y = self._convolved(x[..., None, None], weight, bias, (1, 1), (0, 0), (1, 1), 1)
            return y.flatten(1)
        return func(*args, **(kwargs or {}))

    def _convolved(
        self,
        x: Tensor,
        weight: Tensor,
        bias: Tensor | None,
        stride: tuple[int, ...],
        padding: tuple[int, ...],
        dilation: tuple[int, ...],
        groups: int,
    ) -> Tensor:
        if id(weight) not in self._places:
            self._places[id(weight)] = len(self.weights)
            plain = weight if weight.dim() == 4 else weight[..., None, None]
            packed = torch._C._nn.mkldnn_reorder_conv2d_weight(  # type: ignore[call-arg]
                plain.to_mkldnn(), [*padding], [*stride], [*dilation], groups, [*x.shape]
            )
            self.weights = (*self.weights, packed)
        packed = self.weights[self._places[id(weight)]]
        return torch.mkldnn_convolution(x, packed, bias, padding, stride, dilation, groups)


def _is_for_onednn(tensor: Tensor) -> bool:
    return (
        tensor.device.type == "cpu"
        and tensor.dtype in (torch.bfloat16, torch.float32)
        and torch.backends.mkldnn.is_available()
    )


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
    torch._C._jit_pass_custom_pattern_based_rewrite_graph(_TRACED, _CHANNELS_LAST, graph)
    return graph
