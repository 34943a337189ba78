"""Turns a training run into the weights file that the instrument loads.

python -m engines.lstm_melodies.training.export --run runs/lstm_melodies-tunes
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from engines.common.training import averaged_state
from engines.lstm_melodies import shipped
from engines.lstm_melodies.corpus import archive
from engines.lstm_melodies.corpus.archive import Melody
from engines.lstm_melodies.model import Melodist, MelodyConfig
from engines.lstm_melodies.spec import TUNES
from engines.lstm_melodies.training import directions


def export(
    run: Path,
    *,
    out: Path | None = None,
    config: MelodyConfig | None = None,
    melodies: Sequence[Melody] | None = None,
) -> Path:
    """Write the weights file from the checkpoint in `run`; returns its path.

    The directions are found among `melodies`, by default those of the training.
    """
    state, trained = averaged_state(run, "melodist")
    melodist = Melodist(config or MelodyConfig())
    melodist.load_state_dict(state)
    melodist.eval()
    path = out or TUNES.weights
    steps = directions.found(melodist, archive.split("training") if melodies is None else melodies)
    shipped.write(path, melodist, {"model": "tunes", **trained}, steps)
    return path


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Write a trained model's weights file.")
    parser.add_argument("--run", type=Path, default=Path("runs/lstm_melodies-tunes"))
    parser.add_argument("--out", type=Path, help="default: where the instrument looks for it")
    given = parser.parse_args()
    path = export(given.run, out=given.out)
    print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
