"""Whether the numbers in a SoundFont lead anywhere: TinySoundFont follows them unchecked.

Source: SoundFont Technical Specification 2.04, sections 7 and 8.1.2. Lenient where it is harmless:
loops that are a little too long and samples that nobody plays are found in many good fonts.
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path

from studio.audio.font.riff import HYDRA, SIZES, FontError
from studio.storage.files import open_plain

_SAMPLE, _INSTRUMENT = 53, 41
_ADDRESSES = ((0, 4), (1, 12), (2, 45), (3, 50))  # start, end, loop: fine and coarse offsets
_COARSE = 32768
_MODE = 54
_PAGE = b"OggS"


def check(path: Path) -> None:
    """Raises `FontError` for a font whose tables point outside of themselves or of the sound."""
    try:
        tables, sound, vorbis = _read(path)
        good = _leads_somewhere(tables, sound, vorbis)
    except OSError as error:
        raise FontError(f"The SoundFont {path.name} cannot be read: {error.strerror}.") from error
    except (struct.error, KeyError, IndexError):
        good = False
    if not good:
        raise FontError(f"The SoundFont {path.name} is damaged.")


def _read(path: Path) -> tuple[dict[str, bytes], int, bytes]:
    """The nine tables, the size of the sound in bytes, and the sound if it is Vorbis."""
    tables, sound, vorbis = {}, 0, b""
    with open_plain(path) as file:
        file.seek(12)
        while len(head := file.read(8)) == 8:
            name, size = struct.unpack("<4sI", head)
            if name == b"LIST":
                file.seek(4, 1)  # its kind; what is inside follows as if it stood alone
                continue
            if name == b"smpl":
                sound = size
                begin = file.tell()
                if file.read(4) == _PAGE:
                    file.seek(begin)
                    vorbis = file.read(size)
                file.seek(begin + size)
                continue
            if name.decode("latin-1") in HYDRA:
                tables[name.decode("latin-1")] = file.read(size)
            else:
                file.seek(size, 1)
    sound = min(sound, path.stat().st_size)
    return tables, sound, vorbis


def _leads_somewhere(tables: dict[str, bytes], sound: int, vorbis: bytes) -> bool:
    if any(len(tables[name]) % SIZES[name] or not tables[name] for name in HYDRA):
        return False
    count = {name: len(tables[name]) // SIZES[name] for name in HYDRA}
    presets = [bag for (bag,) in struct.iter_unpack("<24xH12x", tables["phdr"])]
    instruments = [bag for (bag,) in struct.iter_unpack("<20xH", tables["inst"])]
    steps = [(presets, count["pbag"]), (instruments, count["ibag"])]
    for bag, gen, mod in (("pbag", "pgen", "pmod"), ("ibag", "igen", "imod")):
        firsts = list(struct.iter_unpack("<HH", tables[bag]))
        steps.append(([first for first, _ in firsts], count[gen]))
        steps.append(([first for _, first in firsts], count[mod]))
    if not all(_climbs(numbers, end) for numbers, end in steps):
        return False
    samples = list(struct.iter_unpack("<20xIIII8xH", tables["shdr"]))[:-1]
    generators = struct.iter_unpack("<HH", tables["pgen"][:-4])
    if any(kind == _INSTRUMENT and amount >= count["inst"] - 1 for kind, amount in generators):
        return False
    return all(_plays(zone, samples, sound, vorbis) for zone in _zones(tables, instruments))


def _climbs(numbers: Sequence[int], end: int) -> bool:
    """Each range of the next table begins where the last one ended, and none beyond its end."""
    pairs = itertools.pairwise(numbers)
    return all(a <= b for a, b in pairs) and numbers[-1] <= end


def _zones(tables: dict[str, bytes], instruments: Sequence[int]) -> Iterator[dict[int, int]]:
    """The generators of each instrument's zones, those of its global zone included."""
    firsts = [first for first, _ in struct.iter_unpack("<HH", tables["ibag"])]
    generators = list(struct.iter_unpack("<HH", tables["igen"]))
    for begin, end in itertools.pairwise(instruments):
        common: dict[int, int] = {}
        for bag in range(begin, end):
            zone = common | dict(generators[firsts[bag] : firsts[bag + 1]])
            if _SAMPLE in zone:
                yield zone
            elif bag == begin:
                common = zone


def _plays(
    zone: dict[int, int], samples: Sequence[tuple[int, ...]], sound: int, vorbis: bytes
) -> bool:
    if zone[_SAMPLE] >= len(samples):
        return False
    *addresses, _ = samples[zone[_SAMPLE]]
    end = sound // 2 + 1
    if vorbis:  # its bytes are counted, and loops from the sample's own begin
        piece = vorbis[addresses[0] : addresses[1]]
        if not piece.startswith(_PAGE) or addresses[1] > sound:
            return False
        last = piece.rindex(_PAGE) + 6  # the last page says how many samples there were
        end = struct.unpack_from("<Q", piece, last)[0] + 1
        addresses[:2] = 0, end - 1
    for place, fine in _ADDRESSES:
        coarse = _signed(zone.get(fine, 0)) * _COARSE
        at = addresses[place] + _signed(zone.get(place, 0)) + coarse
        if not 0 <= at <= end:
            return False
    looped = zone.get(_MODE, 0) & 1
    return not looped or addresses[2] <= addresses[3]


def _signed(word: int) -> int:
    return word - 0x10000 if word >= 0x8000 else word
