"""A map of a latent space: what looks alike stands close together.

    python -m engines.vae_images.training.mapping --model portraits

adds the map to a weights file that has none, and changes nothing else in it.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np

from engines.common.weights import read_weights, write_weights
from engines.vae_images import shipped
from engines.vae_images.latent_space import Array, LatentSpace
from engines.vae_images.spec import SPEC

PERPLEXITY = 30.0


def mapped(space: LatentSpace) -> LatentSpace:
    """The space with a place for each of its density's points.

    t-SNE (van der Maaten & Hinton, 2008), begun at the first two principal axes. Distances are
    those between the decoder's latents: in white coordinates the axes that hardly show count as
    much as those that make the picture.
    """
    lengths = np.sqrt(np.square(space.axes).sum(1))
    return replace(space, places=places_of(space.density.points * lengths))


def places_of(points: Array) -> Array:
    """(K, L), of any space in which what is alike is near, -> (K, 2) float32 in [-1, 1]. The same
    for the same points."""
    from sklearn.manifold import TSNE

    few = max(2.0, min(PERPLEXITY, (len(points) - 1) / 4))
    flat = TSNE(perplexity=few, init="pca", random_state=0, max_iter=1500).fit_transform(points)
    low, high = flat.min(0), flat.max(0)
    return np.asarray(2 * (flat - low) / np.maximum(high - low, 1e-6) - 1, np.float32)


def add(path: Path) -> None:
    """Put a map into the weights file at `path`; every other tensor stays as it is."""
    _, space = shipped.read(path)
    places = mapped(space).places
    assert places is not None
    tensors, about = read_weights(path)
    write_weights(path, tensors | shipped.map_tensors(places), about, shipped.EIGHT_BITS)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Add a map to a weights file.")
    parser.add_argument("--model", default="portraits")
    add(SPEC.model(parser.parse_args().model).weights)


if __name__ == "__main__":
    main()
