"""A StyleGAN2 or StyleGAN3 pickle as an ONNX file, without running anything that is in the pickle.

    git clone https://github.com/NVlabs/stylegan3
    PYTHONPATH=stylegan3 python stylegan_to_onnx.py network-snapshot.pkl mine.onnx

NVIDIA's pickles bring the source of their network along, and loading one runs it. This reads a
pickle with an unpickler that makes tensors, numbers, text, lists and dictionaries and refuses all
else; the network is built from the checkout above, and only its tensors come from the pickle.
It wants torch, numpy and onnx. See `other-peoples-decoders.md`.
"""

from __future__ import annotations

import argparse
import collections
import importlib
import io
import pickle
import sys
import types
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.func import functionalize
from torch.fx.experimental.proxy_tensor import make_fx


class Refused(Exception):  # noqa: N818 - it is a refusal
    """The pickle wants something that is no tensor and no plain value."""


class Plain(dict):  # type: ignore[type-arg]
    """In place of NVIDIA's `EasyDict`."""


class Network:
    """In place of a network: what was said of it. Its source is never looked at."""

    def __init__(self, said: dict[str, Any]) -> None:
        self.name = str(said["class_name"])
        self.state: dict[str, Any] = said["state"]

    def modules(self) -> dict[str, Network]:
        return {n: m for n, m in self.state["_modules"].items() if isinstance(m, Network)}

    def tensors(self, prefix: str = "") -> Iterator[tuple[str, Tensor]]:
        """Parameters and buffers, named as in a state dict."""
        for kind in ("_parameters", "_buffers"):
            for name, tensor in self.state[kind].items():
                if isinstance(tensor, Tensor):
                    yield prefix + name, tensor.detach()
        for name, module in self.modules().items():
            yield from module.tensors(f"{prefix}{name}.")


def _storage(data: bytes) -> Any:
    return torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)


_multiarray = np.zeros(0).__reduce__()[0]
ALLOWED: dict[tuple[str, str], Any] = {
    ("collections", "OrderedDict"): collections.OrderedDict,
    ("dnnlib.util", "EasyDict"): Plain,
    ("torch_utils.persistence", "_reconstruct_persistent_obj"): Network,
    ("torch._utils", "_rebuild_tensor_v2"): torch._utils._rebuild_tensor_v2,
    ("torch._utils", "_rebuild_parameter"): torch._utils._rebuild_parameter,
    ("torch.storage", "_load_from_bytes"): _storage,
    ("torch", "Size"): torch.Size,
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
}
for core in ("numpy.core.multiarray", "numpy._core.multiarray"):
    ALLOWED[core, "_reconstruct"] = _multiarray
    ALLOWED[core, "scalar"] = np.float64(0).__reduce__()[0]


class TensorsOnly(pickle.Unpickler):
    """Makes what is `ALLOWED` and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in ALLOWED:
            raise Refused(f"The pickle wants {module}.{name}, which is no tensor: not converted.")
        return ALLOWED[module, name]

    def persistent_load(self, pid: Any) -> Any:
        raise Refused(f"The pickle wants something from outside ({pid}): not converted.")


def read(pickled: bytes) -> Network:
    """The generator whose weights were averaged (`G_ema`), as what is said of it."""
    found = TensorsOnly(io.BytesIO(pickled)).load()
    generator = found.get("G_ema") if isinstance(found, dict) else None
    if not isinstance(generator, Network):
        raise Refused("The pickle has no G_ema: not a StyleGAN2-ADA or StyleGAN3 pickle.")
    return generator


def _lend_pkg_resources() -> None:
    """The checkout asks it for one function; today's setuptools has it no more."""
    try:
        importlib.import_module("pkg_resources")
    except ImportError:
        lent = types.ModuleType("pkg_resources")
        lent.parse_version = importlib.import_module("packaging.version").parse  # type: ignore[attr-defined]
        sys.modules["pkg_resources"] = lent


def built(said: Network) -> nn.Module:
    """The network, from the classes of the checkout, with the tensors of the pickle."""
    kwargs = dict(said.state["_init_kwargs"])
    kwargs |= kwargs.pop("synthesis_kwargs", {})  # StyleGAN2-ADA had them in a dictionary
    version = 3 if "input" in said.modules()["synthesis"].modules() else 2
    _lend_pkg_resources()
    networks = importlib.import_module(f"training.networks_stylegan{version}")
    generator = networks.Generator(*said.state["_init_args"], **kwargs)
    tensors = dict(said.tensors())
    missing = generator.load_state_dict(tensors, strict=False)
    if missing.missing_keys or missing.unexpected_keys:
        raise Refused(f"The tensors do not fit StyleGAN{version}: {missing}.")
    return generator.eval().requires_grad_(False).float()  # type: ignore[no-any-return]


class Decoder(nn.Module):
    """z, a class as one number of many, and a truncation: a picture in -1..1, with noise that is
    always the same."""

    def __init__(self, generator: Any) -> None:
        super().__init__()
        self.generator = generator

    def forward(self, z: Tensor, truncation_psi: Tensor, label: Tensor | None = None) -> Tensor:
        generator = self.generator
        w = generator.mapping(z, label)
        w = generator.mapping.w_avg + truncation_psi * (w - generator.mapping.w_avg)
        picture: Tensor = generator.synthesis(w, noise_mode="const", force_fp32=True)
        return picture.clamp(-1, 1)


def inputs_of(generator: Any) -> dict[str, Tensor]:
    """An example of each input."""
    given = {"z": torch.randn(1, generator.z_dim), "truncation_psi": torch.tensor(0.7)}
    if generator.c_dim:
        given["label"] = torch.eye(generator.c_dim)[:1]
    return given


def _traced(decoder: nn.Module, *given: Tensor) -> nn.Module:
    """With all shapes as numbers, for the exporter wants to know each kernel's; with nothing that
    is written in place, which it would leave out; and without what it does not know."""
    aten = torch.ops.aten
    unknown = (aten.affine_grid_generator, aten._unsafe_view, aten.select_scatter)
    simpler = torch._decomp.get_decompositions([*unknown, aten.slice_scatter])
    simpler[aten.copy.default] = lambda to, what, _=False: what.to(to.dtype).expand(to.shape)
    traced = make_fx(functionalize(lambda *each: decoder(*each)), simpler)(*given)
    for node in traced.graph.nodes:
        if node.target is aten.lift_fresh_copy.default:
            node.target = aten.clone.default
    traced.recompile()
    return traced


def write(generator: nn.Module, file: Path) -> None:
    """The decoder as one ONNX file."""
    given = inputs_of(generator)
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # the exporter that needs no further package is the old one
        torch.onnx.export(
            _traced(Decoder(generator).eval(), *given.values()),
            tuple(given.values()),
            file,
            dynamo=False,
            opset_version=20,
            input_names=list(given),
            output_names=["picture"],
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pickle", type=Path)
    parser.add_argument("onnx", type=Path)
    asked = parser.parse_args()
    write(built(read(asked.pickle.read_bytes())), asked.onnx)
