"""start.py: which Python, which words, what it says; nothing is installed here."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import start
from studio.setup import install, system

ROOT = Path(__file__).resolve().parent.parent
BEFORE_THE_INSTALL = [
    "start.py",
    "studio/__init__.py",
    "studio/setup/__init__.py",
    "studio/setup/system.py",
    "studio/setup/install.py",
    "studio/setup/pip_output.py",
    "studio/setup/torch_build.py",
]


@pytest.mark.parametrize("name", BEFORE_THE_INSTALL)
def test_what_runs_before_the_install_imports_the_standard_library_only(name: str) -> None:
    tree = ast.parse((ROOT / name).read_text())
    modules = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    modules |= {str(n.module) for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    strangers = {m for m in modules if m.split(".")[0] not in sys.stdlib_module_names}
    assert strangers <= {"studio", "studio.setup", "studio.setup.system"}


def test_an_old_python_can_read_start_py() -> None:
    ast.parse((ROOT / "start.py").read_text(), feature_version=(3, 8))


def test_the_bounds_are_those_of_pyproject() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["project"]["requires-python"] == ">=3.11,<3.15"
    assert [start.OLDEST, start.TOO_NEW] == [(3, 11), (3, 15)]
    found = project["tool"]["setuptools"]["packages"]["find"]["include"]
    assert {name for name in found if "*" not in name} == set(install.PACKAGES)


def test_every_direct_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = [text for extra in project["optional-dependencies"].values() for text in extra]
    wanted = [*project["dependencies"], *extras, *install.BARE]
    names = {re.match(r"[\w.-]+", text).group() for text in wanted}  # type: ignore[union-attr]
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    assert names - {"latent-loom"} == {line.split("==")[0] for line in lines if "==" in line}


# --- which interpreter ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "fits"),
    [((3, 8), False), ((3, 10), False), ((3, 11), True), ((3, 14), True), ((3, 15), False)],
)
def test_fits(version: tuple[int, int], fits: bool) -> None:
    assert start.fits(version) is fits


posix = pytest.mark.skipif(os.name != "posix", reason="the stand-ins are shell scripts")


def fake_python(folder: Path, name: str, code: int) -> str:
    """A program that ends with `code` whatever it is asked."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\nexit {code}\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def bin_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with one empty folder, and a checkout without .venv."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(start, "ROOT", tmp_path)
    return tmp_path / "bin"


@posix
def test_the_newest_fitting_python_on_the_path_is_taken(bin_only: Path) -> None:
    eleven = fake_python(bin_only, "python3.11", 0)
    assert start.fitting_python() == [eleven]
    twelve = fake_python(bin_only, "python3.12", 0)
    assert start.fitting_python() == [twelve]


@posix
def test_a_name_on_the_path_that_does_not_run_is_passed_over(bin_only: Path) -> None:
    fake_python(bin_only, "python3.12", 127)
    eleven = fake_python(bin_only, "python3.11", 0)
    assert start.fitting_python() == [eleven]


@posix
def test_the_python_of_the_project_comes_first(bin_only: Path, tmp_path: Path) -> None:
    fake_python(bin_only, "python3.12", 0)
    own = fake_python(tmp_path / ".venv" / "bin", "python", 0)
    assert start.fitting_python() == [own]


@posix
def test_the_launcher_of_windows_is_asked_for_a_version(bin_only: Path) -> None:
    launcher = fake_python(bin_only, "py", 0)
    assert start.fitting_python() == [launcher, "-3.14"]


def test_without_a_fitting_python_one_sentence_says_which(
    bin_only: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(start, "fits", lambda version: False)
    assert start.main([]) == 1
    said = capsys.readouterr().err
    assert "needs Python 3.11 to 3.14" in said
    assert "install one of them" in said
    assert said.count("\n") == 1


def test_this_python_is_fitting_by_its_own_word() -> None:
    assert start.is_fitting([sys.executable])
    assert not start.is_fitting([str(ROOT / "no-such-python")])


# --- which words ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "plays"),
    [
        ([], True),
        (["play"], True),
        (["--engine", "vae_images"], True),
        (["--help"], False),
        (["play", "--help"], False),
        (["--version"], False),
        (["render", "--seed", "7"], False),
        (["doctor"], False),
    ],
)
def test_plays(words: list[str], plays: bool) -> None:
    assert start.plays(words) is plays


class Stage:
    """Everything around start.py: what was looked for, installed and launched."""

    def __init__(self) -> None:
        self.lacking: tuple[system.Need, ...] = ()
        self.machine = system.Machine("apt-get", is_root=False)
        self.ready = True
        self.has_venv = True
        self.installed: list[str] = []
        self.launched: list[list[str]] = []

    def launch(self, command: list[str]) -> int:
        self.launched.append(command)
        return 0

    @property
    def words(self) -> list[str]:
        """What was launched, less the interpreter."""
        (command,) = self.launched
        return command[1:]


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    stage = Stage()
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(start, "launch", stage.launch)
    monkeypatch.setattr(
        system, "missing", lambda needs: tuple(n for n in needs if n in stage.lacking)
    )
    monkeypatch.setattr(system, "this_machine", lambda: stage.machine)
    monkeypatch.setattr(install, "can_make_venv", lambda: stage.has_venv)
    monkeypatch.setattr(install.Install, "ready", lambda self, extra: stage.ready)
    monkeypatch.setattr(install.Install, "is_made", lambda self: False)
    monkeypatch.setattr(
        install.Install, "ensure", lambda self, extra: stage.installed.append(extra)
    )
    return stage


