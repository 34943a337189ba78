"""The check runs its steps in order and ends with the first that fails."""

from __future__ import annotations

import subprocess

import pytest

from tests import check

NOT_TESTS = ["format", "lint", "types", "imports"]
TESTS = ["tests", "timed tests"]


class FakeCall:
    """Runs nothing, remembers what it was asked, and lets one step fail."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.commands: list[list[str]] = []
        self.fails = ""
        self.without_tests: set[str] = set()
        self.compiling: list[str] = []
        """What was waited for, and then at which step."""

    def start(self, command: list[str]) -> FakeCall:
        self.compiling += command[-2:]
        return self

    def wait(self) -> None:
        self.compiling.append(self.steps[-1])

    def __call__(self, command: list[str], **options: object) -> int:
        step = next(name for name, own in check.STEPS.items() if command[: len(own)] == own)
        self.steps.append(step)
        self.commands.append(command)
        if step in self.without_tests:
            return check.NO_TEST
        return 2 if step == self.fails else 0


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch) -> FakeCall:
    call = FakeCall()
    monkeypatch.setattr(subprocess, "call", call)
    monkeypatch.setattr(check, "_start", call.start)
    return call


def test_all_steps_in_order_and_the_words_go_to_pytest(
    call: FakeCall, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check.main(["-k", "pad"]) == 0
    assert call.steps == [*NOT_TESTS, *TESTS]
    assert [command[-2:] for command in call.commands[-2:]] == [["-k", "pad"]] * 2
    assert call.commands[-3] == check.STEPS["imports"]
    assert call.compiling == ["-k", "pad", "types"]
    assert capsys.readouterr().out.splitlines()[-1] == "== timed tests"


@pytest.mark.parametrize("step", ["format", "types", *TESTS])
def test_the_first_failure_ends_it_with_its_code(
    call: FakeCall, capsys: pytest.CaptureFixture[str], step: str
) -> None:
    call.fails = step
    assert check.main([]) == 2
    assert call.steps[-1] == step
    assert ("FAILED" in capsys.readouterr().out) is (step not in TESTS)


@pytest.mark.parametrize("without", TESTS)
def test_words_may_choose_tests_of_one_kind_alone(call: FakeCall, without: str) -> None:
    call.without_tests = {without}
    assert check.main(["-k", "pad"]) == 0
    assert call.steps[-2:] == TESTS


def test_words_that_choose_no_test_are_no_success(call: FakeCall) -> None:
    call.without_tests = set(TESTS)
    assert check.main(["-k", "nothing of that name"]) == check.NO_TEST


def test_qt_draws_into_memory_where_there_is_no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check.sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert check.environment()["QT_QPA_PLATFORM"] == "offscreen"
    monkeypatch.setenv("QT_QPA_PLATFORM", "minimal")
    assert check.environment()["QT_QPA_PLATFORM"] == "minimal"
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.delenv("QT_QPA_PLATFORM")
    assert "QT_QPA_PLATFORM" not in check.environment()
