"""What pip says while it installs, in one line on a terminal: megabytes and the time left."""

from __future__ import annotations

import re
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

# What pip says when it has all packages at hand and begins to change the environment.
UNPACKING = "Installing collected"
_STEP = re.compile(rf"\s*(Collecting|Downloading|{UNPACKING})\s+(\S+)(?:.*\((\S+) ([kMG]B)\))?")
_PROGRESS = re.compile(r"Progress (\d+) of (\d+)")
_CAUSES = {
    "ProxyError": "the proxy that HTTPS_PROXY or pip's configuration names lets nothing through",
    "CERTIFICATE_VERIFY_FAILED": "the network's certificates are not known here",
    "NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout": (
        "there is no way to the network"
    ),
    "No space left on device": "the disk is full",
    "No module named pip": "this Python has no pip",
}
"""By what pip says of it, the reason why an install fails; the first that fits."""
_MB = {"kB": 1e-3, "MB": 1.0, "GB": 1e3}


@dataclass
class Followed:
    """What came of it."""

    said: str = ""
    """pip's errors, or its last words where it names none."""
    cause: str = ""
    """What keeps it from the packages, where pip's words tell; its errors then mislead."""
    unpacking: bool = False
    """Whether it began to change the environment."""
    downloaded_mb: float = 0.0


def follow(lines: Iterable[str], clock: Callable[[], float] = time.monotonic) -> Followed:
    """Show what pip does in one line on a terminal, in silence elsewhere."""
    done = Followed()
    shown = _Line(clock)
    last_words: deque[str] = deque(maxlen=8)
    errors: deque[str] = deque(maxlen=4)
    for line in lines:
        if progress := _PROGRESS.match(line):
            shown.progress(int(progress[1]), int(progress[2]))
            continue
        last_words.append(line)
        done.cause = done.cause or _cause(line)
        if line.lstrip().startswith("ERROR"):
            errors.append(line)
        if step := _STEP.match(line):
            done.cause = ""  # it goes on: what stood in the way did not
            done.unpacking |= step[1] == UNPACKING
            if step[1] == "Downloading" and step[4]:
                done.downloaded_mb += float(step[3]) * _MB[step[4]]
            shown.step(step)
    shown.clear()
    done.said = "".join(errors or last_words).strip()
    return done


def _cause(line: str) -> str:
    return next((cause for words, cause in _CAUSES.items() if re.search(words, line)), "")


@dataclass
class _Line:
    """The one line, written over again and again."""

    clock: Callable[[], float]
    text: str = ""
    began_s: float = 0.0
    terminal: bool = field(default_factory=lambda: sys.stdout.isatty())

    def step(self, step: re.Match[str]) -> None:
        doing, what = step[1], step[2]
        self.began_s = self.clock()
        name = re.split(r"[<>=!~\[;]|-cp\d|-py\d", what.rsplit("/", 1)[-1])[0]
        size = f" ({step[3]} {step[4]})" if step[4] else ""
        self.text = "unpacking" if doing == UNPACKING else f"{doing.lower()} {name}{size}"
        self._show(self.text)

    def progress(self, have: int, total: int) -> None:
        """Bytes of the file that is being downloaded."""
        passed_s = self.clock() - self.began_s
        if have and passed_s > 1:
            left = duration((total - have) / have * passed_s)
            self._show(f"{self.text}: {have / 1e6:.0f} of {total / 1e6:.0f} MB, {left} left")

    def clear(self) -> None:
        self._show("", indent="")

    def _show(self, text: str, indent: str = "  ") -> None:
        if self.terminal:
            print(f"\r\033[K{indent}{text}", end="", flush=True)


def duration(seconds: float) -> str:
    """In words: '40 s', '3 min'."""
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
