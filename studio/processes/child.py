"""How another process of ours begins: the one place that knows what stands for Python.

In a packaged program `sys.executable` is the program itself, which takes neither `-m` nor `-c`. It
takes a hidden first word, `--child`, and does with the words behind it what Python would.
"""

from __future__ import annotations

import runpy
import sys
from collections.abc import Sequence

from studio.processes.packaged import is_packaged

CHILD = "--child"


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
