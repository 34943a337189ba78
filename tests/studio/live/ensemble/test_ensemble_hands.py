"""What hands do with an ensemble, and what is seen of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import mido
import pytest

from studio.control.controls import Controls
from studio.live.clock.transport import Transport
from studio.live.conductor import Conductor
from studio.live.ensemble.controls import EnsemblePart
from studio.live.ensemble.ensemble import Ensemble
from tests.fakes import Pump, composing, fake, filled_deck, phrase_of, scene_of
from tests.studio.live.band import FakePlayer
from tests.studio.live.ensemble.ensemble_stage import BAR_S, Stage
from tests.studio.live.ensemble.test_ensemble import counting

Play = Callable[..., Pump]
TRACKS = [f"deck1 {part}" for part in ("lead", "bass", "chords", "drums")]


@pytest.fixture
def stage(play: Play) -> Stage:
    return Stage(play).start()


def routed(stage: Stage) -> list[str]:
    return [route.track for route in stage.session.scene.routes if route.track != "metronome"]


# -- decks and routes ------------------------------------------------------------------------------


def test_a_deck_that_composes_has_a_track_and_a_way_out_for_each_part(stage: Stage) -> None:
    assert list(stage.conductor.tracks) == TRACKS
    assert routed(stage) == TRACKS
    assert not stage.session.history.can_undo, "it is no step"


def test_a_deck_that_does_not_compose_has_none(play: Play) -> None:
    stage = Stage(play, fake()).start()
    assert stage.conductor.tracks == ()
    assert routed(stage) == []
    assert stage.ensemble.roll("deck1").bars == ()


def test_a_second_deck_gets_channels_of_its_own_and_undo_takes_it_at_once(stage: Stage) -> None:
    stage.session.decks.add("singer")
    stage.run(0.1)
    routes = {r.track: r.channel for r in stage.session.scene.routes}
    assert len({routes[f"deck{n} {part}"] for n in (1, 2) for part in ("lead", "bass")}) == 4
    assert routes["deck1 drums"] == routes["deck2 drums"] == 10
    stage.session.undo()
    stage.run(0.1)
    assert routed(stage) == TRACKS
    assert list(stage.conductor.tracks) == TRACKS
    stage.session.redo()
    stage.run(0.1)
    assert len(routed(stage)) == 8
    assert len(stage.conductor.tracks) == 8


def test_what_a_hand_does_to_routes_stays(stage: Stage) -> None:
    kept = [r for r in stage.session.scene.routes if r.track in ("metronome", "deck1 lead")]
    stage.session.set_routes([kept[0], kept[1].model_copy(update={"port": "Synth"})])
    stage.session.pads.move("deck1", (0, 0.3))
    stage.run(0.1)
    assert routed(stage) == ["deck1 lead"]


def test_the_routes_of_a_deck_go_with_it(stage: Stage) -> None:
    stage.session.decks.add("singer")
    stage.run(0.1)
    stage.session.decks.remove("deck1")
    stage.run(0.1)
    assert {track.split()[0] for track in routed(stage)} == {"deck2"}
    stage.session.undo()
    stage.run(0.1)
    assert len(routed(stage)) == 8


def test_another_model_is_another_tune_and_nothing_hangs(stage: Stage) -> None:
    stage.transport.play()
    stage.run(1.5 * BAR_S)
    stage.session.decks.choose_model("deck1", "singer", "second")
    stage.run(2 * BAR_S)
    assert stage.passages[-1].number < 4
    assert len(stage.ensemble.roll("deck1").bars) >= 2
    stage.transport.stop()
    stage.run(0.1)
    assert not stage.player.sounding


def test_a_deck_that_comes_while_others_play_falls_in_on_a_bar_line(stage: Stage) -> None:
    stage.transport.play()
    stage.run(1.3 * BAR_S)
    key = stage.session.decks.add("singer")
    stage.run(2 * BAR_S)
    first, *_ = stage.ensemble.roll(key).bars
    assert first.number == 2
    assert stage.ensemble.late_bars == 0


def test_after_closing_nobody_plays_and_nobody_listens(stage: Stage) -> None:
    stage.ensemble.close()
    assert stage.conductor.tracks == ()
    stage.go(50)
    asked = len(stage.passages)
    stage.run(0.3)
    assert len(stage.passages) == asked


# -- the roll --------------------------------------------------------------------------------------


def test_the_roll_shows_what_was_played_and_the_next_bar_in_outline(stage: Stage) -> None:
    stage.transport.play()
    stage.run(2.5 * BAR_S)
    roll = stage.ensemble.roll("deck1")
    assert [(b.number, b.start_beats, b.settled) for b in roll.bars] == [
        (0, 0, True),
        (1, 4, True),
        (2, 8, True),
        (3, 12, False),
    ]
    assert [n.start_beats for n in roll.bars[1].notes] == [0, 1, 2, 3]
    assert str(roll.key) == "C major"


def test_it_is_the_same_object_until_something_differs(stage: Stage) -> None:
    told: list[str] = []
    stage.ensemble.changed.connect(told.append)
    stage.transport.play()
    stage.run(1.5 * BAR_S)
    roll, count = stage.ensemble.roll("deck1"), len(told)
    stage.run(0.2 * BAR_S)
    assert stage.ensemble.roll("deck1") is roll
    assert len(told) == count
    stage.run(BAR_S)
    after = stage.ensemble.roll("deck1")
    assert after is not roll
    assert after.bars[0] is roll.bars[0]
    assert set(told) == {"deck1"}


def test_the_outline_follows_the_hand(stage: Stage) -> None:
    stage.transport.play()
    stage.run(0.5)
    before = stage.ensemble.roll("deck1").bars[-1]
    stage.go(50)
    stage.run(0.2)
    now = stage.ensemble.roll("deck1").bars[-1]
    assert (now.number, now.settled) == (1, False)
    assert now.notes[0].pitch == 51 != before.notes[0].pitch


def test_the_playhead_is_where_the_ears_are(stage: Stage) -> None:
    assert stage.ensemble.playhead is None
    stage.transport.play()
    stage.run(1.0)
    assert stage.ensemble.playhead == pytest.approx(2.0)
    stage.ensemble._late_ears_s = lambda: 0.1
    assert stage.ensemble.playhead == pytest.approx(1.8)


def test_after_a_stop_the_tune_can_be_seen_until_play_would_begin_otherwise(stage: Stage) -> None:
    stage.play(2.5)
    assert [b.number for b in stage.ensemble.roll("deck1").bars] == [0, 1, 2]
    stage.go(50)
    stage.run(0.2)
    (bar,) = stage.ensemble.roll("deck1").bars
    assert not bar.settled
    assert bar.notes[0].pitch == 50


# -- capture and export ----------------------------------------------------------------------------


def test_a_bar_that_was_heard_goes_into_a_slot(stage: Stage) -> None:
    stage.play(3)
    pitch = stage.pitches()[4]
    stage.pump.change(lambda: stage.ensemble.capture("deck1", number=1, slot=7))
    held = stage.pump.deck().slots[7]
    assert held is not None
    assert held.latent[0] == pytest.approx(pitch / 60 - 1)


def test_without_a_number_it_is_the_bar_that_sounds_and_the_first_empty_slot(stage: Stage) -> None:
    stage.transport.play()
    stage.run(1.97 * BAR_S)  # the next one has been sent ahead
    stage.pump.change(lambda: stage.ensemble.capture("deck1"))
    assert stage.pump.deck().slots[3] is not None
    phrase = stage.ensemble.phrase("deck1", 1)
    assert phrase == phrase_of(stage.passages[1])


def test_bars_that_follow_each_other_are_one_phrase(stage: Stage) -> None:
    stage.transport.play()
    stage.run(3.5 * BAR_S)
    phrase = stage.ensemble.phrase("deck1", number=2, bars=3)
    assert phrase is not None
    assert phrase.length_beats == 12, "with the one in outline"
    last_two = stage.ensemble.phrase("deck1", bars=2)
    assert last_two is not None
    assert [n.pitch for n in last_two.notes] == stage.pitches()[8:13] + stage.pitches()[12:13] * 3


def test_a_bar_that_nobody_played_and_a_full_shelf_are_sentences(stage: Stage) -> None:
    stage.ensemble.capture("deck1", number=77)
    for slot in range(8):
        stage.session.slots.sample("deck1", slot)
    stage.pump.settle()
    stage.play(1)
    stage.ensemble.capture("deck1")
    assert len(stage.notices) == 2


def test_what_was_played_is_a_midi_file(play: Play, tmp_path: Path) -> None:
    stage = Stage(play, arrange=counting).start()
    stage.transport.play()
    stage.run(1.5 * BAR_S)
    stage.transport.set_tempo(60)
    stage.run(2 * BAR_S)
    stage.transport.stop()
    stage.ensemble.export("deck1", tmp_path / "tune.mid")
    file = mido.MidiFile(tmp_path / "tune.mid")
    names = [m.name for t in file.tracks for m in t if m.type == "track_name"]
    assert names == ["Lead", "Bass"]
    tempi = [mido.tempo2bpm(m.tempo) for m in file.tracks[0] if m.type == "set_tempo"]
    assert tempi == pytest.approx([120, 60])
    ons = [m.note for m in file.tracks[1] if m.type == "note_on" and m.velocity]
    assert ons[: len(stage.pitches())] == stage.pitches()


def test_an_export_that_cannot_be_is_a_sentence(stage: Stage, tmp_path: Path) -> None:
    stage.ensemble.export("deck1", tmp_path / "tune.mid")
    stage.play(1)
    stage.ensemble.export("deck1", tmp_path)
    assert len(stage.notices) == 2


# -- played in -------------------------------------------------------------------------------------


def encoded(stage: Stage) -> list[list[int]]:
    """The pitches of every phrase that the engine took in."""
    calls = stage.guest.engine.calls
    return [[n.pitch for n in c.argument.notes] for c in calls if c.method == "encode_phrase"]


def test_what_was_played_in_goes_into_a_slot(stage: Stage) -> None:
    stage.keys(65, 67, 69, 67)
    stage.pump.change(lambda: stage.ensemble.take_in("deck1", 5))
    assert encoded(stage) == [[65, 67, 69, 67]]
    assert stage.pump.deck().slots[5] is not None
    stage.pump.change(lambda: stage.ensemble.take_in("deck1"))
    assert stage.pump.deck().slots[3] is not None, "the first empty one"


def test_without_a_note_there_is_nothing_to_take_in(stage: Stage) -> None:
    before = stage.session.scene
    stage.ensemble.take_in("deck1", 5)
    assert len(stage.notices) == 1
    assert stage.session.scene == before
    stage.ensemble.take_in("another deck", 5)
    assert len(stage.notices) == 1


# -- from outside ----------------------------------------------------------------------------------


def test_controllers_hold_answer_and_capture(stage: Stage) -> None:
    controls = Controls(EnsemblePart(stage.session, stage.ensemble))
    stage.transport.play()
    stage.run(1.0)
    controls.set("/deck/1/hold", True)
    assert controls.get("/front/hold") is True
    controls.set("/front/hold", False)
    assert not stage.ensemble.held("deck1")
    stage.keys(70, 71)
    controls.trigger("/front/answer")
    assert controls.get("/deck/1/answer") is True
    stage.pump.change(lambda: controls.trigger("/deck/1/keep_bar"))
    assert stage.pump.deck().slots[3] is not None
    stage.pump.change(lambda: controls.trigger("/front/take_in"))
    assert stage.pump.deck().slots[4] is not None


def test_decks_that_do_not_compose_have_no_such_controls(play: Play) -> None:
    guest, other = composing(), fake()
    pump = play(guest, other, scene=scene_of(filled_deck(other, "deck1"), filled_deck(guest, "b")))
    transport = Transport()
    conductor = Conductor(transport, FakePlayer())
    ensemble = Ensemble(pump.session, transport, conductor, wake=lambda: None)
    ensemble.start()
    addresses = {c.address for c in Controls(EnsemblePart(pump.session, ensemble)).all()}
    ends = ("hold", "answer", "keep_bar", "take_in")
    assert addresses == {f"/deck/2/{end}" for end in ends}
    ensemble.close()
    assert conductor.close()
