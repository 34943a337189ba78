"""The question whether every system has wheels, with a stand-in for uv: no network."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from installers import wheels

LACKING = "cause: Because av==18.1.0 has no usable wheels and latent-loom depends on av==18.1.0"
pytestmark = pytest.mark.skipif(os.name != "posix", reason="the stand-in is a shell script")


def stand_in(folder: Path, script: str) -> str:
    uv = folder / "uv"
    uv.write_text(f"#!/bin/sh\n{script}\n")
    uv.chmod(0o755)
    return str(uv)


def test_the_pythons_are_those_of_pyproject_and_the_next_one() -> None:
    assert wheels.pythons() == ["3.11", "3.12", "3.13", "3.14", "3.15"]


def test_a_cell_names_the_package_and_the_system_that_lacks_it(tmp_path: Path) -> None:
    everywhere = stand_in(tmp_path, f"echo '{LACKING}' >&2; exit 1")
    assert wheels.cell(everywhere, "", "3.15") == "av lacks"
    on_macs = f'case "$*" in *macos*) echo "{LACKING}" >&2; exit 1;; esac'
    assert wheels.cell(stand_in(tmp_path, on_macs), "train", "3.11") == "macOS: av lacks"
    assert wheels.cell(stand_in(tmp_path, "exit 0"), "", "3.11") == "all"


def test_what_uv_says_otherwise_is_passed_on(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no network"):
        wheels.cell(stand_in(tmp_path, "echo no network >&2; exit 2"), "", "3.11")
