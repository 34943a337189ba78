"""The artist's own pictures, from whatever file they come in, as plain RGB pixels.

The one reader for slots, for pictures to learn from, and for whatever else takes a picture in.
"""

from __future__ import annotations

import gzip
import importlib
import importlib.util
import io
import stat
import warnings
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, ImageCms, JpegImagePlugin, UnidentifiedImageError

from studio.document.arrays import Pixels
from studio.engine._plain_png import plain_png
from studio.engine.contract import EngineError
from studio.processes.packaged import remedy

_SMALLEST_PX = 8
_LARGEST_PX = 2048
"""Pictures are reduced to this: no engine here looks at more."""
_MOST_JPEG_PIXELS = 1_000_000_000
"""JPEGs are decoded at an eighth of their size; at this many pixels that is still 47 MB."""
_GROUND = (255, 255, 255)
_NOT_READ = frozenset({"EPS", "WMF", "BUFR", "GRIB", "HDF5", "MPEG", "FITS"})
"""What Pillow would hand to another program (EPS to Ghostscript) or cannot decode by itself."""
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What undoes each orientation that EXIF knows."""
_SRGB = ImageCms.createProfile("sRGB")
_RAW = frozenset(
    (".cr2", ".cr3", ".nef", ".arw", ".dng", ".raf", ".orf", ".rw2", ".pef", ".srw", ".raw")
)
_PLUGINS = {".heic": "pillow_heif", ".heif": "pillow_heif", ".jxl": "pillow_jxl"}
_PACKAGES = {"pillow_heif": "pillow-heif", "pillow_jxl": "pillow-jxl-plugin"}


class PictureError(EngineError):
    """A file that holds no usable picture. Its text is one sentence for the artist."""


def open_picture(file: Path) -> Pixels:
    """The picture in `file`: uint8 sRGB (H, W, 3), upright, at most 2048 px on a side.

    Of an animation the first frame, of 16 bits a channel the upper 8, floating greys by their
    range, colours by the profile that comes with them, transparency on white. A JPEG of any size is
    decoded reduced; for other kinds Pillow's guard against decompression bombs stays on. Raises
    `PictureError`.
    """
    _look_at(file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what a decoder grumbles about is readable
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _read(file)
    except PictureError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureError(f"The file {file.name} is too large to be opened.") from error
    except UnidentifiedImageError as error:
        raise PictureError(_not_a_picture(file)) from error
    except Exception as error:  # strangers' files: its decoders raise anything
        raise PictureError(f"The file {file.name} is damaged or cut short.") from error


def _look_at(file: Path) -> None:
    """Raises for what must not be opened: reading a pipe would wait for ever."""
    try:
        mode = file.stat().st_mode
    except FileNotFoundError as error:
        raise PictureError(f"The file {file.name} is not there any more.") from error
    except OSError as error:
        raise PictureError(f"The file {file.name} cannot be opened.") from error
    if stat.S_ISDIR(mode):
        raise PictureError(f"{file.name} is a folder; drop one of its pictures.")
    if not stat.S_ISREG(mode):
        raise PictureError(f"{file.name} is not an ordinary file.")
    plugin = _PLUGINS.get(file.suffix.lower())
    if plugin is not None and importlib.util.find_spec(plugin) is None:
        raise PictureError(
            f"{file.name} needs a package to be read: {remedy(f'pip install {_PACKAGES[plugin]}')}."
        )


def _read(file: Path) -> Pixels:
    try:
        with _opened(file) as image:
            return _pixels(image, file.name)
    except (PictureError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise
    except Exception:  # strangers' files: its decoders raise anything
        plain = plain_png(file)
        if plain is None:
            raise
        with Image.open(plain[0], formats=("PNG",)) as image:
            image.info["icc_profile"] = plain[1]
            return _pixels(image, file.name)


def _opened(file: Path) -> Image.Image:
    suffix = file.suffix.lower()
    if suffix in (".svg", ".svgz"):
        return _drawn(file)
    if plugin := _PLUGINS.get(suffix):
        module = importlib.import_module(plugin)
        if hasattr(module, "register_heif_opener"):
            module.register_heif_opener()
    with file.open("rb") as start:
        is_jpeg = start.read(3) == b"\xff\xd8\xff"
    if is_jpeg:  # not by Image.open, whose guard looks at the size before `draft` reduces it
        image = JpegImagePlugin.JpegImageFile(file)
        if image.width * image.height > _MOST_JPEG_PIXELS:
            raise Image.DecompressionBombError
        return image
    Image.init()
    return Image.open(file, formats=[kind for kind in Image.OPEN if kind not in _NOT_READ])


def _drawn(file: Path) -> Image.Image:
    """An SVG, drawn by resvg (MPL 2.0; in the `train` extra): no scripts, no other files."""
    if importlib.util.find_spec("resvg_py") is None:
        raise PictureError(
            f"{file.name} is a drawing in lines: save it as PNG, or "
            f"{remedy('pip install resvg_py')}."
        )
    text = file.read_text("utf-8") if file.suffix.lower() == ".svg" else _unzipped(file)
    resvg = importlib.import_module("resvg_py")
    png = resvg.svg_to_bytes(svg_string=text, width=_LARGEST_PX // 2)
    return Image.open(io.BytesIO(bytes(png)), formats=("PNG",))


def _unzipped(file: Path) -> str:
    with gzip.open(file) as packed:
        return packed.read(10_000_000).decode("utf-8")


def _not_a_picture(file: Path) -> str:
    if file.suffix.lower() in _RAW:
        return f"{file.name} is a camera's raw file: save it as JPEG or TIFF first."
    return f"The file {file.name} is not a picture that can be read."


def _pixels(image: Image.Image, name: str) -> Pixels:
    if min(image.size) < _SMALLEST_PX:
        raise PictureError(f"The file {name} is smaller than {_SMALLEST_PX} px.")
    if min(image.size) * _LARGEST_PX < _SMALLEST_PX * max(image.size):
        raise PictureError(f"The file {name} is too long and thin: {_size(image)} px.")
    image.draft("RGB", (_LARGEST_PX, _LARGEST_PX))  # lets JPEG decode at a fraction of its size
    profile = image.info.get("icc_profile")
    _deepen_key(image)
    image.load()
    reduced = _eight_bits(_upright(image))
    reduced.thumbnail((_LARGEST_PX, _LARGEST_PX), Image.Resampling.LANCZOS)
    return np.asarray(_on_white(_in_srgb(reduced, profile)), np.uint8)


def _deepen_key(image: Image.Image) -> None:
    """Pillow tells the transparent colour in the file's depth, and the pixels in 8 bits."""
    tiles = getattr(image, "tile", None)  # what is still to be decoded, and how it is packed
    key, raw = image.info.get("transparency"), tiles[0][3] if tiles else None
    if isinstance(key, int) and raw in ("L;2", "L;4"):
        image.info["transparency"] = key * (85 if raw == "L;2" else 17)
    elif isinstance(key, tuple) and raw == "RGB;16B":
        image.info["transparency"] = tuple(part >> 8 for part in key)


