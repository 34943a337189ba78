"""`latentloom compose`: a wish becomes a tune on paper and in a file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import av
import mido
import numpy as np
import pytest

from studio.audio import offline
from studio.commands import _compose
from studio.document.errors import StudioError
from studio.document.parameters import Choice
from studio.engine import EngineError, Passage
from studio.engine.registry import Registry
from studio.engraving import pages
from studio.music.files.midi import read
from studio.music.metres import Metre
from tests.fakes import Gate, Guest, composing, fake
from tests.studio.audio.small_font import small_font

KEY = Choice(name="tonic", label="Key", options=("D", "G"), default="D")


@pytest.fixture
def guest() -> Guest:
    gate = Gate()
    gate.open()
    return composing(gate=gate)


def passage_of(guest: Guest) -> Passage:
    asked: Passage = next(c.argument for c in guest.engine.calls if c.method == "compose")
    return asked


def test_it_says_what_it_understood_and_prints_the_tune(
    guest: Guest, capsys: pytest.CaptureFixture[str]
) -> None:
    _compose.run(Registry.of(guest.spec), "eight bars in 3/4, seed 5, purple")
    said = capsys.readouterr().out
    assert said.startswith("3/4 · 8 bars · seed 5 · not understood: purple\n")
    assert "M:3/4" in said
    assert said.count("|") == 8


def test_the_whole_tune_is_asked_for_at_once(guest: Guest) -> None:
    _compose.run(Registry.of(guest.spec), "24 bars in 6/8", seed=9)
    asked = passage_of(guest)
    assert (asked.bars, asked.metre, asked.seed) == (24, Metre(6, 8), 9)
    assert (asked.free, asked.closes, asked.past) == (True, True, ())
    assert asked.opens


def test_a_key_that_was_not_wished_for_is_the_engines_choice(guest: Guest) -> None:
    spec = replace(guest.spec, roles={"tonic": "tonic"}, parameters=(KEY, *guest.spec.parameters))
    for wish, told in (("8 bars", {}), ("8 bars in G", {"tonic": "G"})):
        _compose.run(Registry.of(spec), wish)
        assert {k: v for k, v in passage_of(guest).parameters.items() if k == "tonic"} == told


def test_a_midi_file_holds_the_band(guest: Guest, tmp_path: Path) -> None:
    out = tmp_path / "new" / "tune.mid"
    _compose.run(Registry.of(guest.spec), "8 bars at 90 bpm", out=[out], seed=1)
    file = mido.MidiFile(out)
    assert [track.name for track in file.tracks][1:] == ["lead", "bass", "chords", "drums"]
    assert next(m.tempo for m in file.tracks[0] if m.type == "set_tempo") == 666_667
    assert len(read(out).notes) == 32


@pytest.mark.parametrize(("text", "band"), [("8 bars", False), ("8 bars, no band", True)])
def test_without_the_band(guest: Guest, tmp_path: Path, text: str, band: bool) -> None:
    out = tmp_path / "tune.mid"
    _compose.run(Registry.of(guest.spec), text, out=[out], band=band)
    assert [track.name for track in mido.MidiFile(out).tracks][1:] == ["lead"]


def test_same_seed_same_bytes(guest: Guest, tmp_path: Path) -> None:
    files = [tmp_path / "a.mid", tmp_path / "b.mid"]
    for out in files:
        _compose.run(Registry.of(guest.spec), "8 bars", out=[out], seed=3)
    assert files[0].read_bytes() == files[1].read_bytes()


def test_abc_and_sheet_music(guest: Guest, tmp_path: Path) -> None:
    _compose.run(Registry.of(guest.spec), "4 bars", out=[tmp_path / "tune.abc"], seed=3)
    assert (tmp_path / "tune.abc").read_text(encoding="utf-8").startswith("X:1\n")
    _compose.run(Registry.of(guest.spec), "4 bars", out=[tmp_path / "tune.musicxml"], seed=3)
    score = (tmp_path / "tune.musicxml").read_text(encoding="utf-8")
    assert score.count("<measure ") == 12, "lead, chords and bass"
    assert "<harmony" in score


@pytest.mark.usefixtures("qapp")  # else a smaller application of its own, which windows cannot use
def test_pages(guest: Guest, tmp_path: Path) -> None:
    pytest.importorskip("verovio", reason="Verovio engraves pages: pip install verovio")
    outs = [tmp_path / "tune.svg", tmp_path / "tune.pdf"]
    _compose.run(Registry.of(guest.spec), "48 bars", out=outs, seed=3)
    assert (tmp_path / "tune-2.svg").is_file(), "the second page"
    assert outs[1].read_bytes().startswith(b"%PDF")


def test_its_sound_has_the_artist_s_font(
    guest: Guest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(offline, "try_out", lambda *_: None)
    registry, outs = Registry.of(guest.spec), [tmp_path / f"{n}.wav" for n in range(3)]
    for out, font in zip(outs, ("", str(small_font(tmp_path)), "/gone.sf2"), strict=True):
        _compose.run(registry, "1 bar", out=[out], seed=3, band=False, font=font)
    first, other, gone = (out.read_bytes() for out in outs)
    assert first == gone != other
    assert "gone.sf2" in capsys.readouterr().out


def test_its_sound_begins_with_its_first_note_and_is_as_long(guest: Guest, tmp_path: Path) -> None:
    registry, file = Registry.of(guest.spec), tmp_path / "tune.wav"
    _compose.run(registry, "4 bars at 120 bpm, 4/4", out=[file], seed=3, band=False)
    with av.open(str(file)) as sound:
        parts = [frame.to_ndarray().reshape(-1, 2)[:, 0] for frame in sound.decode(audio=0)]
    heard = np.abs(np.concatenate(parts).astype(np.float64))
    assert np.argmax(heard > heard.max() / 100) < 0.02 * 48_000
    assert 4.0 < len(heard) / 48_000 <= 8.0 + 3.0


def test_what_cannot_be_done_is_said_before_anything_is_composed(
    guest: Guest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = Registry.of(guest.spec)
    with pytest.raises(EngineError, match=r"one of: \.mid, \.abc"):
        _compose.run(registry, "8 bars", out=[tmp_path / "tune.xyz"])
    monkeypatch.setattr(pages.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(StudioError, match="Verovio"):
        _compose.run(registry, "8 bars", out=[tmp_path / "tune.pdf"])


def test_an_engine_that_composes_is_needed(guest: Guest) -> None:
    with pytest.raises(EngineError, match="No engine that composes"):
        _compose.run(Registry.of(fake().spec), "8 bars")
    with pytest.raises(EngineError, match="does not compose"):
        _compose.run(Registry.of(fake().spec, guest.spec), "8 bars", engine="fake")
