"""`python -m installers.wheels`: whether each system gets all that is pinned without a compiler.

Asks the package index by way of uv (`pip install uv`), for every dependency, those of dependencies
too. The rows are what one may install, the columns the Pythons that pyproject.toml allows and the
next one; a cell names the system and the package that lacks a wheel there. Ends with 1 where a
Python that is allowed lacks one. Nothing is downloaded but what the index says of its files.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

from installers import contents

SYSTEMS = {"Linux": "x86_64-manylinux_2_34", "Windows": "windows", "macOS": "macos"}
"""As uv names them: Linux with glibc 2.34 (Debian 12, Ubuntu 22.04), macOS on Apple silicon."""
OLDEST_MACOS = "14.0"
"""torch and av have no wheel for an older one."""


def main() -> int:
    """Print the table."""
    if not (uv := shutil.which("uv")):
        print("This asks by way of uv: pip install uv, then run it again.", file=sys.stderr)
        return 2
    *allowed, following = pythons()
    whole = True
    print("| |", " | ".join([*allowed, f"{following} (not yet)"]), "|")
    print("|---" * (len(allowed) + 2) + "|")
    for extra in ("", *contents.project()["project"]["optional-dependencies"]):
        cells = [cell(uv, extra, python) for python in (*allowed, following)]
        whole = whole and all(text == "all" for text in cells[:-1])
        print(f"| {extra or 'latent-loom'} |", " | ".join(cells), "|", flush=True)
    return 0 if whole else 1


def pythons() -> list[str]:
    """Those that pyproject.toml allows, and the first that it does not."""
    bounds = re.findall(r"3\.(\d+)", contents.project()["project"]["requires-python"])
    oldest, too_new = (int(minor) for minor in bounds)
    return [f"3.{minor}" for minor in range(oldest, too_new + 1)]


def cell(uv: str, extra: str, python: str) -> str:
    """ "all", or per system the package that has no wheel for this Python."""
    lacking = {name: without_wheel(uv, extra, python, name) for name in SYSTEMS}
    if not any(lacking.values()):
        return "all"
    if len(packages := set(lacking.values())) == 1:
        return f"{packages.pop()} lacks"
    return ", ".join(f"{name}: {package} lacks" for name, package in lacking.items() if package)


def without_wheel(uv: str, extra: str, python: str, system: str) -> str:
    """The first package that uv names, "" where there is none."""
    command = [uv, "pip", "compile", "--quiet", "--only-binary=:all:", "--no-python-downloads"]
    command += ["--constraint=constraints.txt", f"--python-version={python}"]
    command += [f"--python-platform={SYSTEMS[system]}", *([f"--extra={extra}"] if extra else [])]
    environ = {**os.environ, "MACOSX_DEPLOYMENT_TARGET": OLDEST_MACOS}
    done = subprocess.run(
        [*command, "pyproject.toml"],
        cwd=contents.ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    if not done.returncode:
        return ""
    named = re.search(r"([\w.-]+)==\S+ has no (usable )?wheels", done.stderr)
    if not named:
        raise SystemExit(done.stderr)
    return named[1]


if __name__ == "__main__":
    sys.exit(main())