def test_no_words_play_and_other_words_go_to_latentloom(stage: Stage) -> None:
    assert start.main([]) == 0
    assert stage.words == ["-P", "-m", "studio"]
    stage.launched.clear()
    assert start.main(["render", "--seed", "7"]) == 0
    assert stage.words == ["-P", "-m", "studio", "render", "--seed", "7"]
    assert stage.installed == []


def test_test_installs_its_extra_and_runs_the_check(stage: Stage) -> None:
    stage.ready = False
    assert start.main(["test", "-k", "pad"]) == 0
    assert stage.installed == ["test"]
    assert stage.words == [str(ROOT / "tests" / "check.py"), "-k", "pad"]


@pytest.fixture
def no_display(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("no_display")
def test_without_a_display_the_demo_is_rendered(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.lacking = system.WINDOW  # no window opens, so nobody misses its libraries
    assert start.main([]) == 0
    assert stage.words == ["-P", "-m", "studio", "demo", "--out", "out"]
    assert "no display" in capsys.readouterr().out


@pytest.mark.usefixtures("no_display")
def test_only_playing_asks_for_a_display(stage: Stage) -> None:
    assert start.main(["render", "--seed", "7"]) == 0
    assert stage.words[3:] == ["render", "--seed", "7"]


# --- what the system lacks -----------------------------------------------------------------------


def test_missing_window_libraries_stop_with_the_command(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.lacking = system.WINDOW[:2]
    assert start.main([]) == 1
    assert "sudo apt-get install -y libegl1 libgl1" in capsys.readouterr().err
    assert stage.launched == []


def test_one_command_brings_all_that_is_missing(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.lacking = (*system.WINDOW[:1], *system.SOUND[:2], *system.REAL_TESTS[:1])
    assert start.main(["test"]) == 1
    assert "sudo apt-get install -y libegl1 libportaudio2 xvfb\n" in capsys.readouterr().err


def test_a_missing_sound_library_is_a_warning(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.lacking = system.SOUND
    assert start.main([]) == 0
    assert "sudo apt-get install -y libportaudio2" in capsys.readouterr().out
    assert stage.words == ["-P", "-m", "studio"]


def test_missing_parts_of_real_tests_are_a_warning_to_test_only(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.lacking = system.REAL_TESTS
    assert start.main([]) == 0
    assert capsys.readouterr().out == ""
    assert start.main(["test"]) == 0
    assert "install -y xvfb xauth xdotool jackd2 fluidsynth" in capsys.readouterr().out


def test_the_tools_of_jack_are_looked_for_when_jack_is_there(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.lacking = (*system.REAL_TESTS, *system.JACK_TOOLS)
    assert start.main(["test"]) == 0
    assert "jack-example-tools" not in capsys.readouterr().out
    stage.lacking = system.JACK_TOOLS
    assert start.main(["test"]) == 0
    assert "install -y jack-example-tools" in capsys.readouterr().out


def test_words_without_a_window_look_for_nothing(stage: Stage) -> None:
    stage.lacking = system.WINDOW
    assert start.main(["doctor"]) == 0


def test_root_on_debian_gets_them_installed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.lacking = system.WINDOW[:2]
    stage.machine = system.Machine("apt-get", is_root=True)
    monkeypatch.setattr(system, "apt_install", lambda needs: None)
    assert start.main([]) == 0
    assert "Installing system packages: libegl1 libgl1" in capsys.readouterr().out


def test_a_python_without_venv_is_a_missing_package(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.has_venv = stage.ready = False
    package = f"python3.{sys.version_info.minor}-venv"
    assert start.main(["doctor"]) == 1
    assert f"sudo apt-get install -y {package}" in capsys.readouterr().err
    assert stage.installed == []
    stage.machine = system.Machine("apt-get", is_root=True)
    monkeypatch.setattr(system, "apt_install", lambda needs: None)
    assert start.main(["doctor"]) == 0
    assert stage.installed == [""]


# --- how it ends ---------------------------------------------------------------------------------


def test_an_install_that_fails_is_said_and_not_zero(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(self: install.Install, extra: str) -> None:
        raise install.InstallError("no network")

    stage.ready = False
    monkeypatch.setattr(install.Install, "ensure", fail)
    assert start.main([]) == 1
    assert capsys.readouterr().err == "no network\n"
    assert stage.launched == []


def test_ctrl_c_is_no_traceback(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(self: install.Install, extra: str) -> None:
        raise KeyboardInterrupt

    stage.ready = False
    monkeypatch.setattr(install.Install, "ensure", interrupt)
    assert start.main([]) == 130
    assert "Stopped." in capsys.readouterr().err


def test_what_start_py_loads_is_light() -> None:
    code = "import start, sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert loaded - sys.stdlib_module_names <= {"start", "studio", "__main__"}


def test_a_package_called_ui_elsewhere_does_not_stand_in_for_ours(tmp_path: Path) -> None:
    (tmp_path / "ui").mkdir()
    (tmp_path / "ui" / "__init__.py").write_text("raise SystemExit('the wrong one')")
    code = "import sys, start; sys.exit(start.launch([sys.executable, '-P', '-c', 'import ui']))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=start.ROOT,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
