"""The artist's own pictures, from whatever file they come in, as plain RGB pixels."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from studio.engine import EngineError, Pixels

_SMALLEST_PX = 8
_LARGEST_PX = 2048
"""Pictures are reduced to this: no engine here looks at more."""
_GROUND = (255, 255, 255)


class PictureError(EngineError):
    """A file that holds no usable picture. Its text is one sentence for the artist."""


def open_picture(file: Path) -> Pixels:
    """The picture in `file`: uint8 (H, W, 3), upright, at most 2048 px on a side.

    Of an animation the first frame, of 16 bits a channel the upper 8, CMYK and palettes converted,
    transparency on white. Pillow's guard against decompression bombs stays on. Raises
    `PictureError`.
    """
    name = file.name
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file) as image:
                return _pixels(image, name)
    except UnidentifiedImageError as error:
        raise PictureError(f"The file {name} is not a picture that can be read.") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureError(f"The file {name} is too large to be opened.") from error
    except FileNotFoundError as error:
        raise PictureError(f"The file {name} is not there any more.") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        # Pillow's decoders raise all of these for files that are cut short or damaged.
        raise PictureError(f"The file {name} is damaged or cut short.") from error


def _pixels(image: Image.Image, name: str) -> Pixels:
    if min(image.size) < _SMALLEST_PX:
        raise PictureError(f"The file {name} is smaller than {_SMALLEST_PX} px.")
    image.draft("RGB", (_LARGEST_PX, _LARGEST_PX))  # lets JPEG decode at a fraction of its size
    upright = ImageOps.exif_transpose(image)
    reduced = _eight_bits(upright)
    reduced.thumbnail((_LARGEST_PX, _LARGEST_PX), Image.Resampling.LANCZOS)
    return np.asarray(_on_white(reduced), np.uint8)


def _eight_bits(image: Image.Image) -> Image.Image:
    """16-bit and floating greys as 8-bit grey; everything else as it is."""
    if image.mode.startswith("I") or image.mode == "F":
        values = np.asarray(image, np.float64)
        top = 1.0 if image.mode == "F" and values.max() <= 1 else 65535.0
        return Image.fromarray((255 * (values / top).clip(0, 1)).astype(np.uint8), "L")
    return image if image.mode in ("RGB", "RGBA", "L", "LA") else image.convert("RGBA")


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode not in ("RGBA", "LA"):
        return image.convert("RGB")
    ground = Image.new("RGBA", image.size, (*_GROUND, 255))
    return Image.alpha_composite(ground, image.convert("RGBA")).convert("RGB")
