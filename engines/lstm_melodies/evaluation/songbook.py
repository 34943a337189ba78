"""Prints tunes of every genre as ABC, to be read as a fiddler would.

python -m engines.lstm_melodies.evaluation.songbook --count 10 > songbook.abc
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np

from engines.lstm_melodies import shipped
from engines.lstm_melodies.composing import tune
from engines.lstm_melodies.corpus import archive
from engines.lstm_melodies.corpus.archive import Melody
from engines.lstm_melodies.features import Condition
from engines.lstm_melodies.grid import GENRES
from engines.lstm_melodies.spec import TUNES
from engines.lstm_melodies.stepping import Stepper
from engines.lstm_melodies.voicing import Voice, voiced
from engines.lstm_melodies.writing import Taste
from studio.music.files.abc import abc
from studio.music.metres import Metre

TONICS = {"major": (62, 67, 69), "minor": (64, 69), "dorian": (64, 69), "mixolydian": (62, 69)}
"""Keys that lie well on a fiddle, as MIDI numbers of their tonics."""
FIDDLE = (55, 83)
"""Its open G string and the B of its first position and a reach."""


def songbook(
    stepper: Stepper, melodies: list[Melody], count: int, taste: Taste, seed: int = 0
) -> list[str]:
    """`count` tunes of sixteen bars for every genre, in metres and modes as the books have them."""
    pages: list[str] = []
    for genre in GENRES[1:]:
        kinds = Counter((m.metre, m.mode) for m in melodies if m.genre == genre)
        names, odds = list(kinds), np.array(list(kinds.values()), float)
        for number in range(count):
            own = (seed, GENRES.index(genre), number)
            rng = np.random.default_rng(own)
            metre, mode = names[rng.choice(len(names), p=odds / odds.sum())]
            condition = Condition.of(genre, metre, mode)
            pickup = bool(rng.random() < 0.5)
            tonic = int(rng.choice(TONICS[mode]))
            within = replace(
                taste,
                lowest=max(taste.lowest, FIDDLE[0] - tonic),
                highest=min(taste.highest, FIDDLE[1] - tonic),
            )
            bars = list(tune(stepper, condition, 16, within, own, pickup=pickup))
            tuned = voiced(bars, Voice(Metre.parse(metre), tonic, mode))
            title = f"{genre} {number + 1}"
            pages.append(abc(tuned, number=len(pages) + 1, title=title, pickup=pickup))
    return pages


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Print tunes as ABC.")
    parser.add_argument("--weights", type=Path, default=TUNES.weights)
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--temperature", type=float, default=1.0)
    parser.add_argument("--nucleus", type=float, default=0.95)
    given = parser.parse_args()
    stepper = Stepper(shipped.read(given.weights))
    taste = Taste(temperature=given.temperature, nucleus=given.nucleus)
    print("\n".join(songbook(stepper, archive.split("training"), given.count, taste)))


if __name__ == "__main__":
    main()
