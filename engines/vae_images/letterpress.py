"""Letterforms at work: one point is a typeface, and the artist's text is set in it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from engines.common.device import Placement
from engines.common.frozen import frozen
from engines.common.transfer import quantise
from engines.vae_images import typesetting
from engines.vae_images.alphabet import CHARACTERS, INKS, REACH_PX, SIZE_PX, TEXT
from engines.vae_images.base_art import Art, Look
from engines.vae_images.clean_edges import CleanEdges
from engines.vae_images.contours import contours, svg_path, thinned
from engines.vae_images.drawing import Drawing
from engines.vae_images.fields import letters_in, placed
from engines.vae_images.kerning import kerns
from engines.vae_images.latent_space import LatentSpace
from engines.vae_images.losses import field_error
from engines.vae_images.model import Decoder, Vae
from engines.vae_images.style import restyle
from studio.document.parameters import Value
from studio.engine import Job, Latent, Pixels

Draw = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]
"""White points (1, L) and letters (N,) -> fields (N, 1, S, S) and advances (N,)."""

THUMBNAIL_PX = 96
PLAIN_PX = 128
"""Sheets up to this size are set from the decoder's own fields: what there is to clean is less than
one of their pixels."""
OUTLINE_FINER = 3
"""Outlines are traced on a grid so many times as fine as the field."""


class LetterArt(Art):
    """Words as pictures and as outlines."""

    def __init__(self, vae: Vae, space: LatentSpace, placement: Placement) -> None:
        super().__init__(vae, space, placement)
        self._plain = LetterDrawing(vae.decoder, space, placement)
        self._clean = CleanLetters(vae.decoder, space, placement)
        _ = self._draw

    @functools.cached_property
    def _draw(self) -> Draw:
        return self._frozen(self._plain)

    @functools.cached_property
    def _draw_clean(self) -> Draw:
        """Its graph is made when a large sheet is first asked for (see `drawing.Sizes`)."""
        return self._frozen(self._clean)

    def _frozen(self, drawing: LetterDrawing) -> Draw:
        origin = torch.zeros(1, self.vae.config.latent_size, device=self.placement.device)
        return frozen(drawing, origin, self._told(TEXT))

    def pixels(
        self,
        point: Latent,
        job: Job,
        added: Sequence[Tensor] = (),  # noqa: ARG002
        crisp: float = 0.0,  # noqa: ARG002
    ) -> Tensor:
        if job.thumbnail:
            return quantise(self._sheet(point, {}, THUMBNAIL_PX)[0])
        size_px = int(job.parameters.get("size", 128))
        return quantise(restyle(self._sheet(point, job.parameters, size_px), job.parameters)[0])

    def look(self, pixels: Pixels, parameters: Mapping[str, Value]) -> Look:
        """The letters of the text, if so many can be told apart, else one: the text's first."""
        text = [c for c in _text(parameters) if c in CHARACTERS] or [CHARACTERS[0]]
        found = letters_in(pixels, len(text))
        if len(found) != len(text):
            text = text[:1]
        fields = [
            placed(ink, *self.space.lines[CHARACTERS.index(c)])
            for ink, c in zip(found, text, strict=False)
        ] or [np.zeros((SIZE_PX, SIZE_PX), np.uint8)]
        wanted = torch.from_numpy(np.stack(fields))[:, None].to(self.placement.device)
        return Look(wanted.float().div(255), self._told("".join(text)))

    def error(self, drawn: Tensor, wanted: Tensor) -> Tensor:
        return field_error(drawn, wanted)

    def outline(self, point: Latent, job: Job) -> str:
        fields, setting = self._set(point, _text(job.parameters), clean=True)
        level = 0.5 - float(job.parameters.get("boldness", 0.0)) * 0.5 / REACH_PX
        fine = OUTLINE_FINER * SIZE_PX
        _, weights = typesetting.resampling(0.0, OUTLINE_FINER, fine, fields)
        paths = []
        for field, left, top in zip(fields, setting.lefts, setting.tops, strict=True):
            drawn = (weights @ field[0].float() @ weights.T).cpu().numpy()
            data = "".join(
                svg_path((thinned(path) + 0.5) / OUTLINE_FINER + (left, top))
                for path in contours(drawn, level)
            )
            if data:
                paths.append(f'<path d="{data}"/>')
        shades = {n: v for n, v in job.parameters.items() if n not in ("size", "sharpen")}
        paper, ink = map(_hex, restyle(_colours(shades, fields), shades)[0, :, 0].T)
        side = f"{setting.side:.2f}"
        size_px = int(job.parameters.get("size", 128))
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{size_px}" height="{size_px}" '
            f'viewBox="0 0 {side} {side}">'
            f'<rect width="{side}" height="{side}" fill="{paper}"/>'
            f'<g fill="{ink}" fill-rule="evenodd">{"".join(paths)}</g></svg>\n'
        )

    def _sheet(self, point: Latent, values: Mapping[str, Value], size_px: int) -> Tensor:
        """The set text in colour: (1, 3, size_px, size_px) float32."""
        fields, setting = self._set(point, _text(values), size_px > PLAIN_PX)
        ink = typesetting.ink(fields, setting, size_px, float(values.get("boldness", 0.0)))
        paper, colour = _colours(values, ink).unbind(3)
        return paper[..., None] + ink * (colour - paper)[..., None]

    def letters(self, point: Latent, text: str, clean: bool) -> tuple[Tensor, Tensor]:
        """Fields (N, 1, S, S) and advances (N,) of the letters of `text`, with `clean` edges or as
        the decoder draws them."""
        white = torch.from_numpy(point[None]).to(self.placement.device)
        return (self._draw_clean if clean else self._draw)(white, self._told(text))

    def _set(self, point: Latent, text: str, clean: bool) -> tuple[Tensor, typesetting.TypeSetting]:
        fields, advances = self.letters(point, text, clean)
        advances_px = (SIZE_PX * advances).tolist()
        return fields, typesetting.set_text(text, advances_px, kerns(fields, advances_px))

    def _told(self, text: str) -> Tensor:
        return torch.tensor(typesetting.letters_of(text), device=self.placement.device)


