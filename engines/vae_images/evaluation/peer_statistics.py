r"""What the repository keeps of the plain models: the features of their samples.

    python -m engines.vae_images.evaluation.peer_statistics --model portraits \
        --run runs/portraits-peer

Their weights are as large as ours and of no other use.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from engines.common.device import place
from engines.common.seeding import generators
from engines.common.training import averaged_state
from engines.vae_images import shipped
from engines.vae_images.art import art_of
from engines.vae_images.evaluation import exams, features
from engines.vae_images.evaluation.features import FeatureStatistics
from engines.vae_images.model import fold_norms
from engines.vae_images.spec import SPEC
from engines.vae_images.training.lessons import lesson
from engines.vae_images.training.peer import PlainVae

FOLDER = Path(__file__).parents[1] / "data"
SAMPLES = 2000


@dataclass(frozen=True)
class Peer:
    """A plain model's samples, as features."""

    statistics: FeatureStatistics
    samples: int
    steps: int


def kept(model: str) -> Peer | None:
    """What is kept for `model`, if anything is."""
    path = FOLDER / f"{model}-peer.npz"
    if not path.exists():
        return None
    with np.load(path) as file:
        about = json.loads(str(file["about"]))
        upper = np.triu_indices(features.COUNT)
        covariance = np.zeros((features.COUNT, features.COUNT))
        covariance[upper] = file["covariance"]
        covariance += np.triu(covariance, 1).T
        statistics = FeatureStatistics(file["mean"].astype(np.float64), covariance)
    return Peer(statistics, about["samples"], about["steps"])


@torch.inference_mode()
def measure(model: str, run: Path) -> Path:
    """Draw `SAMPLES` from N(0, I) with the plain model in `run` and keep their features."""
    state, trained = averaged_state(run, "vae")
    config = lesson(model).config
    plain = PlainVae(config).eval()
    plain.load_state_dict(state)
    vae, space = shipped.read(SPEC.model(model).weights)
    fold_norms(vae)
    placement = place("cpu")
    exam = exams.of(model, art_of(placement.put(vae, converted=True), space, placement), 2)
    told = exam.told(SAMPLES)
    size = config.latent_size
    points = np.stack([rng.standard_normal(size) for rng in generators(3, SAMPLES)])
    seen = []
    for start in range(0, SAMPLES, 50):
        part = slice(start, start + 50)
        latents = torch.from_numpy(points[part].astype(np.float32))
        drawn = plain.decoder(latents, None if told is None else told[part])
        seen.append(features.features(exam.shown(drawn)))
    statistics = FeatureStatistics.of(np.concatenate(seen))
    path = FOLDER / f"{model}-peer.npz"
    about = {"samples": SAMPLES, "steps": trained["steps"], "minutes": round(trained["minutes"], 1)}
    np.savez_compressed(
        path,
        mean=statistics.mean.astype(np.float32),
        covariance=statistics.covariance[np.triu_indices(features.COUNT)].astype(np.float32),
        about=json.dumps(about),
    )
    return path


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Keep what a plain model draws, as features.")
    parser.add_argument("--model", default="portraits")
    parser.add_argument("--run", type=Path)
    given = parser.parse_args()
    run = given.run or Path("runs") / f"{SPEC.name}-{given.model}-peer"
    print(measure(given.model, run))


if __name__ == "__main__":
    main()
