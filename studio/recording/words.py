"""What decks said while a take was recorded, as a text and as subtitles for its film."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from studio.recording.take import Take
from studio.storage import files

TEXT, SUBTITLES = "words.txt", "film.srt"
_SHORTEST_S = 0.2
"""What stood for less than that was on its way to another line."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A line, and from when to when it stood."""

    begin_s: float
    end_s: float
    words: str


def write_words(folder: Path, take: Take) -> int:
    """Write both files, where anything was said; how many lines. Raises OSError."""
    cues = list(cues_of(take))
    if cues:
        text = "".join(f"{cue.words}\n" for cue in cues)
        files.replace(folder / TEXT, text.encode("utf-8"))
        files.replace(folder / SUBTITLES, subtitles(cues).encode("utf-8"))
    return len(cues)


def cues_of(take: Take) -> Iterator[Cue]:
    """The lines of all decks, in the order in which they began."""
    found: list[Cue] = []
    standing: dict[str, tuple[float, str]] = {}
    for seconds, (deck, _, *said) in take.of_kind("picture"):
        words = str(said[0]) if said else ""
        before = standing.get(str(deck), (0.0, ""))
        if words != before[1]:
            found.append(Cue(before[0], seconds, before[1]))
            standing[str(deck)] = seconds, words
    found += [Cue(begin_s, take.seconds, words) for begin_s, words in standing.values()]
    stood = (c for c in found if c.words and c.end_s - c.begin_s >= _SHORTEST_S)
    return iter(sorted(stood, key=lambda cue: cue.begin_s))


def subtitles(cues: Iterable[Cue]) -> str:
    """SubRip: numbered, with times in milliseconds."""
    return "\n".join(
        f"{number}\n{_time(cue.begin_s)} --> {_time(cue.end_s)}\n{cue.words}\n"
        for number, cue in enumerate(cues, 1)
    )


def _time(seconds: float) -> str:
    minutes, ms = divmod(round(1000 * seconds), 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{ms // 1000:02},{ms % 1000:03}"
