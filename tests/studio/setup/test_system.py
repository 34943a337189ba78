"""What is missing, and the one command that brings it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from studio.setup import system
from studio.setup.system import Machine, Need

DEBIAN_ROOT = Machine("apt-get", is_root=True)
DEBIAN_USER = Machine("apt-get", is_root=False)
QT = (Need("libEGL.so.1", "libegl1", "libglvnd"), Need("libGL.so.1", "libgl1", "libglvnd"))


@pytest.fixture
def linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")


@pytest.mark.parametrize(
    ("machine", "command"),
    [
        (DEBIAN_ROOT, "apt-get install -y libegl1 libgl1"),
        (DEBIAN_USER, "sudo apt-get install -y libegl1 libgl1"),
        (Machine("dnf", False), "sudo dnf install -y 'libEGL.so.1()(64bit)' 'libGL.so.1()(64bit)'"),
        (Machine("pacman", True), "pacman -S --needed libglvnd"),
        (
            Machine(None, True),
            "install libEGL.so.1, libGL.so.1 with your system's package manager",
        ),
    ],
)
def test_the_remedy_is_one_command_that_this_machine_has(machine: Machine, command: str) -> None:
    assert system.remedy(QT, machine) == command


@pytest.mark.parametrize(("manager", "package"), [("dnf", "python3"), ("pacman", "python")])
def test_a_python_without_venv_has_a_package_everywhere(manager: str, package: str) -> None:
    assert system.packages([system.VENV], manager) == [package]
    assert system.packages([system.VENV], "apt-get") == [f"python3.{sys.version_info.minor}-venv"]


def test_missing_keeps_the_order_and_asks_nothing_but_on_linux(
    linux: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert system.missing(QT, lambda need: need.apt == "libegl1") == QT[1:]
    monkeypatch.setattr(sys, "platform", "darwin")
    assert system.missing(QT, lambda need: False) == ()


def test_a_library_is_looked_for_by_the_linker_and_a_program_on_the_path(linux: None) -> None:
    absent = Need("libno-such-thing.so.9", "", "")
    assert system.missing([absent, Need("no-such-program", "", "")])[0] is absent
    assert system.present(Need("python3", "", "")) == bool(system.shutil.which("python3"))


class FakeApt:
    """Answers like apt-get and remembers what it was asked."""

    def __init__(self, code: int, error: str = "") -> None:
        self.code, self.error = code, error
        self.asked: list[list[str]] = []

    def __call__(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        self.asked.append(command)
        return subprocess.CompletedProcess(command, self.code, "", self.error)


def test_apt_updates_its_lists_and_installs_each_package_once() -> None:
    apt = FakeApt(0)
    assert system.apt_install(system.SOUND[:2], apt) is None
    assert apt.asked[0][:2] == ["apt-get", "update"]
    assert apt.asked[1][-1:] == ["libportaudio2"]
    assert apt.asked[1].count("libportaudio2") == 1


def test_apt_updates_its_lists_once_for_all_installs() -> None:
    apt = FakeApt(0)
    system.apt_install(system.WINDOW, apt)
    system.apt_install(system.SOUND[:2], apt)
    assert [command[1] for command in apt.asked] == ["update", "install", "install"]


def test_a_failure_of_apt_comes_back_in_its_own_last_words() -> None:
    said = "one\ntwo\nthree\nE: Unable to locate package libegl1\n"
    problem = system.apt_install(QT, FakeApt(100, said))
    assert problem == "two\nthree\nE: Unable to locate package libegl1"


@pytest.fixture
def said() -> list[str]:
    return []


def test_root_on_debian_installs_and_says_so_in_one_line(
    monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    monkeypatch.setattr(system, "this_machine", lambda: DEBIAN_ROOT)
    monkeypatch.setattr(system, "apt_install", lambda needs: None)
    assert system.provide(QT, said.append) == ()
    assert said == ["Installing system packages: libegl1 libgl1"]


def test_when_apt_fails_it_is_quoted_and_the_parts_stay_lacking(
    monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    monkeypatch.setattr(system, "this_machine", lambda: DEBIAN_ROOT)
    monkeypatch.setattr(system, "apt_install", lambda needs: "E: no network")
    assert system.provide(QT, said.append) == QT
    assert said[-1] == "E: no network"


def test_nobody_else_has_anything_installed_for_them(
    monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    monkeypatch.setattr(system, "this_machine", lambda: DEBIAN_USER)
    monkeypatch.setattr(system, "apt_install", lambda needs: pytest.fail("not ours to install"))
    assert system.provide(QT, said.append) == QT
    assert system.provide((), said.append) == ()
    assert said == []


@pytest.mark.parametrize("name", ["DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"])
def test_a_display_is_what_qt_would_use(linux: None, name: str) -> None:
    assert system.has_display({name: "x"})
    assert not system.has_display({name: ""})


def test_other_systems_always_have_a_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert system.has_display({})


def test_the_window_problem_names_the_display_first_then_the_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(system, "this_machine", lambda: DEBIAN_USER)
    monkeypatch.setattr(system, "missing", lambda needs: QT)
    monkeypatch.setattr(system, "has_display", lambda: False)
    assert "no display" in (system.window_problem() or "")
    monkeypatch.setattr(system, "has_display", lambda: True)
    assert "sudo apt-get install -y libegl1" in (system.window_problem() or "")
    monkeypatch.setattr(system, "missing", lambda needs: ())
    assert system.window_problem() is None
