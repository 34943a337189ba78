"""OpenVINO draws what torch draws, and where it is missing a sentence says how to get it."""

from __future__ import annotations

import sys

import pytest
import torch
from torch import nn

from engines.common.device import place
from engines.common.frozen import frozen
from studio.engine import DeviceError


def _network() -> nn.Module:
    torch.manual_seed(1)
    return nn.Sequential(
        nn.Linear(4, 8 * 4 * 4), nn.Unflatten(1, (8, 4, 4)), nn.SiLU(), nn.Conv2d(8, 3, 3)
    )


def test_without_it_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)
    with pytest.raises(DeviceError, match=r"pip install 'latent-loom\[openvino\]'"):
        place("openvino")


def test_it_draws_what_torch_draws_and_keeps_what_it_has_drawn() -> None:
    pytest.importorskip("openvino")
    placement = place("openvino")
    network, points = _network(), torch.randn(2, 1, 4)
    drawn = placement.graph(network, points[0])
    first, second = drawn(points[0]), drawn(points[1])
    assert str(placement).startswith("OpenVINO")
    for point, picture in zip(points, (first, second), strict=True):
        assert torch.allclose(picture, frozen(network, point)(point), atol=0.02)
