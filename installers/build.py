"""`python -m installers.build`: the packaged program of the system that it runs on.

In an environment with the project, `pip install .[package]`, and the CPU build of torch (a torch
with CUDA would bring gigabytes of libraries). Made in `dist/`: a folder on every system; a tarball
of it on Linux; on Windows and macOS their own tools go on from the folder (installers/README.md).
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

from installers import contents

LINUX = contents.ROOT / "installers" / "linux"
SPEC = contents.ROOT / "installers" / "latentloom.spec"


def main(words: list[str] | None = None) -> int:
    """Build; the exit status is PyInstaller's where that fails."""
    parser = argparse.ArgumentParser(prog="python -m installers.build", description=__doc__)
    parser.add_argument("--out", type=Path, default=contents.ROOT / "dist")
    parser.add_argument("--no-tarball", action="store_true", help="on Linux, only the folder")
    given = parser.parse_args(words)
    out = given.out.resolve()
    options = ["--noconfirm", "--log-level=WARN", f"--distpath={out}", f"--workpath={out / 'work'}"]
    status = subprocess.run(
        [sys.executable, "-m", "PyInstaller", *options, str(SPEC)], check=False
    ).returncode
    if status:
        return status
    folder = out / "latent-loom"
    if sys.platform.startswith("linux"):
        strip(folder / "_internal")
        furnish(folder)
    print(f"{folder}: {megabytes(folder):.0f} MB")
    for name, size in largest(folder):
        print(f"  {size:6.1f} MB  {name}")
    if sys.platform.startswith("linux") and not given.no_tarball:
        packed = pack(folder)
        print(f"{packed}: {packed.stat().st_size / 1e6:.0f} MB")
    return 0


def strip(inside: Path) -> None:
    """Take the symbols out of the libraries that work without: 140 MB, most of them torch's."""
    names = {str(f.relative_to(inside)): f for f in _files(inside)}
    libraries = [str(file) for name, file in names.items() if contents.may_be_stripped(name)]
    subprocess.run(["strip", "--strip-unneeded", *libraries], check=True)


def furnish(folder: Path) -> None:
    """Lay beside the program what puts it into a Linux desktop: menu, icon, kind of file."""
    share = folder / "share"
    share.mkdir(exist_ok=True)
    for name in ("latentloom.desktop", "latentloom.xml"):
        shutil.copyfile(LINUX / name, share / name)
    shutil.copyfile(contents.ROOT / "ui/icons/latentloom.svg", share / "latentloom.svg")
    shutil.copy(LINUX / "install.sh", folder)
    shutil.copyfile(contents.ROOT / "LICENSE", folder / "LICENSE")
    text = (LINUX / "README.txt").read_text("utf-8")
    (folder / "README.txt").write_text(text.replace("@GLIBC@", platform.libc_ver()[1]), "utf-8")


def pack(folder: Path) -> Path:
    """A tarball of `folder` beside it, with the version and the machine in its name."""
    name = f"latent-loom-{contents.version()}-linux-{platform.machine()}"
    packed = folder.with_name(f"{name}.tar.xz")
    with tarfile.open(packed, "w:xz") as tar:
        tar.add(folder, arcname=name)
    return packed


def megabytes(path: Path) -> float:
    """What a file or a folder takes on the disk; a link takes nothing."""
    return sum(f.stat().st_size for f in _files(path)) / 1e6


def largest(folder: Path, count: int = 12) -> list[tuple[str, float]]:
    """The parts of a program that take most, in MB."""
    inside = folder / "_internal"
    parts = (
        (part.name, megabytes(part)) for part in (inside if inside.is_dir() else folder).iterdir()
    )
    return sorted(parts, key=lambda part: -part[1])[:count]


def _files(path: Path) -> Iterator[Path]:
    if path.is_symlink():
        return
    if path.is_file():
        yield path
    for folder, _, names in os.walk(path):
        yield from (f for name in names if not (f := Path(folder, name)).is_symlink())


if __name__ == "__main__":
    sys.exit(main())
