"""Files that artists drop: all kinds of pictures, and all kinds of things that are none."""

from __future__ import annotations

import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from studio.engine.picture_files import PictureError, open_picture
from tests.fakes import is_one_sentence


def _saved(image: Image.Image, file: Path, **options: object) -> Path:
    image.save(file, **options)
    return file


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "CMYK"])
def test_every_mode_becomes_rgb_bytes(tmp_path: Path, mode: str) -> None:
    suffix = "jpg" if mode == "CMYK" else "png"
    file = _saved(Image.new(mode, (40, 30)), tmp_path / f"a.{suffix}")
    pixels = open_picture(file)
    assert pixels.shape == (30, 40, 3)
    assert pixels.dtype == np.uint8


def test_sixteen_bits_keep_their_upper_eight(tmp_path: Path) -> None:
    values = np.full((20, 20), 0x80FF, np.uint16)
    file = _saved(Image.fromarray(values), tmp_path / "deep.png")
    assert abs(int(open_picture(file)[0, 0, 0]) - 0x80) <= 1


def test_transparency_lies_on_white(tmp_path: Path) -> None:
    file = _saved(Image.new("RGBA", (16, 16), (0, 0, 0, 0)), tmp_path / "glass.png")
    assert (open_picture(file) == 255).all()


def test_an_animation_gives_its_first_frame(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (16, 16), c) for c in ("red", "blue")]
    file = _saved(frames[0], tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    assert open_picture(file)[0, 0].tolist() == [255, 0, 0]


def test_a_camera_s_turn_is_undone(tmp_path: Path) -> None:
    image = Image.new("RGB", (40, 20))
    exif = image.getexif()
    exif[0x0112] = 6  # turned a quarter
    file = _saved(image, tmp_path / "a.jpg", exif=exif)
    assert open_picture(file).shape == (40, 20, 3)


def test_a_long_strip_is_reduced(tmp_path: Path) -> None:
    file = _saved(Image.new("RGB", (20_000, 400)), tmp_path / "long.png")
    assert open_picture(file).shape == (41, 2048, 3)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda f: Image.new("RGB", (1, 1)).save(f), "smaller than"),
        (lambda f: Image.new("1", (20_000, 20_000)).save(f), "too large"),
        (lambda f: f.write_text("not a picture"), "not a picture"),
        (lambda f: f.write_bytes(b""), "not a picture"),
        (lambda f: None, "not there"),
    ],
)
def test_what_is_no_picture_gets_one_sentence(tmp_path: Path, make, words: str) -> None:
    file = tmp_path / "odd.png"
    make(file)
    with pytest.raises(PictureError, match=words) as caught:
        open_picture(file)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("suffix", ["png", "jpg", "gif", "webp", "tif", "bmp"])
def test_a_file_cut_short_gets_one_sentence(tmp_path: Path, suffix: str) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    file = _saved(Image.fromarray(noise), tmp_path / f"cut.{suffix}")
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(PictureError):
        open_picture(file)


def test_a_transparent_colour_lies_on_white(tmp_path: Path) -> None:
    red = Image.new("RGB", (20, 20), (255, 0, 0))
    file = _saved(red, tmp_path / "keyed.png", transparency=(255, 0, 0))
    assert (open_picture(file) == 255).all()
    grey = Image.fromarray(np.full((20, 20), 1000, np.uint16))
    file = _saved(grey, tmp_path / "deep.png", transparency=1000)
    assert (open_picture(file) == 255).all()


