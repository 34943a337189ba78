"""The project's own `.venv`: made once, brought up to date when the project's needs change.

For `start.py`, before anything is installed: standard library only.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from studio.setup import pip_output, torch_build

# What an editable install points at: one that appears later calls for a new install.
PACKAGES = ("studio", "engines", "ui", "presets")
BARE = ("tinysoundfont>=0.3.7,<0.4; python_version < '3.13'",)
"""What pyproject.toml cannot ask for, since it would bring along what has no wheels: it is
installed without its dependencies, of which we need none, and done without where it is missing."""
_RAW_PROGRESS = (24, 1)
"""The first pip that tells its progress in plain lines."""


class InstallError(Exception):
    """What went wrong and what to do, for the user to read."""


class UntouchedError(InstallError):
    """The install failed before it changed anything: the environment is what it was."""


class Install:
    """The environment of the checkout at `root`, and the stamp that says it is whole."""

    def __init__(self, root: Path, build: str = torch_build.CPU) -> None:
        """`build` of PyTorch is wanted: "cpu" or "cuda"."""
        self.root, self.build = root, build
        self.downloaded_mb = 0.0
        self.venv = root / ".venv"
        self.python = self.venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        self.stamp = self.venv / "latent-loom.json"

    def ensure(self, extra: str) -> None:
        """Install the project with `extra` ("" for none) unless that has been done.

        Raises InstallError; what an install that failed leaves is not used by the next one.
        """
        if self.ready(extra):
            return
        try:
            with Lock(self.root / ".venv.lock") as lock:
                if not self.ready(extra):  # by now it may be: another start.py held the lock
                    self._install(extra, lock)
        except OSError as error:
            raise InstallError(
                f"Latent Loom cannot be set up in {self.root}: {error.strerror or error}. "
                "It needs a folder that may be written to, with 2 GB of room."
            ) from error

    def ready(self, extra: str) -> bool:
        """Whether all that is wanted now has been installed whole."""
        stamp = self._read_stamp()
        if self.build == torch_build.CUDA and stamp.get("torch") == torch_build.CPU:
            return False  # the other way round nothing is missing
        return stamp.get("needs") == self._needs() and extra in ["", *stamp.get("extras", [])]

    def is_made(self) -> bool:
        """Whether there is an environment that pip can fill."""
        return self.python.exists() and _runs([str(self.python), "-c", "import pip"]) is None

    def _needs(self) -> str:
        """A digest of all that an install depends on: a moved checkout counts as another one."""
        parts = [str(self.root), os.path.realpath(self.python)]
        parts += [name for name in PACKAGES if (self.root / name).is_dir()]
        for path in ("pyproject.toml", "constraints.txt", ".venv/pyvenv.cfg"):
            with suppress(FileNotFoundError):
                parts.append((self.root / path).read_text("utf-8"))
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def _read_stamp(self) -> dict[str, Any]:
        """What the last whole install wrote; empty where there was none or its Python is gone."""
        try:
            stamp = json.loads(self.stamp.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return stamp if isinstance(stamp, dict) and self.python.exists() else {}

    def _write_stamp(self, stamp: dict[str, Any]) -> None:
        """Whole or not at all, so that a stamp never lies."""
        part = self.stamp.with_suffix(".part")
        part.write_text(json.dumps(stamp), "utf-8")
        part.replace(self.stamp)

    def _install(self, extra: str, lock: Lock) -> None:
        began = time.monotonic()
        print("Setting up Latent Loom in .venv; the first time this takes some minutes.")
        # An install that was cut short may hold half a package that pip would take for a whole one.
        whole = not lock.unfinished and self.is_made()
        before = self._read_stamp() if whole else {}
        # An extra that was asked for once stays: `start.py` after `start.py test` takes none away.
        extras = sorted({*before.get("extras", []), extra} - {""})
        lock.begin()
        self.stamp.unlink(missing_ok=True)
        if not whole:
            self._make_venv()
        needs = self._needs()
        try:
            self._add_torch(lock)
            self._pip(["--editable", f".[{','.join(extras)}]" if extras else "."], lock)
            self._add_bare(lock)
        except UntouchedError:
            self._write_stamp(before)
            lock.finish()
            raise
        self._compile()
        self._write_stamp({"needs": needs, "extras": extras, "torch": self.build})
        lock.finish()
        took = pip_output.duration(time.monotonic() - began)
        print(f"Set up in {took}; {self.downloaded_mb:.0f} MB downloaded.")

    def _make_venv(self) -> None:
        """A new, empty environment, whatever was there before."""
        # Not the interpreter of the environment itself, which is about to be cleared.
        base = getattr(sys, "_base_executable", sys.executable)
        problem = _runs([base, "-m", "venv", "--clear", str(self.venv)])
        if problem is not None:
            raise InstallError(f"Python could not make {self.venv}:\n{problem}")

    def _add_torch(self, lock: Lock) -> None:
        """The build that is wanted, if pip's ordinary index has another one."""
        pins = (self.root / "constraints.txt").read_text("utf-8")
        pin = re.search(r"^torch==(\S+)", pins, re.MULTILINE)
        source = torch_build.source(self.build, pin[1]) if pin else []
        if not source:
            return
        try:
            self._pip(["--retries=1", "--timeout=20", *source], lock)
        except UntouchedError:
            other = torch_build.ordinary()
            print(f"PyTorch's own index is out of reach; the ordinary one has {other}.")

    def _add_bare(self, lock: Lock) -> None:
        """Packages without their dependencies; where there is no wheel, we do without."""
        for name in BARE:
            try:
                self._pip(["--no-deps", "--only-binary=:all:", name], lock)
            except InstallError:
                print(f"{name} is not to be had here; the instrument plays without it.")

    def _compile(self) -> None:
        """Make bytecode of our own code, as pip does of all that it installs: where Python is told
        to write none, each start would compile for a second. Where it cannot be written, so be it.
        """
        own = [str(self.root / name) for name in PACKAGES]
        with suppress(OSError):
            _runs([str(self.python), "-m", "compileall", "-q", *own])

    def _pip(self, wanted: list[str], lock: Lock) -> None:
        """Let pip install `wanted` from here; pip's own configuration stays in force."""
        command = [str(self.python), "-m", "pip", "install", "--no-input"]
        command += ["--disable-pip-version-check", "--constraint", "constraints.txt"]
        command += [f"--progress-bar={self._progress()}", *wanted]
        with subprocess.Popen(
            command,
            cwd=self.root,
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            pass_fds=lock.inherited(),
        ) as pip:
            followed = pip_output.follow(pip.stdout or ())
        self.downloaded_mb += followed.downloaded_mb
        if pip.returncode:
            kind = InstallError if followed.unpacking or pip.returncode < 0 else UntouchedError
            raise kind(_sentence(followed))

    def _progress(self) -> str:
        """How pip may tell its progress: "raw" are lines with numbers."""
        asked = [str(self.python), "-c", "import pip; print(pip.__version__)"]
        done = subprocess.run(asked, capture_output=True, text=True, check=False)
        version = tuple(int(part) for part in re.findall(r"\d+", done.stdout)[:2])
        return "raw" if version >= _RAW_PROGRESS else "off"


