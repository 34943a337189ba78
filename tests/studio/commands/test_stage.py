"""`latentloom replay` and `bounce`, as they are typed."""

from __future__ import annotations

from pathlib import Path

import av
import pytest
from typer.testing import CliRunner

from studio.commands import cli
from studio.document.errors import StudioError
from studio.document.routes import SOUND
from studio.document.score import TEMPO
from studio.engine import registry
from studio.engine.registry import Registry
from studio.presets import Preset, SetList, document
from studio.recording.take import Header
from studio.recording.take_writer import TakeWriter
from tests.fakes import Guest, composing, fake, filled_deck, scene_of


def typed(monkeypatch: pytest.MonkeyPatch, guest: Guest, *words: object) -> str:
    """What `latentloom WORDS` prints. Raises what it complains of."""
    monkeypatch.setattr(registry, "find_engines", lambda: Registry.of(guest.spec))
    done = CliRunner().invoke(cli.app, [str(word) for word in words])
    if done.exception is not None:
        raise done.exception
    return done.output


def seconds_of(file: Path) -> float:
    with av.open(str(file)) as opened:
        assert opened.duration is not None
        return opened.duration / av.time_base


def test_a_take_is_written_as_sound_and_as_a_film(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    guest, take = fake(), tmp_path / "a.take"
    writer = TakeWriter(take, Header, scene_of(filled_deck(guest)), failed=pytest.fail)
    writer.say(0.2, played=[[0.5, None, SOUND, bytes((0x99, 37, 127)).hex(), 120.0, 0]])
    writer.say(2.0, end="stopped")
    writer.close()
    sound = tmp_path / "a.flac"
    said = typed(monkeypatch, guest, "replay", take, "--out", sound)
    assert said == f"{sound}: 2.0 s of sound\n"
    assert seconds_of(sound) == pytest.approx(2.0)
    film = tmp_path / "film.mp4"
    wanted = ("--size", "64x36", "--fps", 10, "--from", 0.5, "--to", 1.5)
    said = typed(monkeypatch, guest, "replay", take, "--out", film, *wanted)
    assert said.startswith(f"{film}: 10 pictures of 64x36")
    monkeypatch.setattr("os.nice", lambda _: 0)
    there = sorted(tmp_path.iterdir())
    with pytest.raises(StudioError, match="was not made"):  # whoever watches it is gone
        typed(monkeypatch, guest, "replay", take, "--out", tmp_path / "b.mp4", *wanted, "--watched")
    assert sorted(tmp_path.iterdir()) == there


def test_a_set_list_is_bounced(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    guest, out = composing(), tmp_path / "night.flac"
    preset = Preset(name="Tune", scene=scene_of(filled_deck(guest)))
    document.write(tmp_path / "tune.json", preset)
    wanted = SetList(name="Night", presets=(preset.id, "0" * 32, preset.id))
    (tmp_path / "night.json").write_text(wanted.model_dump_json())
    bounce = ("bounce", tmp_path / "night.json", "--bars", 2, "--out")
    said = typed(monkeypatch, guest, *bounce, out).splitlines()
    assert said[0] == "The preset at place 2 of the list is not there."
    assert seconds_of(out) == pytest.approx(2 * 8 * 60 / TEMPO.default + 3.0, abs=0.01)
    assert said[1].startswith(f"{out}: {seconds_of(out):.1f} s of sound")
    with pytest.raises(StudioError, match=r"Sound is written to one of: \.wav"):
        typed(monkeypatch, guest, *bounce, tmp_path / "night.txt")
