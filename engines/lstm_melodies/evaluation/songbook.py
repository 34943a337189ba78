"""Prints tunes of every genre as ABC, to be read as a fiddler would.

python -m engines.lstm_melodies.evaluation.songbook --count 10 > songbook.abc
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

import numpy as np

from engines.lstm_melodies import shipped
from engines.lstm_melodies.corpus import archive
from engines.lstm_melodies.corpus.archive import Melody
from engines.lstm_melodies.grid import GENRES
from engines.lstm_melodies.playing import TunePlayer
from engines.lstm_melodies.spec import POINT, TUNES
from engines.lstm_melodies.stepping import Stepper
from studio.engine import Passage
from studio.music.files.abc import abc
from studio.music.metres import Metre

BARS = 16
HIGHEST = 83
"""A fiddle's first position and a reach."""


def songbook(
    stepper: Stepper, melodies: list[Melody], count: int, temperature: float, seed: int = 0
) -> list[str]:
    """`count` tunes of sixteen bars for every genre, in metres as the books have them."""
    player = TunePlayer(stepper, POINT)
    pages: list[str] = []
    for genre in GENRES[1:]:
        kinds = Counter(m.metre for m in melodies if m.genre == genre)
        names, odds = list(kinds), np.array(list(kinds.values()), float)
        for number in range(count):
            rng = np.random.default_rng((seed, GENRES.index(genre), number))
            passage = Passage(
                latent=np.zeros(POINT, np.float32),
                parameters={"genre": genre, "temperature": temperature, "highest": HIGHEST},
                seed=int(rng.integers(2**31)),
                metre=Metre.parse(str(rng.choice(names, p=odds / odds.sum()))),
                bars=BARS,
                free=True,
                opens=True,
                closes=True,
            )
            made = player.whole(passage)
            title, pickup = f"{genre} {number + 1}", made.form.pickup
            pages.append(abc(made.phrase, number=len(pages) + 1, title=title, pickup=pickup))
    return pages


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Print tunes as ABC.")
    parser.add_argument("--weights", type=Path, default=TUNES.weights)
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--temperature", type=float, default=0.9)
    given = parser.parse_args()
    stepper = Stepper(shipped.read(given.weights))
    melodies = archive.split("training")
    print("\n".join(songbook(stepper, melodies, given.count, given.temperature)))


if __name__ == "__main__":
    main()
