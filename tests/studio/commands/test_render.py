"""A preset at a beat: what the command line draws is what the instrument shows and plays there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from studio.commands._render import Score
from studio.document.modulation import Modulator
from studio.document.parameters import Text
from studio.document.scene import Deck
from studio.engine import Resources
from studio.engine.registry import Registry
from studio.live.ensemble.band import with_band
from studio.modulation import editing, told
from studio.presets import Preset, text_of
from tests.fakes import FakeEngine, Guest, Pump, composing, fake, filled_deck, scene_of
from tests.studio.live.ensemble.ensemble_stage import BAR_S, Stage

Play = Callable[..., Pump]
CPU = Resources(device="cpu", threads=1)


def moved(*decks: Deck, **settings: Any) -> Preset:
    """A preset whose front deck's contrast is moved."""
    scene = scene_of(*decks)
    scene, id = editing.added(scene, Modulator(id=1, kind="lfo", settings=settings))
    scene, _ = editing.connected(scene, id, "/front/contrast", depth=0.4, polarity="unipolar")
    return Preset(name="Moving", scene=scene)


def written(folder: Path, preset: Preset) -> Path:
    file = folder / "a.json"
    file.write_bytes(text_of(preset))
    return file


def test_it_moves_with_the_beat_and_is_the_same_again(tmp_path: Path) -> None:
    guest = fake()
    file = written(tmp_path, moved(filled_deck(guest), shape="ramp up"))
    pictures = []
    for beat in (0.0, 1.0, 1.0, 4.0):
        with Score(Registry.of(guest.spec), file, CPU) as score:
            contrast = score.at(beat).front_deck.parameters["contrast"]
            assert contrast == pytest.approx(1 + 0.2 * (beat % 4))
            score.save(beat, ".png", tmp_path / "a.png")
            pictures.append((tmp_path / "a.png").read_bytes())
    assert pictures[1] == pictures[2]
    assert pictures[0] == pictures[3] != pictures[1]


def test_a_shelf_that_is_empty_is_filled_as_on_the_stage(tmp_path: Path) -> None:
    guest = fake()
    file = written(tmp_path, moved(filled_deck(guest, slots=0)))
    with Score(Registry.of(guest.spec), file, CPU) as score:
        engine, job = score.job(0.0)
        assert engine.picture(job).any()
        assert all(score.scene.front_deck.slots)


def test_what_walks_and_drifts_is_there_too(tmp_path: Path) -> None:
    guest = fake()
    deck = filled_deck(guest).but(moving=("walk",))
    file = written(tmp_path, Preset(name="Walking", scene=scene_of(deck)))
    with Score(Registry.of(guest.spec), file, CPU) as score:
        points = [score.at(beat).front_deck.held for beat in (0.0, 4.0, 4.0)]
    assert points[1] == points[2] != points[0]


def test_a_text_has_the_line_that_another_deck_says_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest = fake()
    shows = told.choice("shows", "The word", "")
    word = Text(name="word", label="Word", default="hi", max_length=40, told_by="shows", help="")
    first = replace(guest.spec.models[0], parameters=(word, shows))
    guest.spec = replace(guest.spec, models=(first, *guest.spec.models[1:]))
    poet = Guest(FakeEngine, name="poet")
    lines = "Line {:.3f}".format
    monkeypatch.setattr(FakeEngine, "words", lambda _, job: lines(job.latent[0]))
    reader = filled_deck(guest, "deck2")
    reader = reader.but(parameters={**reader.parameters, "word": "abc", "shows": "line"})
    writer = filled_deck(poet, "deck1").but(moving=("walk",))
    scene = scene_of(writer, reader).but(front="deck2")
    with Score(Registry.of(guest.spec, poet.spec), scene, CPU) as score:
        for beat in (0.0, 4.0):
            at = score.at(beat)
            held = at.deck("deck1").held
            assert held is not None
            assert at.front_deck.parameters["word"] == lines(held[0])
            engine, job = score.job(beat)
            assert engine.picture(job).any()
            assert job.parameters["word"] == lines(held[0])


def test_the_tune_is_the_one_that_the_ensemble_plays(tmp_path: Path, play: Play) -> None:
    guest = composing()
    scene = moved(filled_deck(guest), shape="ramp up", division="4 bars").scene
    scene, id = editing.added(scene, "kick pump")
    scene, _ = editing.connected(scene, id, "/front/glow")
    stage = Stage(play, guest, scene=scene, arrange=with_band).start()
    stage.transport.play()
    stage.run(3.5 * BAR_S)
    stage.transport.stop()
    live = stage.ensemble.roll("deck1").bars
    file = written(tmp_path, Preset(name="Tune", scene=scene))
    with Score(Registry.of(guest.spec), file, CPU) as score:
        score.at(13.0)
        rendered = score._roll(score.scene.front_deck, 13.0).bars
    assert [bar.notes for bar in rendered[:4]] == [bar.notes for bar in live[:4]]
    assert [bar.chords for bar in rendered[:4]] == [bar.chords for bar in live[:4]]