class LetterDrawing(Drawing):
    """A white point (1, L) and letters (N,) -> fields (N, 1, S, S) and advances (N,) float32, as
    shares of the field's width."""

    def forward(self, white: Tensor, letters: Tensor) -> tuple[Tensor, Tensor]:  # type: ignore[override]
        face = self.latents(white).expand(letters.shape[0], -1)
        met = self.decoder.meet(face, letters)
        return self.fields(met), self.decoder.measure(met)[:, 0]

    def fields(self, met: Tensor) -> Tensor:
        """Of what the decoder is to draw (see `Decoder.meet`)."""
        return self.decoder.draw(met).clamp(0, 1)


class CleanLetters(LetterDrawing):
    """The same with clean edges."""

    def __init__(self, decoder: Decoder, space: LatentSpace, placement: Placement) -> None:
        super().__init__(decoder, space, placement)
        self.edges = CleanEdges(SIZE_PX, REACH_PX).to(placement.device)

    def fields(self, met: Tensor) -> Tensor:
        clean: Tensor = self.edges(super().fields(met))
        return clean


def _text(values: Mapping[str, Value]) -> str:
    return str(values.get("text", TEXT))


def _colours(values: Mapping[str, Value], like: Tensor) -> Tensor:
    """Paper and ink, (1, 3, 1, 2) float32 in 0..1."""
    pair: Sequence[str] = INKS[str(values.get("ink", next(iter(INKS))))]
    rgb = [[int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)] for c in pair]
    return torch.tensor(rgb, device=like.device, dtype=torch.float32).T[None, :, None]


def _hex(colour: Tensor) -> str:
    return "#{:02x}{:02x}{:02x}".format(
        *(round(255 * min(1.0, max(0.0, v))) for v in colour.tolist())
    )
