"""How good large pictures are: rows of `latentloom evaluate` for a model that has a sharpener.

Held-out drawings at four times the model's size, beside what the engine makes of their points, and
beside what version 0.1 made of them: the small picture enlarged (bicubic). Both are drawn by the
engine's own code, on the same faces, in the same run.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch
from numpy.typing import NDArray

from engines.vae_images.art import PictureArt
from engines.vae_images.base_art import Art
from engines.vae_images.data_sets import faces
from engines.vae_images.data_sets.materials import to_tensor
from engines.vae_images.evaluation.closeness import psnr_db
from engines.vae_images.evaluation.edges import edge_width_px
from engines.vae_images.latent_space import Array
from engines.vae_images.sharpener import Sharpener
from studio.commands.report import Row, at_least, at_most
from studio.engine import Job

COUNT = 100
"""Pictures of 512 px that are compared; a true one takes 0.15 s to draw."""
TIMED = 30

Bytes = NDArray[np.uint8]


def rows(art: PictureArt, sharpener: Sharpener, blends: Array, count: int = COUNT) -> list[Row]:
    """How sharp and how near `count` held-out faces are; and how sharp are `blends` (N, L), white
    points of which there are no drawings."""
    plain = PictureArt(art.vae, art.space, art.placement)
    own_px = art.vae.config.size_px
    large_px = own_px * sharpener.config.times
    numbers = faces.HELD_OUT[:count]
    small = np.stack([faces.draw(faces.face(n), own_px) for n in numbers])
    real = np.stack([faces.draw(faces.face(n), large_px) for n in numbers])
    points = _points(art, small)
    ours, before = (_drawn(a, points, large_px) for a in (art, plain))
    middle = _drawn(art, blends[:count], large_px)
    real_px = edge_width_px(real)
    on = f"{len(real)} held-out faces at {large_px} px"

    def width(pictures: Bytes, name: str, what: str, goal: float | None = None) -> Row:
        width_px = edge_width_px(pictures)
        note = f"{what}: {width_px:.2f} px, real ones {real_px:.2f}"
        return Row(name, width_px / real_px, "", at_most(goal) if goal else None, note)

    at = f"psnr_{large_px}_db"
    return [
        width(ours, "edge_width_over_real", on, 1.2),
        width(before, "edge_width_over_real_v0_1", "as version 0.1 enlarges them (bicubic)"),
        width(middle, "edge_width_over_real_blends", "middles between pairs of samples"),
        Row(at, psnr_db(ours, real), "dB", at_least(30.0), on),
        Row(f"{at}_v0_1", psnr_db(before, real), "dB", None, "as version 0.1 enlarges them"),
        *_speed(art, plain, points, large_px),
    ]


def _speed(art: Art, plain: Art, points: Array, large_px: int) -> Iterator[Row]:
    with _one_thread():
        for which, suffix in ((art, ""), (plain, "_v0_1")):
            took_ms = _median_ms(which, points, large_px)
            name = f"picture_{large_px}_ms{suffix}"
            yield Row(name, took_ms, "ms", None, "the median, on one thread")


def _median_ms(art: Art, points: Array, size_px: int) -> float:
    took_s = []
    for turn in range(TIMED):
        begun = time.perf_counter()
        _drawn(art, points[turn % len(points)][None], size_px)
        took_s.append(time.perf_counter() - begun)
    return 1000 * float(np.median(took_s))


@torch.inference_mode()
def _points(art: Art, pictures: Bytes) -> Array:
    """White points (N, L) of pictures (N, S, S, 3), one at a time as the instrument encodes."""
    means = []
    for picture in pictures:
        mean, _ = art.vae.encoder(art.placement.fit(to_tensor(picture[None])))
        means.append(mean.cpu().numpy())
    return art.space.to_white(np.concatenate(means))


@torch.inference_mode()
def _drawn(art: Art, points: Array, size_px: int) -> Bytes:
    """What the engine shows at white points (N, L): (N, size, size, 3)."""
    jobs = [Job(latent=p, parameters={"size": str(size_px)}) for p in points]
    return np.stack([art.pixels(job.latent, job).cpu().numpy() for job in jobs])


@contextmanager
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
