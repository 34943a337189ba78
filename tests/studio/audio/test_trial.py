"""A stranger's font is tried in a process of its own: what kills that one is never loaded."""

from __future__ import annotations

import random
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from studio.audio import fonts
from studio.audio._trial import try_out
from studio.audio.device_process import DeviceGone
from studio.audio.font import riff
from studio.audio.font.subset import subset
from tests.fakes import is_one_sentence

_CRASHED = (90, 97, 177, 188)
"""Seeds whose fonts lead nowhere in ways that `font/ranges.py` does not know."""
_TABLES = ("igen", "igen", "pgen", "shdr", "ibag", "pbag", "phdr", "inst")
_NAMED = {"phdr", "inst", "shdr"}
_PLAY = """
import sys
from pathlib import Path
from studio.audio._instrument import SoundFontInstrument
from studio.audio.font.riff import FontError
for name in sys.argv[1:]:
    try:
        instrument = SoundFontInstrument(Path(name), 48000)
    except FontError:
        continue
    block = memoryview(bytearray(8 * 4800))
    instrument.play(bytes((0xC0, 78)))
    for key in range(0, 128, 6):
        instrument.play(bytes((0x90, key, 100)))
        instrument.render(4800, block)
"""


@pytest.fixture(scope="module")
def whistle() -> riff.Font:
    return subset(riff.read(fonts.OWN), [(0, 78)])


def spoilt(font: riff.Font, seed: int, path: Path) -> Path:
    """Three bytes of one table are others."""
    chance = random.Random(seed)
    tables = {name: list(records) for name, records in font.tables.items()}
    name = chance.choice(_TABLES)
    for _ in range(3):
        at = chance.randrange(len(tables[name]))
        record = bytearray(tables[name][at])
        begin = 20 if name in _NAMED else 0
        record[chance.randrange(begin, len(record))] = chance.choice(
            [255, 127, 128, chance.randrange(256)]
        )
        tables[name][at] = bytes(record)
    riff.write(riff.Font(font.info, font.samples, tables), path)
    return path


def test_spoilt_fonts_are_refused_in_a_sentence_and_what_passes_plays(
    whistle: riff.Font, tmp_path: Path
) -> None:
    passed: list[Path] = []
    refused: dict[int, str] = {}
    for seed in (*_CRASHED, *range(200, 204)):
        font = spoilt(whistle, seed, tmp_path / f"{seed}.sf3")
        try:
            try_out(font, lambda: None)
            passed.append(font)
        except riff.FontError as error:
            refused[seed] = str(error)
    if find_spec("tinysoundfont"):  # FluidSynth lives through them
        # Which ones die depends on what lies beside them in memory: elsewhere two of the four did.
        assert set(_CRASHED) & set(refused)
    assert all(map(is_one_sentence, refused.values()))
    sound = [font for font in passed if int(font.stem) not in _CRASHED]
    subprocess.run([sys.executable, "-c", _PLAY, *sound], check=True, timeout=60)


def test_a_good_font_passes_and_somebody_works_meanwhile(
    whistle: riff.Font, tmp_path: Path
) -> None:
    riff.write(whistle, tmp_path / "good.sf3")
    turns: list[None] = []
    try_out(tmp_path / "good.sf3", lambda: turns.append(None))
    assert turns


def test_whoever_works_meanwhile_may_leave_and_no_process_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[subprocess.Popen[bytes]] = []

    class Noted(subprocess.Popen[bytes]):
        def __init__(self, *words: Any, **named: Any) -> None:
            super().__init__(*words, **named)
            begun.append(self)

    monkeypatch.setattr(subprocess, "Popen", Noted)

    def leave() -> None:
        raise DeviceGone

    with pytest.raises(DeviceGone):
        try_out(tmp_path / "any.sf2", leave)
    (child,) = begun
    assert child.returncode is not None
