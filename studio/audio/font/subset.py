"""Some presets of a font as a font of their own: only the instruments and samples that they use."""

from __future__ import annotations

import struct
from collections.abc import Collection

from studio.audio.font.riff import Font, FontError, presets

_INSTRUMENT, _SAMPLE = 41, 53  # the generators that name a record of the next table


def subset(font: Font, wanted: Collection[tuple[int, int]]) -> Font:
    """`wanted` presets, each a (bank, program), in the order of their numbers.

    Raises `FontError` for one that `font` does not have.
    """
    for bank, program in wanted:
        if (bank, program) not in presets(font):
            raise FontError(f"The font has no program {program} in bank {bank}.")
    small = Font(info=dict(font.info))
    heads = font.tables["phdr"]
    keep = sorted((_place(heads[i]), i) for i in range(len(heads) - 1))
    chosen = [i for place, i in keep if place in set(wanted)]
    used = _level(font, small, "phdr", "pbag", "pgen", "pmod", chosen, _INSTRUMENT)
    used = _level(font, small, "inst", "ibag", "igen", "imod", used, _SAMPLE)
    _samples(font, small, used)
    return small


def _place(head: bytes) -> tuple[int, int]:
    program, bank = struct.unpack_from("<HH", head, 20)
    return bank, program


def _level(
    font: Font, small: Font, head: str, bag: str, gen: str, mod: str, chosen: list[int], link: int
) -> list[int]:
    """Copy `chosen` heads with their zones; the records that their `link` generators name.

    The links are numbered anew, in the order in which they are first met.
    """
    heads, bags = font.tables[head], font.tables[bag]
    met: dict[int, int] = {}
    out: dict[str, list[bytes]] = {head: [], bag: [], gen: [], mod: []}
    at = 24 if head == "phdr" else 20  # where a head says which zone is its first
    for index in chosen:
        out[head].append(_numbered(heads[index], at, len(out[bag])))
        first, end = (struct.unpack_from("<H", heads[i], at)[0] for i in (index, index + 1))
        for zone in range(first, end):
            (g0, m0), (g1, m1) = (struct.unpack("<HH", bags[z]) for z in (zone, zone + 1))
            out[bag].append(struct.pack("<HH", len(out[gen]), len(out[mod])))
            out[gen] += [_linked(g, link, met) for g in font.tables[gen][g0:g1]]
            out[mod] += font.tables[mod][m0:m1]
    out[head].append(_numbered(heads[-1], at, len(out[bag])))
    out[bag].append(struct.pack("<HH", len(out[gen]), len(out[mod])))
    out[gen].append(font.tables[gen][-1])
    out[mod].append(font.tables[mod][-1])
    small.tables.update(out)
    return list(met)


def _numbered(head: bytes, at: int, first_zone: int) -> bytes:
    return head[:at] + struct.pack("<H", first_zone) + head[at + 2 :]


def _linked(generator: bytes, link: int, met: dict[int, int]) -> bytes:
    kind, amount = struct.unpack("<HH", generator)
    if kind != link:
        return generator
    return struct.pack("<HH", kind, met.setdefault(amount, len(met)))


def _samples(font: Font, small: Font, used: list[int]) -> None:
    """Copy the sound of `used` samples; in an SF3 start and end count bytes of Vorbis."""
    new = {old: index for index, old in enumerate(used)}
    pieces, begin, records = [], 0, []
    for old in used:
        record = font.tables["shdr"][old]
        start, end, *rest = struct.unpack_from("<IIII", record, 20)
        piece = font.samples[start:end]
        if piece[:4] != b"OggS":
            raise FontError("Only fonts with Vorbis samples (SF3) can be taken apart.")
        partner, kind = struct.unpack_from("<HH", record, 42)
        bounds = struct.pack("<IIII", begin, begin + len(piece), *rest)
        tail = struct.pack("<HH", new.get(partner, 0), kind)
        records.append(record[:20] + bounds + record[36:42] + tail)
        pieces.append(piece)
        begin += len(piece)
    # tinysoundfont does not skip the byte that fills an odd chunk up: let none be odd.
    small.samples = b"".join(pieces) + b"\0" * (begin % 2)
    small.tables["shdr"] = [*records, font.tables["shdr"][-1]]
