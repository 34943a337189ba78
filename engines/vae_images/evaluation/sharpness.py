"""How good large pictures are: rows of `latentloom evaluate` for a model that draws them itself.

Held-out drawings at two or four times the model's size, beside what the engine makes of their
points, and beside what version 0.1 made of them: the small picture enlarged (bicubic). Both are
drawn by the engine's own code, of the same drawings, in the same run.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import torch
from numpy.typing import NDArray

from engines.vae_images.art import PictureArt
from engines.vae_images.base_art import Art
from engines.vae_images.data_sets.materials import to_tensor
from engines.vae_images.evaluation.closeness import psnr_db
from engines.vae_images.evaluation.edges import edge_width_px, steepness
from engines.vae_images.evaluation.exams import LargeExam
from engines.vae_images.latent_space import Array
from studio.commands.report import Row
from studio.engine import Job

COUNT = 100
"""Pictures that are compared; a true one of 512 px takes 0.15 s to draw."""
TIMED = 30

Bytes = NDArray[np.uint8]


def rows(
    exam: LargeExam, art: PictureArt, large_px: int, blends: Array, count: int = COUNT
) -> list[Row]:
    """How sharp and how near `count` held-out drawings are; and how sharp are `blends` (N, L),
    white points of which there are no drawings."""
    plain = PictureArt(art.vae, art.space, art.placement)
    small, real = exam.draw(count, art.vae.config.size_px), exam.draw(count, large_px)
    points = _points(art, small)
    ours, before = (_drawn(a, points, large_px) for a in (art, plain))
    middle = _drawn(art, blends[:count], large_px)
    shown = (
        ("", ours, f"{len(real)} {exam.what} at {large_px} px"),
        ("_v0_1", before, "as version 0.1 enlarges them (bicubic)"),
        ("_blends", middle, "middles between pairs of samples"),
    )

    def over_real(name: str, measure: Callable[[Bytes], float]) -> Iterator[Row]:
        truth = measure(real)
        for suffix, pictures, what in shown:
            value = measure(pictures)
            note = f"{what}: {value:.3g}, real ones {truth:.3g}"
            yield Row(name + suffix, value / truth, "", exam.goals.get(name + suffix), note)

    at = f"psnr_{large_px}_db"
    return [
        *over_real("edge_width_over_real", edge_width_px),
        *over_real("steepness_over_real", steepness),
        Row(at, psnr_db(ours, real), "dB", exam.goals.get(at), shown[0][2]),
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
    """What the engine shows at white points (N, L), as crisp as it can: (N, size, size, 3)."""
    jobs = [Job(latent=p, parameters={"size": str(size_px)}) for p in points]
    return np.stack([art.pixels(job.latent, job, crisp=1.0).cpu().numpy() for job in jobs])


@contextmanager
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
