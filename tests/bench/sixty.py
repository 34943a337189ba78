"""Sixty photographs and sixty drawings, each made a model of: how it does on those held out.

The photographs are flowers, fruit and vegetables of Tux Paint's stamps (GPL-2 or later, each with
its credit beside it), on white; the drawings are Open Peeps (CC0). Neither comes with the project:

    apt-get download tuxpaint-stamps-default
    dpkg-deb -x tuxpaint-stamps-default_*.deb stamps
    python -m tests.bench.sixty photographs stamps/usr/share/tuxpaint/stamps photographs
    node engines/vae_images/recipes/open-peeps.mjs drawings     (its head says what it needs)

    latentloom train vae_images --data photographs --model emoji --flips --size 64 --steps 800 \\
        --out runs/photographs
    python -m tests.bench.sixty report runs/photographs [runs/photographs-from-nothing]

Of sixty pictures six are held out. They are encoded and drawn again; beside the model stand the
nearest picture that was learnt from and the mean of all, which is what a model that has learnt
nothing but to copy, or nothing at all, would give.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from engines.common.sheets import write_sheet
from engines.vae_images import shipped
from engines.vae_images.data_sets import own
from engines.vae_images.data_sets.materials import Bytes, to_tensor
from engines.vae_images.latent_space import LatentSpace
from engines.vae_images.model import Vae
from studio.commands.report import Row, show
from studio.training.runs import Run

KINDS = ("plants/flowers", "food/fruit", "food/vegetables")
COUNT, SIDE_PX, MARGIN = 60, 256, 1.15


def photographs(stamps: Path, into: Path) -> None:
    """The first sixty, each in the middle of a white square."""
    into.mkdir(parents=True, exist_ok=True)
    found = [file for kind in KINDS for file in sorted((stamps / kind).glob("*.png"))]
    for number, file in enumerate([f for f in found if "mirror" not in f.stem][:COUNT]):
        cut_out = Image.open(file).convert("RGBA")
        cut_out = cut_out.crop(cut_out.getchannel("A").getbbox())
        side = round(MARGIN * max(cut_out.size))
        square = Image.new("RGBA", (side, side), "white")
        square.alpha_composite(cut_out, ((side - cut_out.width) // 2, (side - cut_out.height) // 2))
        small = square.convert("RGB").resize((SIDE_PX, SIDE_PX), Image.Resampling.LANCZOS)
        small.save(into / f"{number:02}-{file.stem}.png")


def report(folder: Path, beside: Path | None) -> list[Row]:
    """Of a run that is done, and of how far it was ahead of one from nothing; a sheet is written
    into its folder."""
    run = Run(folder)
    weights, status = folder / run.status.weights, run.status
    learnt, held = own.read(run.material, run.plan.size_px)
    vae, space = shipped.read(weights)
    with torch.no_grad():
        drawn = vae.decoder(vae.encoder(to_tensor(held))[0]).clamp(0, 1)
    again = (255 * drawn.permute(0, 2, 3, 1)).round().byte().numpy()
    nearest = np.stack([max(learnt, key=lambda one: _psnr_db(one, each)) for each in held])
    mean = np.repeat(learnt.mean(0, keepdims=True), len(held), 0)
    note = f"{len(held)} held out of {len(learnt) + len(held)}; {status.step} steps"
    rows = [
        Row("held_out_db", _mean_db(again, held), "dB", None, note),
        Row("nearest_picture_db", _mean_db(nearest, held), "dB", None, "of those learnt from"),
        Row("mean_picture_db", _mean_db(mean, held), "dB"),
    ]
    _write_sheet(vae, space, to_tensor(held), drawn, to_tensor(learnt[:8]), folder / "sheet.png")
    return [*rows, *(_ahead(run, Run(beside)) if beside else [])]


@torch.no_grad()
def _write_sheet(
    vae: Vae, space: LatentSpace, held: Tensor, drawn: Tensor, learnt: Tensor, path: Path
) -> None:
    """Rows of six: what was held out and how it comes back; from four that were learnt to others
    in six steps; twelve samples."""
    ends = vae.encoder(learnt)[0].chunk(2)
    shares = torch.linspace(0, 1, 6)[None, :, None]
    blends = (1 - shares) * ends[0][:, None] + shares * ends[1][:, None]
    sampled = torch.from_numpy(space.to_decoder(space.density.sample(1, 12)))
    pictures = vae.decoder(torch.cat([blends.flatten(0, 1), sampled]))
    write_sheet(torch.cat([held[:6], drawn[:6], pictures]), 6, path)


def _ahead(tuned: Run, scratch: Run) -> list[Row]:
    ours, theirs = _held_out(tuned), _held_out(scratch)
    last = theirs[-1][1]
    reached = next((step for step, loss in ours if loss <= last), None)
    share = reached / theirs[-1][0] if reached else float("inf")
    return [
        Row("held_out_loss", ours[-1][1], "", None, f"after {ours[-1][0]} steps"),
        Row("held_out_loss_from_nothing", last, "", None, f"after {theirs[-1][0]} steps"),
        Row("steps_to_the_same_loss", share, "", None, "as a share of those from nothing"),
    ]


def _held_out(run: Run) -> list[tuple[int, float]]:
    return [(int(e["step"]), e["held_out"]) for e in run.losses() if "held_out" in e]


def _mean_db(some: Bytes, others: Bytes) -> float:
    return float(np.mean([_psnr_db(a, b) for a, b in zip(some, others, strict=True)]))


def _psnr_db(one: Bytes, other: Bytes) -> float:
    error = np.square(one.astype(np.float64) - other).mean()
    return float(10 * np.log10(255**2 / max(error, 1e-9)))


if __name__ == "__main__":
    if sys.argv[1] == "photographs":
        photographs(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        paths = [Path(name) for name in sys.argv[2:]]
        show(paths[0].name, report(paths[0], paths[1] if len(paths) > 1 else None))
