from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from engines.common import device
from engines.common.seeding import generators
from engines.common.sheets import write_sheet
from engines.common.training import Average
from engines.common.transfer import Transfer, quantise
from engines.common.weights import read_weights, write_weights
from engines.vae_images.style import colour_transform, resized, unsharp
from studio.engine import DeviceError


def test_quantising_rounds_and_clamps():
    values = torch.tensor([-0.5, 0.0, 0.4999 / 255, 0.5001 / 255, 1.0, 7.0])
    picture = values.view(1, 1, 6).expand(3, 1, 6)
    pixels = quantise(picture)
    assert pixels.dtype == torch.uint8
    assert pixels.shape == (1, 6, 3)
    assert pixels[0, :, 0].tolist() == [0, 0, 0, 1, 255, 255]


def test_pixels_arrive_as_they_were_quantised():
    picture = quantise(torch.rand(3, 4, 5))
    pixels = Transfer(torch.device("cpu")).to_pixels(picture)
    assert pixels.flags.c_contiguous
    assert pixels.shape == (4, 5, 3)
    np.testing.assert_array_equal(pixels, picture)


def test_the_cpu_is_always_there():
    placement = device.place("cpu")
    assert placement.device.type == "cpu"
    assert str(placement) in ("CPU bf16", "CPU fp32")


def test_bf16_only_where_the_processor_multiplies_it(monkeypatch):
    monkeypatch.setattr(device, "cpu_has_bf16", lambda: False)
    plain = device.place("cpu")
    assert plain.dtype is torch.float32
    with plain.autocast():
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype is torch.float32


def test_a_device_that_is_not_there(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert device.place("auto").device.type == "cpu"
    for choice in ("cuda", "mps"):
        with pytest.raises(DeviceError, match=r"^This machine has no .*\.$"):
            device.place(choice)


def test_points_do_not_change_when_more_are_wanted():
    few, many = ([rng.random() for rng in generators(4, count)] for count in (2, 6))
    assert few == many[:2]
    assert len(set(many)) == 6


def test_an_average_follows_weights_and_buffers():
    norm = nn.BatchNorm1d(2)
    average = Average(norm, 0.9)
    with torch.no_grad():
        norm.weight.fill_(5)
        norm.running_mean.fill_(3)
    norm.num_batches_tracked.fill_(7)
    for step in range(200):
        average.update(norm, step)
    torch.testing.assert_close(average.module.weight, torch.full((2,), 5.0))
    torch.testing.assert_close(average.module.running_mean, torch.full((2,), 3.0))
    assert average.module.num_batches_tracked == 7


def test_grey_stays_grey_however_the_hue_turns():
    for hue in (-120.0, 33.0, 180.0):
        matrix, offset = colour_transform(hue, 1.7, 1.0)
        torch.testing.assert_close(matrix @ torch.full((3,), 0.4) + offset, torch.full((3,), 0.4))


def test_a_full_turn_of_the_hue_is_none():
    matrix, _ = colour_transform(360.0, 1.0, 1.0)
    torch.testing.assert_close(matrix, torch.eye(3), atol=1e-4, rtol=0)


def test_sharpening_leaves_flats_alone_and_steepens_edges():
    flat = torch.full((1, 3, 8, 8), 0.3)
    torch.testing.assert_close(unsharp(flat, 1.0), flat)
    edge = torch.zeros(1, 3, 8, 8)
    edge[..., 4:] = 1
    assert float(unsharp(edge, 1.0).max()) > 1


def test_resizing_keeps_a_flat_picture_flat():
    for size_px in (7, 40):
        flat = resized(torch.full((1, 3, 16, 16), 0.6), size_px)
        torch.testing.assert_close(flat, torch.full((1, 3, size_px, size_px), 0.6))


def test_a_sheet_is_a_picture(tmp_path):
    from PIL import Image

    write_sheet(torch.rand(7, 3, 4, 4), 3, tmp_path / "sheet.png")
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.size == (12, 8)  # the incomplete third row is left out


def test_large_matrices_keep_eight_bits_of_the_largest_of_each_row(tmp_path):
    large = torch.randn(64, 16, 3, 3) * torch.logspace(-3, 2, 64).view(-1, 1, 1, 1)
    large[5] = 0
    tensors = {"net.large": large, "net.small": torch.randn(9, 9), "net.bias": torch.randn(64)}
    write_weights(tmp_path / "w", tensors | {"else": large.clone()}, {"kind": "x"}, "net.")
    read, about = read_weights(tmp_path / "w")
    assert about == {"kind": "x"}
    steps = large.abs().amax((1, 2, 3)) / 127
    assert bool(((read["net.large"] - large).abs().amax((1, 2, 3)) <= steps * 0.501).all())
    torch.testing.assert_close(read["net.bias"], tensors["net.bias"], rtol=0, atol=0)
    for name in ("net.small", "else"):
        torch.testing.assert_close(
            read[name], (tensors | {"else": large})[name], rtol=1e-3, atol=1e-6
        )
    written = (tmp_path / "w").read_bytes()
    write_weights(tmp_path / "w", read, about, "net.")
    assert (tmp_path / "w").read_bytes() == written, "nothing is lost when it is written again"
