"""How another process of ours begins: by Python, or by the packaged program itself."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from studio.processes import child
from studio.processes.child import IDLE, code_command, let_others_go_first, module_command
from tests.witness import ROOT


@pytest.fixture(params=["source", "packaged"])
def made(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "packaged":
        monkeypatch.setattr(sys, "frozen", True, raising=False)
    return str(request.param)


def output(command: tuple[str, ...]) -> str:
    """What the command prints; Python with `-m studio` stands in for the packaged program."""
    python, *words = command
    start = [python, "-P", "-m", "studio"] if child.CHILD in words else [python]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([*start, *words], capture_output=True, text=True, env=environ, timeout=60)
    assert done.returncode == 3, done.stderr
    return done.stdout


def test_code_runs_as_python_runs_it(made: str) -> None:
    command = code_command("import sys; print(__name__, sys.argv); sys.exit(3)")
    assert (child.CHILD in command) == (made == "packaged")
    assert output(command) == "__main__ ['-c']\n"


def test_a_module_runs_as_python_runs_it(made: str) -> None:
    command = module_command("tests.studio.processes.child_stand_in", "a", "--b")
    assert output(command) == "__main__ ['a', '--b'] []\n"


def test_a_child_ends_where_its_module_does() -> None:
    with pytest.raises(SystemExit) as end:
        child.run_if_child(["latentloom", child.CHILD, "-c", "pass"])
    assert end.value.code == 0


@pytest.mark.parametrize(
    "words", [[], ["play"], ["show.loom"], [child.CHILD], [child.CHILD, "x", "y"]]
)
def test_other_words_are_the_command_line_s(words: list[str]) -> None:
    child.run_if_child(["latentloom", *words])


def test_a_child_lets_others_go_first() -> None:
    told = subprocess.Popen(
        code_command("import os; input(); print(os.nice(0) if hasattr(os, 'nice') else 19)"),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, creationflags=IDLE,
    )  # fmt: skip
    let_others_go_first(told.pid)
    if sys.platform == "linux":
        assert os.sched_getscheduler(told.pid) == os.SCHED_IDLE
    assert told.communicate("\n", timeout=60)[0].strip() == "19"
