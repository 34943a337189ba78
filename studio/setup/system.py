"""What Latent Loom needs from the operating system, and the command that installs it.

The one table of system libraries: `start.py` reads it before anything is installed, so this file
imports the standard library only; the doctor and the command line read it before Qt is imported.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

Done = subprocess.CompletedProcess[str]
Run = Callable[[list[str]], Done]


@dataclass(frozen=True)
class Need:
    """A shared library (by its soname) or a program, and the packages that bring it."""

    name: str
    apt: str
    pacman: str


# Qt's xcb plugin wants more than these; the rest comes along as what these packages depend on.
WINDOW = (
    Need("libEGL.so.1", "libegl1", "libglvnd"),
    Need("libGL.so.1", "libgl1", "libglvnd"),
    Need("libglib-2.0.so.0", "libglib2.0-0", "glib2"),
    Need("libdbus-1.so.3", "libdbus-1-3", "dbus"),
    Need("libfontconfig.so.1", "libfontconfig1", "fontconfig"),
    Need("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "libxkbcommon-x11"),
    Need("libxcb-cursor.so.0", "libxcb-cursor0", "xcb-util-cursor"),
    Need("libxcb-icccm.so.4", "libxcb-icccm4", "xcb-util-wm"),
    Need("libxcb-keysyms.so.1", "libxcb-keysyms1", "xcb-util-keysyms"),
    Need("libxcb-shape.so.0", "libxcb-shape0", "libxcb"),
)
# ALSA's own package is called libasound2 or libasound2t64, but PortAudio's brings either along.
SOUND: tuple[Need, ...] = (
    Need("libportaudio.so.2", "libportaudio2", "portaudio"),
    Need("libasound.so.2", "libportaudio2", "alsa-lib"),
)
if sys.version_info >= (3, 13):  # the synthesiser that has wheels has none for these
    SOUND = (*SOUND, Need("libfluidsynth.so.3", "libfluidsynth3", "fluidsynth"))
# An X server, a mouse, a MIDI system and a listener, for the tests that are marked `real`.
REAL_TESTS = (
    Need("Xvfb", "xvfb", "xorg-server-xvfb"),
    Need("xauth", "xauth", "xorg-xauth"),
    Need("xdotool", "xdotool", "xdotool"),
    Need("jackd", "jackd2", "jack2"),
    Need("fluidsynth", "fluidsynth", "fluidsynth"),
)
# jackd2 brought it until Debian 12: it is looked for when that is there.
JACK_TOOLS = (Need("jack_lsp", "jack-example-tools", "jack-example-tools"),)
# Debian ships Python without the part that makes virtual environments.
VENV = Need("venv", f"python3.{sys.version_info.minor}-venv", "python")


@dataclass(frozen=True)
class Machine:
    """The package manager that answers here, if any, and whether we may use it as we are."""

    manager: str | None
    is_root: bool

    @property
    def installs_itself(self) -> bool:
        """True on Debian and Ubuntu as root, where a missing package is simply installed."""
        return self.manager == "apt-get" and self.is_root


def this_machine() -> Machine:
    """The machine at hand; a manager is only named where its packages are known to fit."""
    if not on_linux():
        return Machine(None, False)
    # Some distributions offer apt-get as a convenience over other packages.
    managers = ("apt-get",) if Path("/etc/debian_version").exists() else ("dnf", "zypper", "pacman")
    return Machine(next(filter(shutil.which, managers), None), os.geteuid() == 0)


def on_linux() -> bool:
    """Elsewhere the wheels bring all that the window and the sound need."""
    return sys.platform.startswith("linux")


def present(need: Need) -> bool:
    """Whether the dynamic linker finds the library, or the PATH the program."""
    if ".so" not in need.name:
        return shutil.which(need.name) is not None
    try:
        ctypes.CDLL(need.name)
    except OSError:
        return False
    return True


def missing(needs: Iterable[Need], present: Callable[[Need], bool] = present) -> tuple[Need, ...]:
    """The needs that this machine does not meet, in order; none but on Linux."""
    return tuple(need for need in needs if not present(need)) if on_linux() else ()


def install_command(needs: Iterable[Need], machine: Machine) -> str | None:
    """The one line that installs `needs` here; None where the package manager is unknown."""
    if machine.manager is None:
        return None
    install = {"pacman": "-S --needed"}.get(machine.manager, "install -y")
    sudo = "" if machine.is_root else "sudo "
    return f"{sudo}{machine.manager} {install} {' '.join(packages(needs, machine.manager))}"


def packages(needs: Iterable[Need], manager: str) -> list[str]:
    """The package names that a manager knows, each once."""
    return list(dict.fromkeys(_package(need, manager) for need in needs))


def _package(need: Need, manager: str) -> str:
    if manager == "apt-get":
        return need.apt
    if manager == "pacman":
        return need.pacman
    # dnf and zypper find a library's package by its soname.
    if ".so" in need.name:
        return f"'{need.name}()(64bit)'"
    return "python3" if need is VENV else need.name


def remedy(needs: Iterable[Need], machine: Machine | None = None) -> str:
    """What the reader has to do: a command where one is known, else the names to look for."""
    needs = tuple(needs)
    command = install_command(needs, machine or this_machine())
    if command is not None:
        return command
    return f"install {', '.join(need.name for need in needs)} with your system's package manager"


def provide(lacking: tuple[Need, ...], say: Callable[[str], None] = print) -> tuple[Need, ...]:
    """Install what is lacking where that is ours to do; returns what stays lacking."""
    if not lacking or not this_machine().installs_itself:
        return lacking
    say(f"Installing system packages: {' '.join(packages(lacking, 'apt-get'))}")
    problem = apt_install(lacking)
    if problem is None:
        return ()
    say(problem)
    return lacking


def apt_install(needs: Iterable[Need], run: Run | None = None) -> str | None:
    """Install without questions; None when it worked, else the last words of apt-get."""
    run = run or _quietly
    _update_lists(run)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]
    done = run([*install, *packages(needs, "apt-get")])
    if done.returncode == 0:
        return None
    return "\n".join((done.stderr or done.stdout).strip().splitlines()[-3:])


@cache
def _update_lists(run: Run) -> None:
    """Once is enough. If it fails that is no reason to stop: the lists at hand may do."""
    run(["apt-get", "update", "-qq"])


def _quietly(command: list[str]) -> Done:
    return subprocess.run(
        command,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def has_display(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether Qt can open a window; without any of these names it ends the process on Linux."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return not on_linux() or any(environ.get(name) for name in names)


def window_problem() -> str | None:
    """Why no window can open, as a sentence to print before Qt is imported; None when one can."""
    if not has_display():
        return "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set)."
    lacking = missing(WINDOW)
    if not lacking:
        return None
    return f"The window needs system libraries that are missing: {remedy(lacking)}"
