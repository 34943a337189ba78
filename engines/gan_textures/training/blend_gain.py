"""Teaches a model's `BlendGain` how much contrast its blends lack.

    python -m engines.gan_textures.training.blend_gain --model materials

writes it beside a weights file that has none; two minutes on one core.
"""

from __future__ import annotations

import argparse
import math

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from engines.common.device import place
from engines.common.optimisers import AdamW
from engines.gan_textures import shipped, styles
from engines.gan_textures.drawing import Drawer
from engines.gan_textures.gain import MOST, BlendGain, write_beside
from engines.gan_textures.noise import Noise
from engines.gan_textures.shipped import Shipped
from engines.gan_textures.spec import SPEC
from engines.gan_textures.styles import Array

CELLS = 12
"""Pictures that contrast is measured on are so many cells high and wide."""
SEEDS = 4
"""Pictures of one material whose contrast is averaged."""
BLENDS = 4000
STEPS = 3000


def taught(model: Shipped) -> BlendGain:
    """A gain for `model`'s materials: what leads from a blend's contrast to the geometric mean of
    its ends'. The same at every call."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        patterns = styles.read(model.points).patterns
        ruler = _Ruler(model)
        ends = np.array([np.mean([ruler.log(p, s) for s in range(SEEDS)]) for p in patterns])
        rng = np.random.default_rng(0)
        shares = np.stack([_shares(rng, len(patterns)) for _ in range(BLENDS)])
        seen = (shares @ patterns).astype(np.float32)
        found = [ruler.log(p, SEEDS + n) for n, p in enumerate(seen)]
        lacks = np.clip(shares @ ends - np.array(found), 0, math.log(MOST))
        still = np.zeros(4 * len(patterns))  # a material by itself lacks nothing
        inputs = torch.from_numpy(np.concatenate([seen, np.tile(patterns, (4, 1))]))
        targets = torch.from_numpy(np.concatenate([lacks, still]).astype(np.float32))[:, None]
        return _fitted(inputs, targets)


class _Ruler:
    """Measures contrasts as the instrument draws."""

    def __init__(self, model: Shipped) -> None:
        placement = place("cpu")
        self._noise = Noise(model.generator.config, placement)
        self._drawer = Drawer(model.generator.requires_grad_(False), placement)

    @torch.inference_mode()
    def log(self, pattern: Array, seed: int) -> float:
        """The logarithm of the luminance's deviation of a picture of `pattern` (style,)."""
        noise = self._noise.at(seed, CELLS, CELLS, 0.0)
        films = self._drawer.films(torch.from_numpy(pattern[None]))
        own = self._drawer.draw(noise, lambda _: films).float()
        return math.log(max(1e-3, float(own[:, 0].std())))


def _shares(rng: np.random.Generator, materials: int) -> Array:
    """(M,): two materials mostly, sometimes three or four, in any proportion."""
    count = min(materials, int(rng.choice([2, 3, 4], p=[0.7, 0.2, 0.1])))
    found = np.zeros(materials, np.float32)
    found[rng.choice(materials, count, replace=False)] = rng.dirichlet(np.ones(count))
    return found


def _fitted(inputs: Tensor, targets: Tensor) -> BlendGain:
    gain = BlendGain(inputs.shape[1])
    optimiser = AdamW(gain.parameters(), 3e-3, weight_decay=1e-3)
    rate = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, STEPS)
    for _ in range(STEPS):
        rows = torch.randint(len(inputs), (256,))
        loss = F.smooth_l1_loss(gain(inputs[rows]), targets[rows], beta=0.1)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        rate.step()
    return gain.requires_grad_(False).eval()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Add a blend's gain to a weights file.")
    parser.add_argument("--model", default="materials")
    weights = SPEC.model(parser.parse_args().model).weights
    write_beside(weights, taught(shipped.read(weights)))


if __name__ == "__main__":
    main()