def _with_gamma(gamma: float) -> bytes:
    """The bytes of sRGB's profile with other curves: what was 128 is another grey."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    at = profile.index(b"para") if b"para" in profile else profile.index(b"curv")
    value = round(gamma * 65536).to_bytes(4, "big")
    return profile[: at + 12] + value + profile[at + 16 :]


def test_colours_come_by_their_profile(tmp_path: Path) -> None:
    image = Image.new("RGB", (20, 20), (128, 128, 128))
    plain = open_picture(_saved(image, tmp_path / "plain.png"))
    steep = open_picture(_saved(image, tmp_path / "steep.png", icc_profile=_with_gamma(3.5)))
    broken = open_picture(_saved(image, tmp_path / "broken.png", icc_profile=b"no profile"))
    assert plain[0, 0].tolist() == broken[0, 0].tolist() == [128, 128, 128]
    assert int(steep[0, 0, 0]) < 110
    glass = image.convert("RGBA")
    glass.putalpha(0)
    assert (
        open_picture(_saved(glass, tmp_path / "g.png", icc_profile=_with_gamma(3.5))) == 255
    ).all()


@pytest.mark.parametrize("top", [1.0, 255.0, 65535.0, 1e6])
def test_floating_greys_come_by_their_range(tmp_path: Path, top: float) -> None:
    values = np.linspace(0, top, 400, dtype=np.float32).reshape(20, 20)
    values[0, 0] = np.nan
    pixels = open_picture(_saved(Image.fromarray(values), tmp_path / "a.tif"))
    assert pixels[-1, -1, 0] == 255
    assert abs(int(pixels[10, 0, 0]) - 128) <= 1


def test_a_deep_ramp_is_a_ramp(tmp_path: Path) -> None:
    ramp = np.linspace(1000, 65535, 400).astype(np.uint16).reshape(20, 20)
    for name in ("a.png", "a.tif"):
        assert abs(open_picture(_saved(Image.fromarray(ramp), tmp_path / name)).mean() - 129) < 2


def test_a_photograph_of_any_size_is_opened(tmp_path: Path) -> None:
    file = _saved(Image.new("L", (12_000, 9_000), 90), tmp_path / "big.jpg")
    assert open_picture(file).shape == (1536, 2048, 3)


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(PictureError, match="not an ordinary file"):
        open_picture(tmp_path / "pipe.png")
    with pytest.raises(PictureError, match="is a folder"):
        open_picture(tmp_path / "folder.png")


def test_a_long_thin_picture_is_called_so(tmp_path: Path) -> None:
    file = _saved(Image.new("RGB", (9, 20_000)), tmp_path / "thin.png")
    with pytest.raises(PictureError, match="long and thin: 9 x 20000 px"):
        open_picture(file)


def test_whatever_a_decoder_raises_is_one_sentence(tmp_path: Path, monkeypatch) -> None:
    file = _saved(Image.new("RGB", (16, 16)), tmp_path / "a.png")
    for error in (SyntaxError("broken APNG"), NotImplementedError("DDS"), RuntimeError("odd")):

        def broken(*_: object, error: Exception = error, **__: object) -> None:
            raise error

        monkeypatch.setattr("PIL.Image.open", broken)
        with pytest.raises(PictureError, match=r"a\.png is damaged"):
            open_picture(file)


def test_a_real_texture_of_a_game_that_pillow_cannot_decode(tmp_path: Path) -> None:
    head = bytearray(128)
    head[:8] = b"DDS " + (124).to_bytes(4, "little")
    head[12:20] = (16).to_bytes(4, "little") * 2
    head[76:84] = (32).to_bytes(4, "little") + (4).to_bytes(4, "little")
    head[84:88] = b"ABCD"  # a compression that nobody knows
    file = tmp_path / "a.dds"
    file.write_bytes(bytes(head) + bytes(512))
    with pytest.raises(PictureError, match=r"a\.dds"):
        open_picture(file)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a.heic", "pip install pillow-heif"),
        ("a.jxl", "pip install pillow-jxl-plugin"),
        ("a.cr2", "save it as JPEG or TIFF"),
        ("a.svg", "save it as PNG"),
        ("a.eps", "not a picture that can be read"),
    ],
)
def test_kinds_that_need_something_say_what(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, words: str
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    file = tmp_path / name
    file.write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 50 50\n")
    with pytest.raises(PictureError, match=words):
        open_picture(file)


def test_a_drawing_in_lines_is_drawn(tmp_path: Path) -> None:
    pytest.importorskip("resvg_py")
    file = tmp_path / "a.svg"
    file.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">'
        '<rect width="20" height="20" fill="#f00"/></svg>'
    )
    pixels = open_picture(file)
    assert pixels.shape == (512, 1024, 3)
    assert pixels[0, 0].tolist() == [255, 0, 0]
    assert pixels[0, -1].tolist() == [255, 255, 255]


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _png(depth: int, kind: int, row: bytes, *extra: tuple[bytes, bytes]) -> bytes:
    """16 equal rows of 16 pixels, with chunks before the picture."""
    head = struct.pack(">IIBBBBB", 16, 16, depth, kind, 0, 0, 0)
    chunks = [(b"IHDR", head), *extra, (b"IDAT", zlib.compress(16 * (b"\0" + row))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _red(*extra: tuple[bytes, bytes]) -> bytes:
    return _png(8, 2, 16 * b"\xff\0\0", *extra)


def _first(file: Path, data: bytes) -> list[int]:
    file.write_bytes(data)
    return [int(part) for part in open_picture(file)[0, 0]]


@pytest.mark.parametrize("depth", [1, 2, 4, 8])
@pytest.mark.parametrize("key", [0, 1])
def test_a_transparent_grey_of_any_depth_lies_on_white(
    tmp_path: Path, depth: int, key: int
) -> None:
    row = int(16 * format(key, f"0{depth}b"), 2).to_bytes(2 * depth, "big")
    keyed = (b"tRNS", struct.pack(">H", key))
    assert _first(tmp_path / "a.png", _png(depth, 0, row, keyed)) == [255, 255, 255]
    other = (b"tRNS", struct.pack(">H", 1 - key))
    shade = round(255 * key / (2**depth - 1))
    assert _first(tmp_path / "b.png", _png(depth, 0, row, other)) == [shade] * 3


def test_a_transparent_colour_of_sixteen_bits_lies_on_white(tmp_path: Path) -> None:
    colour = struct.pack(">HHH", 0x8000, 0x4000, 0xFFFF)
    data = _png(16, 2, 16 * colour, (b"tRNS", colour))
    assert _first(tmp_path / "a.png", data) == [255, 255, 255]


@pytest.mark.parametrize("name", [b"zTXt", b"iTXt"])
def test_words_of_megabytes_beside_a_picture_do_not_hide_it(tmp_path: Path, name: bytes) -> None:
    packed = zlib.compress(3_000_000 * b"x")
    words = b"prompt\0\0" if name == b"zTXt" else b"prompt\0\1\0\0\0"
    assert _first(tmp_path / "a.png", _red((name, words + packed))) == [255, 0, 0]


def test_a_profile_of_megabytes_does_not_hide_a_picture(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    packed = zlib.compress(profile + bytes(3_000_000))
    assert _first(tmp_path / "a.png", _red((b"iCCP", b"p\0\0" + packed))) == [255, 0, 0]
    bomb = zlib.compress(bytes(100_000_000))
    assert _first(tmp_path / "b.png", _red((b"iCCP", b"p\0\0" + bomb))) == [255, 0, 0]


@pytest.mark.parametrize(
    "extra",
    [
        (b"gAMA", b""),
        (b"pHYs", b"1"),
        (b"sRGB", b""),
        (b"cHRM", b"123"),
        (b"iCCP", b""),
        (b"iCCP", b"p\0\0not packed"),
        (b"zTXt", b"k\0\1abc"),
        (b"eXIf", b"rubbish"),
        (b"eXIf", b""),
    ],
)
def test_a_broken_chunk_beside_a_picture_does_not_hide_it(
    tmp_path: Path, extra: tuple[bytes, bytes]
) -> None:
    assert _first(tmp_path / "a.png", _red(extra)) == [255, 0, 0]


def test_what_follows_a_picture_in_its_file_is_left_alone(tmp_path: Path) -> None:
    assert _first(tmp_path / "a.png", _red() + 100 * b"and more") == [255, 0, 0]
    assert _first(tmp_path / "b.png", _red()[:-12]) == [255, 0, 0]  # nor is its end missed


_CORNER = {1: (0, 0), 2: (0, 1), 3: (1, 1), 4: (1, 0), 5: (0, 0), 6: (0, 1), 7: (1, 1), 8: (1, 0)}
"""Where the first pixel belongs: down, right."""


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif"])
@pytest.mark.parametrize("turn", [*_CORNER, 0, 9, 65535])
def test_every_turn_is_undone_and_no_other_believed(tmp_path: Path, suffix: str, turn: int) -> None:
    image = Image.new("RGB", (40, 20))
    image.paste((255, 0, 0), (0, 0, 8, 8))
    exif = image.getexif()
    exif[0x0112] = turn
    pixels = open_picture(_saved(image, tmp_path / f"a.{suffix}", exif=exif))
    assert pixels.shape == ((40, 20, 3) if 5 <= turn <= 8 else (20, 40, 3))
    down, right = _CORNER.get(turn, (0, 0))
    assert pixels[-down, -right, 0] > 200


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp"])
@pytest.mark.parametrize(
    "block",
    [
        b"rubbish!",
        b"Exif\0\0II*\0\x08\0\0\0",  # twice the same word
        b"II*\0\xff\xff\xff\xff",
        b"II*\0\x08\0\0\0\xff\xff\x12\x01",
        b"II*\0\x08\0\0\0\1\0\x12\1\5\0\1\0\0\0\x1a\0\0\0" + bytes(12),  # 0 / 0
    ],
)
def test_a_broken_exif_block_does_not_hide_a_picture(
    tmp_path: Path, suffix: str, block: bytes
) -> None:
    image = Image.new("RGB", (40, 20), "red")
    file = _saved(image, tmp_path / f"a.{suffix}", exif=b"Exif\0\0" + block)
    assert open_picture(file).shape == (20, 40, 3)


@pytest.mark.parametrize("suffix", ["webp", "avif", "png", "tif", "mpo"])
def test_of_several_pictures_in_a_file_the_first_is_taken(tmp_path: Path, suffix: str) -> None:
    red, blue = (Image.new("RGB", (32, 32), colour) for colour in ("red", "blue"))
    file = _saved(red, tmp_path / f"a.{suffix}", save_all=True, append_images=[blue])
    first = open_picture(file)[0, 0].astype(int)
    assert first[0] > 250
    assert first[2] < 6


@pytest.mark.parametrize("progressive", [False, True])
def test_printers_colours_are_not_turned_inside_out(tmp_path: Path, progressive: bool) -> None:
    image = Image.new("CMYK", (32, 32), (0, 255, 255, 0))  # saved with Adobe's marker, inverted
    file = _saved(image, tmp_path / "a.jpg", quality=95, progressive=progressive)
    assert open_picture(file)[0, 0].tolist() == [255, 0, 0]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a\0\0\0\0\0\0\0;",
        b"BM" + bytes(60),
        b"P6 0 0 255\n",
        b"P6 99999999999999999999 5 255\n",
        b"P6 20 20 999999\n" + 1200 * b"a",
        b"8BPS\0\1" + bytes(6) + b"\0\3\0\0\0\x10\0\0\0\x10\0\x08\0\3",
        b"II*\0\x08\0\0\0\0\0",
        b"RIFF\0\0\0\0WEBP",
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n",
    ],
)
def test_a_head_that_lies_is_one_sentence(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.png").write_bytes(data)
    with pytest.raises(PictureError) as caught:
        open_picture(tmp_path / "a.png")
    assert is_one_sentence(str(caught.value))
