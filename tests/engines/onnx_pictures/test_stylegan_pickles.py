"""The script in the docs makes tensors and plain values of a stranger's pickle, and runs nothing.

What it does with them wants NVIDIA's sources, which are not here: the docs say how it was tried.
"""

from __future__ import annotations

import importlib.util
import pickle
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.witness import ROOT


def script() -> Any:
    spec = importlib.util.spec_from_file_location("converter", ROOT / "docs/stylegan_to_onnx.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Persistent:
    """Pickled as NVIDIA's networks are: with its source, by a function of theirs."""

    def __init__(self, name: str, **state: Any) -> None:
        kinds = {"_parameters": {}, "_buffers": {}, "_modules": {}}
        self.said = {"type": "class", "class_name": name, "state": {**kinds, **state}}

    def __reduce__(self) -> Any:
        source = "raise SystemExit('the source was run')"
        rebuild = sys.modules["torch_utils.persistence"]._reconstruct_persistent_obj
        return rebuild, ({**self.said, "module_src": source},)


@pytest.fixture
def theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A module of that name, for pickling."""
    module = types.ModuleType("torch_utils.persistence")

    def rebuild(meta: Any) -> None:
        raise AssertionError

    rebuild.__module__, rebuild.__qualname__ = module.__name__, "_reconstruct_persistent_obj"
    monkeypatch.setattr(module, "_reconstruct_persistent_obj", rebuild, raising=False)
    monkeypatch.setitem(sys.modules, "torch_utils", types.ModuleType("torch_utils"))
    monkeypatch.setitem(sys.modules, "torch_utils.persistence", module)


@pytest.mark.usefixtures("theirs")
def test_the_tensors_are_read_and_the_source_is_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    weight, average = torch.nn.Parameter(torch.ones(2, 3)), torch.arange(3.0)
    layer = Persistent("Layer", _parameters={"weight": weight}, scale=np.float64(2))
    generator = Persistent(
        "Generator",
        _buffers={"w_avg": average, "nothing": None},
        _modules={"layer": layer},
        _init_args=(),
        _init_kwargs={"z_dim": 3, "size": torch.Size([2])},
    )
    pickled = pickle.dumps({"G": None, "G_ema": generator})
    found = script().read(pickled)
    read = dict(found.tensors())
    assert read.keys() == {"w_avg", "layer.weight"}
    assert torch.equal(read["layer.weight"], weight)
    assert torch.equal(read["w_avg"], average)
    assert found.state["_init_kwargs"]["z_dim"] == 3


class Runs:
    """Runs a program where it is unpickled."""

    def __init__(self, *words: str) -> None:
        self.words = words

    def __reduce__(self) -> Any:
        return subprocess.check_call, (list(self.words),)


def test_whatever_else_a_pickle_wants_is_refused(tmp_path: Path) -> None:
    converter, told = script(), tmp_path / "told"
    bad = Runs(sys.executable, "-c", f"open({str(told)!r}, 'w')")
    storage = torch.storage._load_from_bytes  # NVIDIA's pickles hold tensors by this
    inner = type("Inner", (), {"__reduce__": lambda _: (storage, (pickle.dumps(bad, 2),))})
    for pickled in (pickle.dumps(bad), pickle.dumps({"G_ema": inner()})):
        with pytest.raises((converter.Refused, pickle.UnpicklingError)):
            converter.read(pickled)
    with pytest.raises(converter.Refused, match="no G_ema"):
        converter.read(pickle.dumps({"G": 1}))
    assert not told.exists()
