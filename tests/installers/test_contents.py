"""What is in the wheel and in the packaged program, by what pyproject.toml declares."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from installers import contents
from studio.engine.registry import find_engines
from tests.witness import ROOT

DATA = frozenset(contents.package_data())
PACKAGES = ("studio", "ui", "engines", "presets")


@pytest.mark.skipif(not shutil.which("git"), reason="git lists the files")
def test_every_file_that_is_no_code_is_in_the_wheel() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", *PACKAGES], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("this is no checkout")
    kept = {ROOT / name for name in listed.stdout.split("\0") if name}
    outside = {file for file in kept if file.suffix != ".py" and file.is_file()} - DATA
    assert not outside, "pyproject.toml's package-data leaves them out"


def test_weights_presets_fonts_and_sounds_are_in_both() -> None:
    program = set(contents.program_data())
    weights = {model.weights for spec in find_engines().specs for model in spec.models}
    needed = {*weights, *(ROOT / "presets").glob("*.json"), ROOT / "studio/audio/font/folk.sf3"}
    needed.update((ROOT / "ui/fonts").glob("*.ttf"))
    assert len(needed) > 30
    assert needed <= DATA
    assert needed <= program


def test_the_program_has_no_material_of_trainings_but_its_credits() -> None:
    left = DATA - set(contents.program_data())
    assert left
    assert all("data" in file.parts or "recipes" in file.parts for file in left)
    assert not any(file.name == "CREDITS.md" for file in left)


def test_what_plays_reads_nothing_of_that_material() -> None:
    learning = {"training", "evaluation", "corpus", "data_sets"}
    playing = [f for f in (ROOT / "engines").glob("**/*.py") if not learning & set(f.parts)]
    assert not [f for f in playing if '/ "data"' in f.read_text(encoding="utf-8")]


@pytest.mark.slow
def test_the_engines_and_the_window_load_without_what_is_left_out() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.installers.without_what_is_left_out"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    *engines, window = done.stdout.split()
    assert len(engines) == len(find_engines().specs)
    assert window == "ui.app"


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("torch/lib/libtorch_cpu.so", True),
        ("torch/lib/libtorchbind_test.so", False),
        ("torch/include/ATen/ATen.h", False),
        ("torch/bin/protoc", False),
        ("torch/optim/adam.py", False),
        ("torch/optim/adam.pyc", True),
        ("torch/compiler/config.py", True),  # torch reads it when imported
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6\\plugins\\platforms\\qwindows.dll", True),
        ("PySide6/Qt/lib/libQt6Quick3D.so.6", False),
        ("PySide6/Qt/lib/libQt6Widgets.so.6", True),
        ("PySide6/Qt/translations/qt_de.qm", False),
        ("libasound.so.2", False),
        ("ui/icons/check.svg", True),
    ],
)
def test_what_stays_out_of_the_program(name: str, wanted: bool) -> None:
    assert contents.is_wanted(name) is wanted


def test_what_is_compiled_lies_where_python_finds_it() -> None:
    found = {"torch/nn/functional.py", "torch/nn/functional.pyc", "torch/optim/adam.pyc"}
    where = {contents.place(name, found) for name in found}
    read = f"torch/nn/__pycache__/functional.{sys.implementation.cache_tag}.pyc"
    assert where == {"torch/nn/functional.py", read, "torch/optim/adam.pyc"}


def test_a_desktop_path_with_odd_letters_survives_the_install_script(tmp_path: Path) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("for Linux desktops")
    from installers.build import furnish

    folder = tmp_path / "my & odd | 100% $loom"
    folder.mkdir()
    furnish(folder)
    home = tmp_path / "home"
    environ = {"HOME": str(home), "PATH": "/usr/bin:/bin", "XDG_DATA_HOME": str(home / "share")}
    script = ["sh", str(folder / "install.sh")]
    if (
        is_root := subprocess.run(["id", "-u"], capture_output=True, text=True).stdout.strip()
    ) == "0":
        fake = tmp_path / "bin"
        fake.mkdir()
        (fake / "id").write_text("#!/bin/sh\necho 1000\n")
        (fake / "id").chmod(0o755)
        environ["PATH"] = f"{fake}:{environ['PATH']}"
    assert is_root
    subprocess.run(script, env=environ, check=True, capture_output=True)
    entry = home / "share/applications/latentloom.desktop"
    written = str(folder / "latentloom").replace("$", "\\\\$").replace("%", "%%")
    assert f'Exec="{written}" %F\n' in entry.read_text("utf-8")
    assert (home / "share/mime/packages/latentloom.xml").is_file()
    assert (home / ".local/bin/latentloom").is_symlink()
    subprocess.run([*script, "--remove"], env=environ, check=True, capture_output=True)
    assert not entry.exists()
