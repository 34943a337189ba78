"""The decoder in ONNX Runtime (MIT), for `latentloom bench pictures`: `pip install
latent-loom[peers]`. OpenVINO is a device of ours, see `engines.common.openvino_graph`."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import torch

from engines.common import onnx_runtime
from engines.common.device import Placement
from engines.vae_images import shipped
from engines.vae_images.drawing import Drawing, Quantised
from engines.vae_images.model import fold_norms
from engines.vae_images.spec import SPEC
from studio.engine import Latent, Pixels

_INPUT, _OPSET = "point", 17


def onnxruntime(model: str) -> Callable[[Latent], Pixels]:
    """White points (L,) -> pixels, in fp32: it has no bf16 on CPUs. Raises ImportError."""
    ort = onnx_runtime.runtime()
    options = ort.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = torch.get_num_threads(), 1
    session = ort.InferenceSession(_onnx(model), options, providers=["CPUExecutionProvider"])
    return lambda point: session.run(None, {_INPUT: point[None]})[0]


def _onnx(model: str) -> bytes:
    """The whole way from a white point to pixels (S, S, 3) uint8, as an ONNX file."""
    import onnx  # noqa: F401 - the export below needs it and says so less plainly

    vae, space = shipped.read(SPEC.model(model).weights)
    fold_norms(vae)
    plain = Placement(torch.device("cpu"), torch.float32, torch.contiguous_format)
    drawing = Quantised(Drawing(vae.decoder, space, plain)).eval()
    with warnings.catch_warnings(), torch.no_grad(), TemporaryDirectory() as folder:
        file = Path(folder) / "decoder.onnx"
        warnings.simplefilter("ignore")  # the export that needs no further package is the old one
        torch.onnx.export(
            drawing,
            (torch.zeros(1, space.centre.size),),
            file,
            dynamo=False,
            opset_version=_OPSET,
            input_names=[_INPUT],
        )
        return file.read_bytes()
