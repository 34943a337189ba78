"""How the books' tunes are made, as `forms` draws from it: no notes, only which bars come again.

    python -m engines.lstm_melodies.corpus.book_forms

reads the training tunes of `data/tunes.xz` and writes `weights/forms.json`, in a few seconds.
"""

from __future__ import annotations

import json

from engines.lstm_melodies.corpus import archive
from engines.lstm_melodies.corpus.archive import Melody
from engines.lstm_melodies.forms import FILE, PART
from engines.lstm_melodies.grid import FIRST_PITCH, GENRES, HOLD, REST
from engines.lstm_melodies.writing import Bar

MOST_BARS = 32
_DIGITS = "0123456789abcdefghijklmnopqrstuv"


def row(melody: Melody) -> list[object]:
    """Mode, tonic, pickup, copied bars, parts that come home, where the parts lie."""
    pickup = melody.bars[0][0][0] == REST
    bars = melody.bars[pickup:]
    kept = bars[: min(MOST_BARS, len(bars) // PART * PART)]
    parts = [kept[at : at + PART] for at in range(0, len(kept), PART)]
    ends = [part[-1:] for part in parts[:-1]] + [bars[-1:]]
    again = "".join(_DIGITS[kept.index(bar)] for bar in kept)
    home = "".join("1" if _home(end) else "0" for end in ends)
    return [melody.mode, melody.tonic, int(pickup), again, home, [_centre(p) for p in parts]]


def _pitches(bars: tuple[Bar, ...]) -> list[int]:
    return [pitch - FIRST_PITCH for bar in bars for pitch, _ in bar if pitch not in (REST, HOLD)]


def _home(bars: tuple[Bar, ...]) -> bool:
    found = _pitches(bars)
    return bool(found) and found[-1] % 12 == 0


def _centre(bars: tuple[Bar, ...]) -> float:
    found = _pitches(bars)
    return round(sum(found) / max(1, len(found)), 1)


def main() -> None:
    """Write the file."""
    rows: dict[str, list[list[object]]] = {genre: [] for genre in GENRES[1:]}
    for melody in archive.split("training"):
        pickup = melody.bars[0][0][0] == REST
        if melody.opens and melody.genre in rows and len(melody.bars) - pickup >= 2 * PART:
            rows[melody.genre].append(row(melody))
    lines = [
        f'"{genre}": [\n' + ",\n".join(json.dumps(each) for each in found) + "\n]"
        for genre, found in rows.items()
    ]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


if __name__ == "__main__":
    main()
