"""How another process of ours begins: the one place that knows what stands for Python.

In a packaged program `sys.executable` is the program itself, which takes neither `-m` nor `-c`. It
takes a hidden first word, `--child`, and does with the words behind it what Python would.
"""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress

from studio.processes.packaged import is_packaged

CHILD = "--child"

IDLE: int = getattr(subprocess, "IDLE_PRIORITY_CLASS", 0) | getattr(
    subprocess, "CREATE_NO_WINDOW", 0
)
"""On Windows, what a process is created with that runs when no other wants to; see
`let_others_go_first` for the rest."""


def module_command(module: str, *words: str) -> tuple[str, ...]:
    """The command that runs `module` as `python -m` does, with `words` as its arguments."""
    return _command("-m", module, *words)


def code_command(code: str) -> tuple[str, ...]:
    """The command that runs `code` as `python -c` does."""
    return _command("-c", code)


def _command(*words: str) -> tuple[str, ...]:
    # -P: a folder called studio where the user stands must not stand in for ours.
    return (sys.executable, CHILD if is_packaged() else "-P", *words)


def run_if_child(argv: Sequence[str]) -> None:
    """Do what a child is for and exit, if `argv` (the program and its words) begins as one.

    Call it before anything that takes time: a player must not wait for what only a window needs.
    """
    match argv[1:]:
        case [flag, "-m", module, *words] if flag == CHILD:
            sys.argv[:] = [module, *words]
            runpy.run_module(module, run_name="__main__", alter_sys=True)
        case [flag, "-c", code, *words] if flag == CHILD:
            sys.argv[:] = ["-c", *words]
            exec(code, {"__name__": "__main__"})
        case _:
            return
    sys.exit(0)


def let_others_go_first(pid: int) -> None:
    """From now on the process `pid` runs when no other wants to; what it starts does so, too."""
    if sys.platform == "win32":
        return  # there it was created so
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, pid, 19)
    # Beside nice 19 a waking thread may have to wait for its turn, beside this it never has.
    if sys.platform == "linux":
        with suppress(OSError):
            os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0))