def _upright(image: Image.Image) -> Image.Image:
    """`image` turned as its camera says, where that can be read at all."""
    try:
        turn = _TURNS.get(image.getexif().get(ExifTags.Base.Orientation) or 1)
    except Exception:  # noqa: BLE001 - strangers' files: a broken EXIF block raises anything
        turn = None
    return image if turn is None else image.transpose(turn)


def _size(image: Image.Image) -> str:
    return f"{image.width} x {image.height}"


def _eight_bits(image: Image.Image) -> Image.Image:
    """Deep and floating greys as 8-bit ones; a transparent colour as transparency; CMYK as it is,
    since its profile wants all four."""
    if image.mode.startswith("I") or image.mode == "F":
        return _shallow(image)
    if "transparency" in image.info or image.mode in ("P", "PA", "La", "RGBa"):
        return image.convert("RGBA")
    return image if image.mode in ("RGB", "RGBA", "L", "LA", "CMYK") else image.convert("RGB")


def _shallow(image: Image.Image) -> Image.Image:
    values = np.nan_to_num(np.asarray(image, np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    grey = Image.fromarray((255 * (values / _top(image, values)).clip(0, 1)).astype(np.uint8), "L")
    key = image.info.get("transparency")
    if isinstance(key, int):
        grey.putalpha(Image.fromarray(np.where(values == key, 0, 255).astype(np.uint8), "L"))
    return grey


def _top(image: Image.Image, values: np.ndarray) -> float:
    """What counts as white: the least of the usual ranges that holds all values."""
    if image.mode.startswith("I;16"):
        return 65535.0
    usual = (1.0, 255.0, 65535.0) if image.mode == "F" else (65535.0,)
    most = float(values.max())
    return next((top for top in usual if most <= top), most)


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """`image` by its colour profile; by no profile, or by one that is broken, as it is."""
    if not profile or image.mode == "LA":
        return image
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    plain = image.convert("RGB") if image.mode == "RGBA" else image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        turned = ImageCms.profileToProfile(
            plain,
            source,
            _SRGB,
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    assert turned is not None  # only in place there is no new picture
    if alpha is not None:
        turned.putalpha(alpha)
    return turned


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode not in ("RGBA", "LA"):
        return image.convert("RGB")
    ground = Image.new("RGBA", image.size, (*_GROUND, 255))
    return Image.alpha_composite(ground, image.convert("RGBA")).convert("RGB")
