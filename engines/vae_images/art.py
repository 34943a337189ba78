"""What a model's numbers are turned into: the part of the engine that differs between the kinds.

Pictures come from the decoder as they are; letterforms (`letterpress`) are set into words first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from engines.common.device import Placement
from engines.common.transfer import quantise
from engines.vae_images.base_art import Art, Look
from engines.vae_images.contours import contours, svg_path, thinned
from engines.vae_images.drawing import Drawn, Sizes, inked_sizes, sizes
from engines.vae_images.inking.inker import Inker
from engines.vae_images.latent_space import LatentSpace
from engines.vae_images.letterpress import LetterArt
from engines.vae_images.model import Vae
from engines.vae_images.sharpener import Sharpener
from engines.vae_images.style import enlarged, is_neutral, restyle
from studio.document.parameters import Value
from studio.engine import Job, Latent, Pixels

ALL_INK = 0.25
"""How crisp a picture is that shows nothing any more of the decoder's soft one; above, shapes are
taken ever more decidedly."""

OVERLAP = 0.3
"""Of a cell: by so much fills reach over each other in an outline."""


class PictureArt(Art):
    """RGB pictures."""

    def __init__(
        self,
        vae: Vae,
        space: LatentSpace,
        placement: Placement,
        sharpener: Sharpener | None = None,
        inker: Inker | None = None,
    ) -> None:
        super().__init__(vae, space, placement)
        self._soft = sizes(vae, space, placement, sharpener)
        self._inker = inker
        self._inked = inked_sizes(inker, placement) if inker else None
        (self._inked or self._soft).smallest.prepare()  # what is seen first

    def pixels(
        self, point: Latent, job: Job, added: Sequence[Tensor] = (), crisp: float = 0.0
    ) -> Tensor:
        device = self.placement.device
        white = torch.from_numpy(point[None]).to(device)
        if self._inked is None or crisp <= 0:
            return _sized(self._soft, white, added, job)
        inked = _sized(self._inked, white, (_decided(crisp, device),), job)
        if crisp >= ALL_INK:
            return inked
        soft = _sized(self._soft, white, added, job)
        return torch.lerp(soft.float(), inked.float(), crisp / ALL_INK).round().byte()

    def outline(self, point: Latent, job: Job) -> str:
        if self._inker is None:
            return super().outline(point, job)
        device = self.placement.device
        decided = _decided(float(job.parameters.get("crisp", 0.0)), device)
        white = torch.from_numpy(point[None]).to(device)
        shares, colours = self._inker.decided(white, decided)
        fills, ink = (t[0].cpu().numpy() for t in self._inker.whole(*self._inker.laid(shares)))
        shades = {n: v for n, v in job.parameters.items() if n not in ("size", "sharpen")}
        black = colours.new_zeros(1, 1, 3)
        told = restyle(torch.cat([colours, black], 1).permute(0, 2, 1)[:, :, None], shades)
        paper, *tones = ("#" + bytes(c).hex() for c in quantise(told[0])[0].cpu().tolist())
        edges = [*(_ahead(fills, n) for n in range(1, len(fills))), ink[0]]
        paths = [
            f'<path fill="{tone}" d="{data}"/>'
            for edge, tone in zip(edges, tones, strict=True)
            if (data := "".join(svg_path(thinned(p) + 0.5) for p in contours(edge, 0.0)))
        ]
        size_px, side = int(job.parameters.get("size", 128)), ink.shape[-1]
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{size_px}" height="{size_px}" '
            f'viewBox="0 0 {side} {side}"><rect width="{side}" height="{side}" fill="{paper}"/>'
            f'<g fill-rule="evenodd">{"".join(paths)}</g></svg>\n'
        )

    def look(self, pixels: Pixels, parameters: Mapping[str, Value]) -> Look:  # noqa: ARG002
        fitted = torch.from_numpy(fit_square(pixels, self.vae.config.size_px))
        return Look(fitted.to(self.placement.device).permute(2, 0, 1)[None].float().div(255))

    def error(self, drawn: Tensor, wanted: Tensor) -> Tensor:
        difference = drawn - wanted
        return difference.square().mean() + 0.02 * difference.abs().mean()


def _decided(crisp: float, device: torch.device) -> Tensor:
    """How decidedly an inker is to take shapes: (1, 1)."""
    return torch.full((1, 1), max(0.0, (crisp - ALL_INK) / (1 - ALL_INK)), device=device)


def _ahead(fills: NDArray[np.float32], number: int) -> NDArray[np.float32]:
    """How far each cell is inside of one of the fills (F, S, S), and a little beyond, so that no
    seam shows between two: (S, S)."""
    others = np.delete(fills, number, 0).max(0)
    return np.asarray(fills[number] - others + OVERLAP, np.float32)


def _sized(sizes: Sizes, white: Tensor, added: Sequence[Tensor], job: Job) -> Tensor:
    """The picture at a white point (1, L) as the job says: (H, W, 3) uint8."""
    if job.thumbnail:
        return sizes.smallest.pixels(white, *added)
    drawn = sizes.of(job.parameters)
    if drawn is sizes.smallest:
        return _styled(drawn, white, added, job.parameters)
    pixels = _styled(drawn, white, added, {**job.parameters, "size": str(drawn.size_px)})
    wanted_px = int(job.parameters["size"])
    return pixels if wanted_px == drawn.size_px else enlarged(pixels, wanted_px)


def _styled(
    drawn: Drawn, white: Tensor, added: Sequence[Tensor], values: Mapping[str, Value]
) -> Tensor:
    """The picture at a white point (1, L) as the controls say: (H, W, 3) uint8."""
    if is_neutral(values, drawn.size_px):
        return drawn.pixels(white, *added)
    return quantise(restyle(drawn.pictures(white, *added), values)[0])


def fit_square(pixels: Pixels, size_px: int) -> Pixels:
    """The middle square of (H, W, 3) uint8, resampled (Lanczos) to (size_px, size_px, 3)."""
    height, width = pixels.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    box = (left, top, left + side, top + side)
    picture = Image.fromarray(pixels).resize((size_px, size_px), Image.Resampling.LANCZOS, box=box)
    return np.array(picture)


def art_of(
    vae: Vae,
    space: LatentSpace,
    placement: Placement,
    sharpener: Sharpener | None = None,
    inker: Inker | None = None,
) -> Art:
    """The kind that suits the model: letters for distance fields, else pictures; large ones are
    drawn by the `sharpener`, and crisp ones by the `inker`, if there is one."""
    if vae.config.channels == 1:
        return LetterArt(vae, space, placement)
    return PictureArt(vae, space, placement, sharpener, inker)
