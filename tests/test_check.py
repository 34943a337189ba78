"""The check runs its steps in order and ends with the first that fails."""

from __future__ import annotations

import subprocess

import pytest

from tests import check


class FakeCall:
    """Runs nothing, remembers what it was asked, and lets one step fail."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.commands: list[list[str]] = []
        self.fails = ""

    def __call__(self, command: list[str], **options: object) -> int:
        step = next(name for name, own in check.STEPS.items() if command[: len(own)] == own)
        self.steps.append(step)
        self.commands.append(command)
        return 2 if step == self.fails else 0


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch) -> FakeCall:
    call = FakeCall()
    monkeypatch.setattr(subprocess, "call", call)
    return call


def test_all_steps_in_order_and_the_words_go_to_pytest(
    call: FakeCall, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check.main(["-k", "pad"]) == 0
    assert call.steps == ["format", "lint", "types", "imports", "tests"]
    assert call.commands[-1][-2:] == ["-k", "pad"]
    assert call.commands[-2] == check.STEPS["imports"]
    assert capsys.readouterr().out.splitlines()[-1] == "== tests"


@pytest.mark.parametrize("step", ["format", "types", "tests"])
def test_the_first_failure_ends_it_with_its_code(
    call: FakeCall, capsys: pytest.CaptureFixture[str], step: str
) -> None:
    call.fails = step
    assert check.main([]) == 2
    assert call.steps[-1] == step
    assert ("FAILED" in capsys.readouterr().out) is (step != "tests")


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
