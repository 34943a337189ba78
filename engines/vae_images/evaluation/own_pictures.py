"""Whether an artist's own picture comes back as itself: rows of `latentloom evaluate`.

For pictures in a style that the model has never seen: emoji for the portraits, and the portraits'
faces for the emoji. What they look like under version 0.1, encoded alone, stands beside; and
whether what lies between such a picture and the model's own is one.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engines.vae_images import refining
from engines.vae_images.art import PictureArt
from engines.vae_images.base_art import Look
from engines.vae_images.data_sets import emoji, faces
from engines.vae_images.data_sets.materials import to_tensor
from engines.vae_images.evaluation.blends import STEPS, edge_share, jump, walk
from engines.vae_images.evaluation.closeness import psnr_db
from engines.vae_images.latent_space import Array
from engines.vae_images.refining import MakingOwn, OwnPicture
from engines.vae_images.spec import OWN_STEPS
from studio.commands.report import Row, at_least, at_most
from studio.engine import Job

COUNT = 20
OTHERS = 7
"""The other slots of a deck."""
BLENDS = 8
SEED = 4300

Bytes = NDArray[np.uint8]


def rows(model: str, art: PictureArt, count: int = COUNT) -> Iterator[Row]:
    """Of `count` pictures."""
    wanted = _strange(model, count, art.vae.config.size_px)
    others = art.space.density.sample(SEED, OTHERS)
    before = [_drawn(art, point) for point in others]
    plain, ours, kept, took_s = [], [], [], []
    blends: list[Bytes] = []
    for number, picture in enumerate(wanted):
        begun = time.perf_counter()
        own = _made(art, picture)
        took_s.append(time.perf_counter() - begun)
        plain.append(psnr_db(_drawn(art, own.point), picture[None]))
        ours.append(psnr_db(_drawn(art, own.point, own), picture[None]))
        kept += [
            psnr_db(_drawn(art, point, own), drawn)
            for point, drawn in zip(others, before, strict=True)
        ]
        if len(blends) < BLENDS:
            blends.append(_blend(art, own, others[number % OTHERS]))
    note = f"the least of {count} pictures of another style; the mean {np.mean(ours):.1f}"
    yield Row("own_picture_db", min(ours), "dB", at_least(26.0), note)
    yield Row("own_picture_db_v0_1", float(np.mean(plain)), "dB", None, "encoded alone: the mean")
    threads = f"the slowest; at most {OWN_STEPS} steps on {torch.get_num_threads()} threads"
    yield Row("own_picture_s", max(took_s), "s", at_most(10.0), threads)
    note = f"the least of {OTHERS} samples, before and after; 108 says the same to the bit"
    yield Row("own_picture_others_db", min(kept), "dB", at_least(35.0), note)
    middles, ends = (
        edge_share(to_tensor(np.concatenate([blend[places] for blend in blends])))
        for places in ([STEPS // 2], [0, STEPS])
    )
    note = f"{len(blends)} middles between them and samples; of all edges, by those of both ends"
    yield Row("own_picture_middle_edges", middles / ends, "", at_least(0.95), note)
    jumps = [jump(to_tensor(blend)) for blend in blends]
    note = f"of {STEPS} steps of these blends over the median one; the worst {max(jumps):.1f}"
    yield Row("own_picture_largest_step", float(np.median(jumps)), "", at_most(2.0), note)


def _strange(model: str, count: int, size_px: int) -> Bytes:
    if model == "emoji":
        return np.stack([faces.draw(faces.face(n), size_px) for n in faces.HELD_OUT[:count]])
    codes = emoji.chosen(emoji.SHIPPED)
    some = [codes[n * len(codes) // count] for n in range(count)]
    return np.stack([emoji.draw(emoji.SHIPPED, emoji.variation([c], 0), size_px) for c in some])


def _made(art: PictureArt, picture: Bytes) -> OwnPicture:
    pictures = to_tensor(picture[None]).to(art.placement.device)
    with torch.no_grad():
        mean, _ = art.vae.encoder(art.placement.fit(pictures))
    point = art.space.to_white(mean[0].cpu().numpy())
    making = MakingOwn(art, Look(pictures), point, OWN_STEPS)
    for _ in range(OWN_STEPS):
        making.step()
        if making.near:
            break
    return making.picture


def _blend(art: PictureArt, own: OwnPicture, other: Array) -> Bytes:
    """(STEPS + 1, H, W, 3) from an own picture to another point's."""
    return np.concatenate([_drawn(art, point, own) for point in walk(own.point, other)])


@torch.inference_mode()
def _drawn(art: PictureArt, point: Array, *owns: OwnPicture) -> Bytes:
    job = Job(latent=point)
    seen = refining.shares(owns, point)
    added: tuple[Tensor, ...] = refining.mixed(owns, seen)
    drawn: Bytes = art.pixels(point, job, added, refining.bare(seen)).cpu().numpy()[None]
    return drawn
