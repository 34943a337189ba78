"""LSTM beside GRU: models of the same size, trained alike and as long.

    python -m engines.verse.evaluation.cells runs/cells 4000

trains either for so many steps (ten minutes of a core for 4,000) and prints bits a character of
what is held out, weights, and the minutes that it took.
"""

from __future__ import annotations

import sys
from pathlib import Path

from engines.common.training import averaged_state
from engines.verse.corpus import lines
from engines.verse.evaluation.evaluate import bits_a_character
from engines.verse.model import HIDDEN
from engines.verse.shipped import read
from engines.verse.training.train import train


def main(folder: Path, steps: int) -> None:
    """Train and tell."""
    for cell in HIDDEN:
        path = train(cell, out=folder / cell, steps=steps, threads=1)
        model = read(path).model
        size = sum(weights.numel() for weights in model.parameters())
        minutes = averaged_state(folder / cell, "model")[1]["minutes"]
        bits = bits_a_character(model, lines.held_out())
        print(f"{cell}: {bits:.3f} bits a character, {size:,} weights, {minutes:.1f} minutes")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
