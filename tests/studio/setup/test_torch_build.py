"""Which build of PyTorch a machine gets."""

from __future__ import annotations

import pytest

from studio.setup import torch_build


@pytest.mark.parametrize(
    ("words", "environ", "card", "build"),
    [
        ([], {}, False, "cpu"),
        ([], {}, True, "cuda"),
        (["play", "--device", "cpu"], {}, True, "cpu"),
        (["--device=cuda"], {}, False, "cuda"),
        ([], {"LATENTLOOM_DEVICE": "cpu"}, True, "cpu"),
        (["--device", "auto"], {"LATENTLOOM_DEVICE": "cuda"}, False, "cpu"),
        (["--device"], {}, False, "cpu"),
    ],
)
def test_the_option_the_environment_and_the_machine_decide(
    words: list[str],
    environ: dict[str, str],
    card: bool,
    build: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(torch_build, "has_nvidia", lambda: card)
    assert torch_build.wanted(words, environ) == build


def test_what_the_ordinary_index_has_is_taken_from_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(torch_build, "ordinary", lambda: "cuda")
    assert torch_build.source("cuda", "2.13.0") == []
    assert torch_build.source("cpu", "2.13.0")[-1] == "torch==2.13.0+cpu"
