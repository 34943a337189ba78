"""pip's output in one line, and what is kept of it."""

from __future__ import annotations

import sys

import pytest

from studio.setup import pip_output

PIP_SAYS = [
    "Collecting torch==2.13.0 (from -c constraints.txt (line 20))\n",
    "  Downloading torch-2.13.0-cp311-cp311-linux_x86_64.whl (190.1 MB)\n",
    "Collecting pillow>=11\n",
    "Installing collected packages: torch, pillow\n",
    "ERROR: No matching distribution found for torch\n",
]


def test_a_terminal_sees_one_short_line_that_follows_pip(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    pip_output.follow(PIP_SAYS)
    shown = [part.strip() for part in capsys.readouterr().out.split("\r\033[K")]
    assert shown == [
        "",
        "collecting torch",
        "downloading torch-2.13.0 (190.1 MB)",
        "collecting pillow",
        "unpacking",
        "",
    ]


def test_elsewhere_pip_is_silent_but_its_errors_are_kept(
    capsys: pytest.CaptureFixture[str],
) -> None:
    note = "note: This error originates from a subprocess.\n"
    done = pip_output.follow([*PIP_SAYS, *[note] * 100])
    assert capsys.readouterr().out == ""
    assert done.said == "ERROR: No matching distribution found for torch"
    assert done.unpacking
    assert done.downloaded_mb == pytest.approx(190.1)
    done = pip_output.follow([*PIP_SAYS[:3], *[note] * 100])
    assert done.said == "\n".join([note.strip()] * 8)
    assert not done.unpacking


def test_megabytes_and_the_time_left_are_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    seconds = iter([0.0, 0.5, 10.0])
    says = [PIP_SAYS[1], "Progress 1000 of 190000000\n", "Progress 95000000 of 190000000\n"]
    pip_output.follow(says, clock=lambda: next(seconds))
    assert "95 of 190 MB, 10 s left" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ("Retrying after connection broken by 'NewConnectionError('<pip._vendor", "no way to the"),
        ("broken by 'ProxyError('Cannot connect to proxy.', NewConnectionError(", "the proxy"),
        ("ERROR: Could not install packages due to an OSError: No space left on device", "is full"),
        ("/usr/bin/python3: No module named pip", "has no pip"),
        ("ERROR: No matching distribution found for torch", ""),
    ],
)
def test_what_keeps_pip_from_the_packages_is_told_from_its_words(said: str, cause: str) -> None:
    found = pip_output.follow([f"{said}\n", "ERROR: No matching distribution found for numpy\n"])
    assert cause in found.cause
    assert bool(cause) == bool(found.cause)


def test_a_connection_that_broke_and_came_back_is_not_the_cause() -> None:
    found = pip_output.follow(
        ["Retrying, 'ReadTimeoutError'\n", "Collecting numpy\n", "ERROR: x\n"]
    )
    assert found.cause == ""
