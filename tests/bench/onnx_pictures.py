"""`latentloom bench onnx_pictures`: other people's decoders, beside the same ones in torch.

A DCGAN of 64 px as its paper has it, and one of 256 px, with weights of chance: exported, taken in
as a file from a stranger is, and drawn with by the engine, from a point to pixels; in alternating
rounds with the same network in torch, as a newcomer would call it and traced and frozen as our own
engines have theirs. All on the threads that the instrument grants beside a window.
"""

from __future__ import annotations

import statistics
import warnings
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
import torch
from torch import Tensor, nn

from engines.common.frozen import frozen
from engines.onnx_pictures.engine import OnnxEngine
from engines.onnx_pictures.spec import model_of
from engines.onnx_pictures.taking_in import take_in
from studio.commands.report import Row
from studio.engine import Job, Latent, Resources, thread_budget

LATENT = 100
WIDTHS = {64: (512, 256, 128, 64), 256: (512, 256, 128, 64, 32, 16)}
"""Channels of each layer but the last."""
ROUNDS = 8

Draw = Callable[[Latent], object]


def run(seconds: float = 12.0) -> list[Row]:
    """Measure each of the six for a sixth of `seconds` in all, in turns."""
    threads = thread_budget(live=True)
    torch.set_num_threads(threads)
    rows = []
    with TemporaryDirectory() as folder:
        for size_px in WIDTHS:
            rows += _rows(size_px, Path(folder), seconds / 6 / ROUNDS, threads)
    return rows


def generator(size_px: int) -> nn.Sequential:
    """(B, 100, 1, 1) -> (B, 3, size_px, size_px) in -1..1."""
    torch.manual_seed(0)
    widths = WIDTHS[size_px]
    layers: list[nn.Module] = [nn.ConvTranspose2d(LATENT, widths[0], 4, 1, 0, bias=False)]
    for before, after in zip(widths, (*widths[1:], 3), strict=True):
        layers += [nn.BatchNorm2d(before), nn.ReLU()]
        layers += [nn.ConvTranspose2d(before, after, 4, 2, 1, bias=False)]
    return nn.Sequential(*layers, nn.Tanh()).eval().requires_grad_(False)


def _rows(size_px: int, folder: Path, seconds: float, threads: int) -> list[Row]:
    torch.set_num_threads(threads)
    network, example = generator(size_px), torch.zeros(1, LATENT, 1, 1)
    file = folder / f"dcgan{size_px}.onnx"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the export that needs no further package is the old one
        torch.onnx.export(network, (example,), file, dynamo=False, input_names=["z"])
    begun = perf_counter()
    take_in(file, file.with_suffix(".safetensors"))
    taken_s = perf_counter() - begun
    engine = OnnxEngine()
    model = model_of("dcgan", file.with_suffix(".safetensors"))
    engine.load(model, Resources(device="cpu", threads=threads))
    fast = frozen(generator(size_px), example)
    ways: dict[str, Draw] = {
        "onnx": lambda point: engine.render(Job(latent=point)),
        "torch": lambda point: _pixels(network, point),
        "torch_frozen": lambda point: _pixels(fast, point),
    }
    measured: dict[str, list[float]] = {name: [] for name in ways}
    with torch.inference_mode():
        for _ in range(ROUNDS):
            for name, draw in ways.items():
                measured[name].append(_per_second(draw, seconds))
    engine.close()
    note = f"DCGAN, {LATENT} numbers to {size_px} px; threads: {threads}"
    rates = {name: statistics.median(rounds) for name, rounds in measured.items()}
    return [
        Row(f"dcgan{size_px}_taken_in_s", taken_s, "s", note="tried in a process of its own"),
        *(
            Row(f"dcgan{size_px}_{name}_per_s", rate, "/s", note=note)
            for name, rate in rates.items()
        ),
        Row(f"dcgan{size_px}_onnx_over_torch", rates["onnx"] / rates["torch"], "x", note=note),
    ]


def _pixels(network: Callable[[Tensor], Tensor], point: Latent) -> object:
    drawn = network(torch.from_numpy(point)[None, :, None, None])[0]
    return ((drawn + 1) * 127.5).round().clamp(0, 255).byte().permute(1, 2, 0).contiguous().numpy()


def _per_second(draw: Draw, seconds: float) -> float:
    points = np.random.default_rng(0).standard_normal((16, LATENT), np.float32)
    draw(points[0])
    count, begun = 0, perf_counter()
    while perf_counter() - begun < seconds:
        draw(points[count % 16])
        count += 1
    return count / (perf_counter() - begun)