def _sentence(followed: pip_output.Followed) -> str:
    """What kept pip from finishing and what to do."""
    if followed.cause:
        return (
            f"The install did not finish, because {followed.cause}: mend that and run the same "
            "command again; nothing half-done will be used."
        )
    return (
        f"{followed.said}\nThe install did not finish; nothing half-done will be used. "
        "Mend what the lines above name (often the network), then run the same command again."
    )


def can_make_venv() -> bool:
    """False on Debian's bare Python, which comes without the parts that make environments."""
    return all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))


def _runs(command: list[str]) -> str | None:
    """None when the command ends well, else its last words."""
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    said = (done.stdout + done.stderr).strip().splitlines()
    return "\n".join(said[-5:]) if done.returncode else None


class Lock:
    """Lets one start.py install at a time; its file says so until that install is finished.

    The system frees the lock when its last holder ends, however that comes about. What the file
    says stays, and tells the next holder that an install was cut short.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Lock:
        """Wait for the lock, and read what the last holder left."""
        self._file = self._path.open("a+", encoding="utf-8")
        if not _take(self._file.fileno()):
            print("Another start.py is installing; waiting for it to finish.")
            while not _take(self._file.fileno()):
                time.sleep(0.2)
        self._file.seek(0)
        self.unfinished = self._file.read() != ""
        return self

    def __exit__(self, *exc: object) -> None:
        """Free the lock, unless a child that inherited it is still at work."""
        self._file.close()

    def begin(self) -> None:
        """Say that an install is under way; only `finish` takes that back."""
        self._write("An install is under way, or was cut short.\n")

    def finish(self) -> None:
        """Say that the install is whole."""
        self._write("")

    def inherited(self) -> tuple[int, ...]:
        """What a child keeps open, to hold the lock on when this process is killed."""
        return (self._file.fileno(),) if os.name == "posix" else ()

    def _write(self, text: str) -> None:
        """On the disk before anything else happens."""
        self._file.truncate(0)
        self._file.write(text)
        self._file.flush()
        os.fsync(self._file.fileno())


def _take(file: int) -> bool:
    """Lock an open file unless another process has; never waits."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(file, 1 << 20, os.SEEK_SET)  # far past the text, which stays readable
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
