"""Playing along: the band follows a player's chords, trades bars, and its lead gives way."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from studio.live.ensemble._accompanist import half_at, next_beat
from studio.live.ensemble.band import with_band
from studio.music.chords import Chord
from studio.music.metres import Metre
from studio.processes.messages import Received
from tests.fakes import Pump
from tests.studio.live.band import NOW
from tests.studio.live.ensemble.ensemble_stage import BAR_S, Stage

Play = Callable[..., Pump]
BEAT_S = 0.5
E_FLAT = (51, 58, 63, 67)
"""No chord of the tune, which is in C."""
LEAD = 1


@pytest.fixture
def stage(play: Play) -> Stage:
    return Stage(play, arrange=with_band).start()


def press(stage: Stage, *pitches: int) -> None:
    for pitch in pitches:
        stage._key(0x90, pitch)


def release(stage: Stage, *pitches: int) -> None:
    for pitch in pitches:
        stage._key(0x80, pitch)


def began(stage: Stage, part: str) -> list[tuple[float, int]]:
    """(beat since play, pitch) of each note that a part began; beats rounded to a sixteenth."""
    channel = next(r.channel for r in stage.session.scene.routes if r.track == f"deck1 {part}")
    begin = stage.transport.movement.line
    return [
        (round(4 * begin.beat_at(heard.at_s)) / 4, heard.data[1]) for heard in stage.ons(channel)
    ]


def chords(stage: Stage, bar: int) -> list[tuple[float, str]]:
    return next(list(b.chords) for b in stage.ensemble.roll("deck1").bars if b.number == bar)


# -- chords ----------------------------------------------------------------------------------------


def test_bass_and_chords_follow_from_the_next_half_bar_on(stage: Stage) -> None:
    stage.session.set_score("follow_chords", True)
    stage.transport.play()
    stage.run(BAR_S + 0.02)
    own = chords(stage, 1)
    press(stage, *E_FLAT)
    stage.run(2.2 * BAR_S)
    assert chords(stage, 1) == [own[0], (2.0, "D#")]
    assert chords(stage, 2) == [(0.0, "D#")]
    assert stage.ensemble.roll("deck1").duet.chord == "D#"
    wanted = set(Chord(3).pitch_classes)
    notes = [(beat, p % 12) for part in ("bass", "chords") for beat, p in began(stage, part)]
    assert {pitch for beat, pitch in notes if 6 <= beat < 12} <= wanted
    assert {pitch for beat, pitch in notes if beat < 6} - wanted
    assert (6.0, 3) in [(beat, p % 12) for beat, p in began(stage, "bass")], "on the half bar"

    release(stage, *E_FLAT)
    stage.run(4 * BAR_S)
    assert stage.ensemble.roll("deck1").duet.chord == ""
    assert "D#" not in str(chords(stage, 6)), "after two silent bars the tune's own come back"

    press(stage, *E_FLAT)
    stage.run(BAR_S)
    assert stage.ensemble.roll("deck1").duet.chord == "D#"
    stage.session.set_score("follow_chords", False)
    stage.run(1.5 * BAR_S)
    assert "D#" not in str(stage.ensemble.roll("deck1").bars[-1].chords)
    stage.transport.stop()
    stage.run(0.1)
    assert not stage.player.sounding


def test_no_old_chord_rings_into_the_new_one(stage: Stage) -> None:
    stage.session.set_score("follow_chords", True)
    stage.transport.play()
    stage.run(BAR_S + 0.02)
    press(stage, *E_FLAT)
    stage.run(0.5 * BAR_S)
    routes = {r.track: r.channel - 1 for r in stage.session.scene.routes}
    band = {routes["deck1 bass"], routes["deck1 chords"]}
    sounding = {pitch % 12 for _, channel, pitch in stage.player.sounding if channel in band}
    assert sounding
    assert sounding <= set(Chord(3).pitch_classes)


# -- trading bars ----------------------------------------------------------------------------------


def test_bars_are_traded(stage: Stage) -> None:
    stage.session.set_score("trade", "2")
    stage.run(0.5)
    stage.transport.play()
    stage.run(0.02)
    assert stage.ensemble.roll("deck1").duet.your_bars == 2
    stage.keys(60, 64, 67, 64, 62, 65, 69)
    press(stage, 71)
    stage.run(0.5 * BAR_S)  # held over the line
    assert [beat for beat, _ in began(stage, "lead")][:2] == [8.0, 9.0], "on the beat, no hole"
    assert {int(beat // 4) for beat, _ in began(stage, "bass")} >= {0, 1}, "the band plays on"
    assert stage.ensemble.answering("deck1") == 2
    release(stage, 71)
    stage.run(2.4 * BAR_S)
    assert {int(beat // 4) for beat, _ in began(stage, "lead")} == {2, 3}, "then it is yours again"

    answers = {p.number: p for p in stage.passages if p.free}
    assert sorted(answers) == [2, 3]
    for number, what, said in ((2, "both", [60, 64, 67, 64]), (3, "rhythm", [62, 65, 69, 71])):
        kept = answers[number].kept
        assert kept is not None
        assert (kept.what, [n.pitch for n in kept.phrase.notes]) == (what, said)
    assert [n.pitch for n in answers[3].past[0].notes] == [62, 65, 69, 71], "what was said last"
    assert len(answers[3].past) == 2, "and what was answered"
    assert stage.ensemble.late_bars == 0


def test_whoever_plays_nothing_hears_the_tune_in_the_lead_s_bars(stage: Stage) -> None:
    stage.session.set_score("trade", "1")
    stage.run(0.5)
    stage.transport.play()
    stage.run(3.9 * BAR_S)
    assert {int(beat // 4) for beat, _ in began(stage, "lead")} == {1, 3}
    assert not any(passage.free for passage in stage.passages)
    stage.session.undo()
    stage.run(2 * BAR_S)
    assert {int(beat // 4) for beat, _ in began(stage, "lead")} >= {1, 3, 5}


# -- a lead that gives way -------------------------------------------------------------------------


def test_a_key_silences_the_lead_at_once_and_it_goes_on_in_mid_phrase(stage: Stage) -> None:
    stage.session.set_score("give_way", "2")
    stage.transport.play()
    stage.run(BAR_S + 0.95)  # the note of beat 6 is on its way already
    assert any(channel == LEAD - 1 for _, channel, _ in stage.player.sounding)
    stage.ensemble.strike(Received(stage.clock(), "Keys", bytes((0x90, 60, 90))))
    stage.conductor.turn()
    stage.player.play_until(stage.clock())
    assert not any(channel == LEAD - 1 for _, channel, _ in stage.player.sounding), "at once"
    since = len(stage.ons(LEAD))
    press(stage, 60)
    stage.run(1.8)
    assert len(stage.ons(LEAD)) == since, "while a key is held, and for two beats after"
    assert stage.ensemble.roll("deck1").duet.gives_way
    release(stage, 60)  # at beat 9.5
    stage.run(3 * BEAT_S)
    assert len(stage.ons(LEAD)) == since + 1
    assert stage.ons(LEAD)[-1].at_s == pytest.approx(NOW + 0.5 + 12 * BEAT_S, abs=0.06)
    stage.run(BAR_S)
    bars = {b.number: b.notes for b in stage.ensemble.roll("deck1").bars}
    tune = [n.pitch for number in (3, 4) for n in bars[number] if n.track == "lead"]
    assert stage.pitches(LEAD)[since:] == tune[: len(stage.pitches(LEAD)) - since]
    assert not stage.ensemble.roll("deck1").duet.gives_way
    stage.transport.stop()
    stage.run(0.1)
    assert not stage.player.sounding


def test_while_bars_are_traded_or_nothing_is_chosen_no_key_silences(stage: Stage) -> None:
    stage.transport.play()
    for score in ({}, {"give_way": "1", "trade": "8"}):
        for name, value in score.items():
            stage.session.set_score(name, value)
        stage.run(BAR_S)
        stage.ensemble.strike(Received(stage.clock(), "Keys", bytes((0x90, 60, 90))))
        assert not stage.conductor._router.rests


# -- where --------------------------------------------------------------------------------------


def test_halves_and_beats_of_bars() -> None:
    assert [half_at(beat, Metre()) for beat in (0, 1.99, 2, 3.9, 4)] == [0, 0, 2, 2, 4]
    assert [half_at(beat, Metre(3, 4)) for beat in (1.9, 2, 3)] == [0, 2, 3]
    assert [half_at(beat, Metre(6, 8)) for beat in (1.4, 1.5, 3)] == [0, 1.5, 3]
    assert [next_beat(beat, Metre()) for beat in (0, 0.1, 3.5)] == [0, 1, 4]
    assert [next_beat(beat, Metre(6, 8)) for beat in (0.1, 1.6)] == [1.5, 3]
    assert math.isclose(next_beat(2.0000000001, Metre()), 2)
