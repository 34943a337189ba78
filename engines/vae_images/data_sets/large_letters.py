"""Letters as fields twice as fine as the letterforms' own: what their sharpener learns from.

    python -m engines.vae_images.data_sets.large_letters --fonts fonts/node_modules \\
        --out data/letterforms-sharpener

takes some letters of each face (see `letters`, which says where fonts come from): a tenth of a
second each.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engines.vae_images.alphabet import CHARACTERS, SIZE_PX
from engines.vae_images.data_sets.letters import Face, Field, families, held_out, styles
from engines.vae_images.fields import to_field

TIMES = 2
FINER = 6
"""Pixels of ink along one of a field of the usual size."""
EACH = 9
"""Letters of a face."""


def prepare(fonts: Path, out: Path) -> None:
    """Write `out`/SPLIT.npy, (N, T S, T S, 1) uint8, and `out`/SPLIT-letters.npy, (N,) int64: which
    letter each is."""
    out.mkdir(parents=True, exist_ok=True)
    paths = [(path, held_out(f.name)) for f in families(fonts) for path, *_ in styles(f)]
    with multiprocessing.get_context("spawn").Pool(os.cpu_count()) as pool:
        drawn = pool.map(draw, [path for path, _ in paths], chunksize=4)
    for split, wanted in (("training", False), ("held_out", True)):
        chosen = [found for found, (_, kept) in zip(drawn, paths, strict=True) if kept == wanted]
        np.save(out / f"{split}.npy", np.concatenate([fields for fields, _ in chosen])[..., None])
        np.save(out / f"{split}-letters.npy", np.concatenate([letters for _, letters in chosen]))


def draw(path: Path) -> tuple[Field, npt.NDArray[np.int64]]:
    """Some letters of one face, the same each time: (N, T S, T S) uint8 and (N,)."""
    face = Face.open(path, FINER)
    order = np.random.default_rng(zlib.crc32(path.name.encode())).permutation(len(CHARACTERS))
    fields, letters = [np.zeros((0, TIMES * SIZE_PX, TIMES * SIZE_PX), np.uint8)], []
    for letter in order[: EACH if face else 0]:
        assert face is not None
        if CHARACTERS[letter] not in face.advances:
            continue
        if (ink := face.ink(CHARACTERS[letter])) is not None:
            fields.append(to_field(ink, TIMES * SIZE_PX)[None])
            letters.append(letter)
    return np.concatenate(fields), np.array(letters, np.int64)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Measure letters into finer distance fields.")
    parser.add_argument("--fonts", type=Path, required=True, help="a node_modules folder")
    parser.add_argument("--out", type=Path, default=Path("data/letterforms-sharpener"))
    given = parser.parse_args()
    prepare(given.fonts, given.out)


if __name__ == "__main__":
    main()
