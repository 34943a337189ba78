"""Sets Latent Loom up and opens it.

    python3 start.py            makes .venv, installs the project into it, opens the app
    python3 start.py test       the same with the test tools, then the whole check
    python3 start.py WORDS      any other words go to latentloom, as in `start.py doctor`

Only the standard library, and only the grammar of Python 3.8: an interpreter that does not fit
Latent Loom still finds one that does, or says which to install.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if sys.version_info >= (3, 11):  # they are written for the Pythons that fit
    from studio.setup import install, system, torch_build

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from studio.setup.system import Need

ROOT = Path(__file__).resolve().parent


def bounds() -> list[tuple[int, int]]:
    """The oldest Python that fits and the first that is too new, as pyproject.toml has them."""
    declared = re.search(
        r'^requires-python = "(.*?)"', (ROOT / "pyproject.toml").read_text("utf-8"), re.M
    )
    found = re.findall(r"(\d+)\.(\d+)", declared.group(1) if declared else "")
    return [(int(major), int(minor)) for major, minor in found]


OLDEST, TOO_NEW = bounds()


class StartError(Exception):
    """The sentence that ends this run."""


def main(words: list[str]) -> int:
    """Set up what is missing, then become the app (or, for `test`, the check)."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)  # in step with what goes to stderr
    try:
        if fits(sys.version_info[:2]):
            return launch(prepare(words))
        return launch([*fitting_python(), str(Path(__file__).resolve()), *words])
    except StartError as stop:
        print(stop, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


def prepare(words: list[str]) -> list[str]:
    """Do all the set-up that `words` call for; the command to become."""
    testing = words[:1] == ["test"]
    words = words if testing else without_display(words, os.environ)
    prepare_system(words)
    python = prepare_project("test" if testing else "", torch_build.wanted(words))
    if testing:
        return [python, str(ROOT / "tests" / "check.py"), *words[1:]]
    # -P: a folder called studio where the user stands must not stand in for ours.
    return [python, "-P", "-m", "studio", *words]


def launch(command: list[str]) -> int:
    """Become `command`; Windows has no such thing, so there wait for it."""
    # Whatever else PYTHONPATH names: a package called ui there must not stand in for ours.
    others = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), *([others] if others else [])])
    if os.name == "posix":
        os.execv(command[0], command)
    child = subprocess.Popen(command)
    while True:
        # Ctrl-C reaches the child too: it decides when to leave.
        with contextlib.suppress(KeyboardInterrupt):
            return child.wait()


def fits(version: Sequence[int]) -> bool:
    """Whether Latent Loom runs on this (major, minor)."""
    return OLDEST <= tuple(version) < TOO_NEW


def fitting_python() -> list[str]:
    """The command of an interpreter that fits: the project's own, else one on the PATH."""
    own = [[str(ROOT / ".venv" / name)] for name in ("bin/python", "Scripts/python.exe")]
    versions = [f"3.{minor}" for minor in range(TOO_NEW[1] - 1, OLDEST[1] - 1, -1)]
    others = [["python" + v] for v in versions] + [["py", "-" + v] for v in versions]
    for name, *options in own + others:
        found = shutil.which(name)
        if found and is_fitting([found, *options]):
            return [found, *options]
    raise StartError(
        "Latent Loom needs Python {} to {}, and this is {}.{}: install one of them from "
        "python.org or with your package manager, then run this again.".format(
            versions[-1], versions[0], *sys.version_info
        )
    )


def is_fitting(command: list[str]) -> bool:
    """Whether the command is a Python that fits: a name on the PATH may be an empty promise."""
    code = f"import sys; sys.exit(not {OLDEST} <= sys.version_info[:2] < {TOO_NEW})"
    quiet = subprocess.DEVNULL
    try:
        done = subprocess.run(
            [*command, "-c", code], stdin=quiet, stdout=quiet, stderr=quiet, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def plays(words: list[str]) -> bool:
    """Whether these words open the window: none, `play`, or only its options."""
    if "--help" in words or "--version" in words:
        return False
    return not words or words[0] == "play" or words[0].startswith("-")


def without_display(words: list[str], environ: Mapping[str, str]) -> list[str]:
    """Where no window can open, the demo instead of playing."""
    if not plays(words) or system.has_display(environ):
        return words
    print("There is no display here, so the built-in demo is rendered into out/ instead.")
    return ["demo", "--out", "out"]


def prepare_system(words: list[str]) -> None:
    """See to the libraries that Qt and the sound want, before anything imports them."""
    testing = words[:1] == ["test"]
    if not (testing or plays(words) or words[0] == "bench"):
        return
    lacking = system.provide(system.missing(system.WINDOW))
    silent = system.provide(system.missing(system.SOUND))
    unreal = system.provide(system.missing(system.REAL_TESTS)) if testing else ()
    if testing and not unreal:
        unreal = system.provide(system.missing(system.JACK_TOOLS))
    if lacking:
        stop_for("The window", [*lacking, *silent, *unreal])
    warn_of("There will be no sound or MIDI", silent)
    warn_of("Tests with real parts will be skipped", unreal)


def stop_for(who: str, lacking: Sequence[Need]) -> None:
    """End with the one command that brings all that is lacking."""
    command = system.remedy(lacking)
    raise StartError(
        f"{who} needs parts of the system that are missing; get them with\n  {command}"
    )


def warn_of(loss: str, lacking: Sequence[Need]) -> None:
    """Say what there will not be, and the command that changes that."""
    if lacking:
        print(f"{loss} until you get the missing parts with\n  {system.remedy(lacking)}")


def prepare_project(extra: str, build: str) -> str:
    """See to .venv with this build of PyTorch; the path of its Python."""
    project = install.Install(ROOT, build)
    try:
        if not project.ready(extra):
            able = project.is_made() or install.can_make_venv()
            if not able and system.provide((system.VENV,)):
                stop_for("Python", [system.VENV])
            project.ensure(extra)
    except install.InstallError as problem:
        raise StartError(str(problem)) from problem
    return str(project.python)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
