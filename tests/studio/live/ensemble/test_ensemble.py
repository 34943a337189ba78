"""The ensemble: always a bar ahead, the same scene the same notes, and nothing that hangs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from studio.engine import EngineError, Passage
from studio.live.ensemble.band import BandBar, Task
from studio.music.notes import Note
from studio.music.phrases import Phrase, on_track
from tests.fakes import FakeEngine, Guest, Pump, broken, composing, phrase_of
from tests.studio.live.ensemble.ensemble_stage import BAR_S, Stage

Play = Callable[..., Pump]


@pytest.fixture
def stage(play: Play) -> Stage:
    return Stage(play).start()


# -- one bar ahead ---------------------------------------------------------------------------------


def test_the_first_bar_is_there_before_play_begins(stage: Stage) -> None:
    (bar,) = stage.ensemble.roll("deck1").bars
    assert (bar.number, bar.settled) == (0, False)
    assert len(stage.play(1)) == 4
    assert stage.ensemble.late_bars == 0


def test_bars_follow_each_other_one_ahead(stage: Stage) -> None:
    first = stage.play(3.9)[0]
    assert stage.pitches() == [first + bar % 4 for bar in range(4) for _ in range(4)]
    assert [p.number for p in stage.passages] == [0, 1, 2, 3, 4]
    assert [len(p.past) for p in stage.passages] == [0, 1, 2, 3, 4]
    assert stage.passages[2].past[1] == phrase_of(stage.passages[1])


def test_the_past_is_no_longer_than_an_engine_wants(stage: Stage) -> None:
    stage.play(20)
    assert len(stage.passages[-1].past) == 16


def test_every_bar_is_composed_once_while_nothing_changes(stage: Stage) -> None:
    stage.play(6)
    numbers = [p.number for p in stage.passages]
    assert sorted(numbers) == sorted(set(numbers))


# -- the same notes --------------------------------------------------------------------------------


def test_the_same_scene_plays_the_same_notes_again(stage: Stage) -> None:
    once = stage.play(3.5)
    assert stage.play(3.5) == once
    stage.transport.locate(40)
    assert stage.play(3.5) == once
    assert not stage.player.sounding


def test_a_jump_while_it_plays_starts_over_at_once(stage: Stage) -> None:
    once = stage.play(3.5)
    stage.transport.locate(0)
    stage.transport.play()
    stage.run(2.4 * BAR_S)
    before = len(stage.ons())
    stage.transport.locate(16)
    stage.run(3.5 * BAR_S)
    assert stage.pitches()[before:] == once
    assert stage.ensemble.late_bars == 0


def test_play_that_goes_on_where_it_stopped_is_as_if_it_had_not_stopped(stage: Stage) -> None:
    once = stage.play(6)
    stage.transport.play()
    before = len(stage.ons())
    for _ in range(5):
        stage.run(1.13 * BAR_S)
        stage.transport.stop()
        stage.run(0.3)
        stage.transport.resume()
    stage.transport.stop()
    stage.run(0.1)
    again = stage.pitches()[before:]
    assert again == once[: len(again)]
    assert len(again) > 20


@pytest.mark.parametrize("stop_s", [1.91, 1.95, 1.99])
def test_a_stop_just_before_the_next_bar_loses_and_doubles_nothing(
    stage: Stage, stop_s: float
) -> None:
    once = stage.play(3)
    before = len(stage.ons())
    stage.transport.play()
    stage.run(stop_s)  # the next bar has been sent ahead
    stage.transport.stop()
    stage.run(0.5)
    stage.transport.resume()
    stage.run(3 * BAR_S - stop_s)
    assert stage.pitches()[before:] == once
    assert [p.number for p in stage.passages if p.number == 2] == [2, 2], "once in each play"


def test_after_a_change_of_scene_play_begins_with_the_new_one(stage: Stage) -> None:
    once = stage.play(1)
    stage.go(50)
    stage.run(0.2)
    changed = stage.play(1)
    assert changed != once
    stage.session.undo()
    stage.run(0.2)
    assert stage.play(1) == once


# -- a hand on the scene ---------------------------------------------------------------------------


def test_a_blend_is_heard_from_the_next_bar(stage: Stage) -> None:
    once = stage.play(2)
    before = len(stage.ons())
    stage.transport.play()
    stage.run(0.6 * BAR_S)
    stage.go(50)
    stage.run(1.4 * BAR_S)
    heard = stage.pitches()[before:]
    assert heard[:4] == once[:4]
    assert heard[4:] != once[4:]


def test_the_last_wish_before_the_bar_is_the_one_that_counts(stage: Stage) -> None:
    stage.transport.play()
    stage.run(0.3)
    asked = len(stage.passages)
    for step in range(60):
        stage.session.pads.move("deck1", (step / 60, -step / 60))
        stage.run(1 / 60)
    last = stage.session.point("deck1")
    stage.run(BAR_S)
    assert len(stage.passages) - asked < 30, "an engine has pictures to make"
    number_one = [p for p in stage.passages if p.number == 1]
    assert number_one[-1].latent.tolist() == last.tolist()
    assert stage.pitches()[4] == phrase_of(number_one[-1]).notes[0].pitch


def test_before_play_a_hand_needs_no_ticks_and_every_wish_but_the_last_may_be_lost(
    stage: Stage,
) -> None:
    asked = len(stage.passages)
    stage.guest.gate.shut()
    for pitch in range(49, 72):
        stage.go(pitch)
        stage.ensemble.collect()
    stage.guest.gate.open()
    stage.pump.settle()
    (bar,) = stage.ensemble.roll("deck1").bars
    assert bar.notes[0].pitch == 71
    assert len(stage.passages) - asked == 2


def test_a_change_of_the_past_has_no_part_in_what_was_composed_meanwhile(stage: Stage) -> None:
    stage.transport.play()
    stage.run(BAR_S * 1.5)
    stage.session.set("deck1", "contrast", 1.7)
    stage.run(BAR_S)
    *_, last = (p for p in stage.passages if p.number == 2)
    assert last.parameters["contrast"] == 1.7
    assert last.past == tuple(phrase_of(p) for p in stage.passages[:2])


# -- engines that are late or fail -----------------------------------------------------------------


def test_a_bar_that_is_late_is_played_from_the_page_at_hand(stage: Stage) -> None:
    stage.transport.play()
    stage.run(0.1)
    first = stage.pitches()[0]
    stage.guest.gate.shut()
    stage.go(50)
    stage.run(BAR_S * 0.5, waits=False)
    stage.run(BAR_S * 2.4, waits=False)
    assert stage.pitches() == [first] * 4 + [first + 1] * 4 + [first + 1] * 4
    assert stage.ensemble.late_bars >= 1
    stage.guest.gate.open()
    stage.run(BAR_S * 2)
    late = stage.ensemble.late_bars
    assert late <= 3
    stage.run(BAR_S * 3)
    assert stage.ensemble.late_bars == late
    assert stage.passages[-1].past[-1] != stage.passages[-1].past[-2], "no bar counts twice"


class Tired(FakeEngine):
    """Composes three bars and no more."""

    def compose(self, passage: Passage) -> Phrase:
        self._enter("compose", passage)
        if self.count("compose") > 3:
            raise EngineError("No tune comes to mind.")
        return phrase_of(passage)


def test_an_engine_that_fails_costs_the_new_bar_and_not_the_beat(play: Play) -> None:
    stage = Stage(play, Guest(Tired, composes=True)).start()
    assert len(stage.play(8)) == 32
    assert stage.pump.notices.count("No tune comes to mind.") == 7, "once for each bar"


def test_before_an_engine_is_there_it_is_silent(play: Play) -> None:
    guest = broken("load", lambda: EngineError("It will not start."))
    guest.spec = replace(guest.spec, composes=True)
    stage = Stage(play, guest).start()
    assert stage.play(2) == []


# -- ties ------------------------------------------------------------------------------------------


class Sustaining(FakeEngine):
    """One pitch that rings over every bar line, and a short one in the middle."""

    def compose(self, passage: Passage) -> Phrase:
        held = Note("lead", 0, 2, 60, 90, tied=passage.number > 0)
        notes = (held, Note("lead", 2, 1, 70, 90), Note("lead", 3, 1, 60, 90))
        return Phrase(notes, 4, passage.metre)


def test_a_tied_note_sounds_on_over_the_bar_line(play: Play) -> None:
    stage = Stage(play, Guest(Sustaining, composes=True)).start()
    assert stage.play(3.95) == [60, 70, 60, 70, 60, 70, 60, 70, 60]
    assert not stage.player.sounding


def test_a_jump_into_a_tied_note_strikes_it(play: Play) -> None:
    stage = Stage(play, Guest(Sustaining, composes=True)).start()
    stage.transport.play()
    stage.run(1.9 * BAR_S)
    stage.ensemble.hold("deck1", True)  # its bar begins with a tie
    stage.run(2 * BAR_S)
    assert stage.pitches() == [60, 70, 60, 70, 60, 70, 60, 70, 60]
    stage.transport.locate(0)
    stage.run(0.1)
    assert stage.pitches()[-1] == 60
    stage.transport.stop()
    stage.run(0.1)
    assert not stage.player.sounding


# -- the metre -------------------------------------------------------------------------------------


def test_another_metre_is_another_tune_from_its_next_bar_on(stage: Stage) -> None:
    stage.transport.play()
    stage.run(1.3 * BAR_S)
    stage.transport.set_metre(3, 4)
    stage.ensemble.collect()
    stage.ensemble._decks["deck1"].stale()
    stage.run(2 * BAR_S)
    assert not stage.ensemble.late_bars
    roll = stage.ensemble.roll("deck1")
    assert [bar.start_beats for bar in roll.bars[:3]] == [6, 9, 12]
    assert {bar.length_beats for bar in roll.bars} == {3}
    assert len(stage.pitches()) == len(stage.player.heard) // 2 or stage.pitches()
    assert stage.passages[-1].past[0].metre.beats == 3


# -- hold ------------------------------------------------------------------------------------------


def test_a_held_bar_is_played_over_and_over_and_then_the_tune_goes_on(stage: Stage) -> None:
    stage.transport.play()
    stage.run(1.5 * BAR_S)
    stage.ensemble.hold("deck1", True)
    stage.run(3 * BAR_S)
    first = stage.pitches()[0]
    assert stage.pitches()[4:] == [first + 1] * (len(stage.pitches()) - 4)
    stage.ensemble.hold("deck1", False)
    stage.run(2 * BAR_S)
    assert stage.pitches()[-1] != first + 1
    assert stage.ensemble.late_bars == 0
    counted = [(p.number, len(p.past)) for p in stage.passages[-3:]]
    assert counted == [(5, 2), (6, 3), (7, 4)], "a held bar counts once"


def test_while_a_bar_is_held_nothing_changes_it(stage: Stage) -> None:
    stage.transport.play()
    stage.run(0.5 * BAR_S)
    stage.ensemble.hold("deck1", True)
    stage.go(50)
    stage.run(2.5 * BAR_S)
    assert len(set(stage.pitches())) == 1
    assert stage.ensemble.roll("deck1").held


def test_a_bar_held_just_before_the_next_is_the_one_that_is_heard(stage: Stage) -> None:
    stage.transport.play()
    stage.run(BAR_S - 0.03)  # the next one has been sent ahead
    stage.ensemble.hold("deck1", True)
    stage.run(3 * BAR_S)
    first = stage.pitches()[0]
    assert stage.pitches()[8:] == [first] * len(stage.pitches()[8:])


def test_a_first_bar_can_be_held_before_play(stage: Stage) -> None:
    stage.ensemble.hold("deck1", True)
    assert len(set(stage.play(3))) == 1


# -- answers ---------------------------------------------------------------------------------------


def test_an_answer_goes_on_from_what_was_played_in_for_as_many_bars(stage: Stage) -> None:
    stage.transport.play()
    stage.keys(71, 72, 73, 74, 75, 76, 77, 78)
    asked = len(stage.passages)
    stage.ensemble.answer("deck1")
    assert stage.ensemble.answering("deck1") == 2
    stage.run(4 * BAR_S)
    answers = [p for p in stage.passages[asked:] if p.free]
    assert [len(p.past) for p in answers] == [2, 3]
    assert [n.pitch for p in answers[0].past for n in p.notes] == list(range(71, 79))
    assert stage.pitches().count(78) == 8
    assert stage.ensemble.answering("deck1") == 0


def test_an_answer_to_what_was_played_before_play_comes_first(stage: Stage) -> None:
    stage.keys(65, 66, 67, 68)
    stage.ensemble.answer("deck1")
    stage.pump.settle()
    heard = stage.play(3)
    assert heard[:4] == [68] * 4
    assert 68 not in heard[4:]
    assert stage.play(2)[:4] != [68] * 4, "an answer is given once"


def test_without_a_note_there_is_no_answer(stage: Stage) -> None:
    stage.ensemble.answer("deck1")
    assert len(stage.notices) == 1


# -- the band --------------------------------------------------------------------------------------


def counting(task: Task) -> BandBar:
    """A bass that plays the number of the bar, counted by what was before."""
    number = (task.before or 0) + 1
    bass = Note("bass", 0, 4, 30 + number, 80)
    notes = (*on_track("lead", task.lead.notes), bass)
    return BandBar(notes=notes, chords=((0.0, f"I{number}"),), state=number)


def test_the_band_goes_on_from_where_it_has_got_to(play: Play) -> None:
    stage = Stage(play, arrange=counting).start()
    stage.play(3.9)
    assert stage.pitches(channel=2) == [31, 32, 33, 34]
    assert [bar.chords for bar in stage.ensemble.roll("deck1").bars] == [
        ((0.0, f"I{n}"),) for n in (1, 2, 3, 4)
    ]


def test_all_parts_of_a_late_bar_repeat_the_same_bar(play: Play) -> None:
    stage = Stage(play, arrange=counting).start()
    stage.transport.play()
    stage.run(0.1)
    stage.guest.gate.shut()
    stage.go(50)
    stage.run(2.9 * BAR_S, waits=False)
    stage.guest.gate.open()
    stage.run(0.1)
    assert stage.pitches(channel=2) == [31, 32, 32]
    assert stage.pitches()[4:] == [stage.pitches()[4]] * 8


def test_a_band_that_is_lost_leaves_the_melody_alone(play: Play) -> None:
    def lost(task: Task) -> BandBar:
        if task.number == 1:
            raise ZeroDivisionError
        return counting(task)

    stage = Stage(play, arrange=lost).start()
    assert len(stage.play(3.95)) == 16
    assert stage.pitches(channel=2) == [31, 32, 33]


def test_what_the_band_goes_by_needs_no_new_melody(play: Play) -> None:
    stage = Stage(play, composing(), arrange=counting).start()
    asked = len(stage.passages)
    stage.session.replace(stage.session.scene.but(score={**stage.session.scene.score,
                                                         "swing": 0.5}), None)  # fmt: skip
    stage.run(0.2)
    assert len(stage.passages) == asked


def test_in_a_count_in_the_first_bar_can_still_change(stage: Stage) -> None:
    stage.play(1.5)
    stage.transport.set_count_in(2)
    stage.transport.play()
    stage.run(BAR_S)
    assert [bar.settled for bar in stage.ensemble.roll("deck1").bars] == [False]
    before = len(stage.ons())
    stage.go(50)
    stage.run(2 * BAR_S)
    assert stage.pitches()[before] == 50
    assert not [p for p in stage.passages if p.number > 2], "no bar of the tune before"


# -- whatever hands do -----------------------------------------------------------------------------


class Tying(FakeEngine):
    """Notes that ring over bar lines or do not, as the past, the number and the point have it."""

    def compose(self, passage: Passage) -> Phrase:
        beats = passage.metre.bar_beats
        pitch = 60 + passage.number % 3 + (round(10 * float(passage.latent[0])) % 4)
        last = passage.past[-1].notes[-1] if passage.past else None
        first = pitch if last is None or passage.number % 4 == 3 else last.pitch
        notes = (
            Note("lead", 0, beats / 2, first, 90, tied=last is not None and first == last.pitch),
            Note("lead", beats / 2, beats / 2, pitch, 90),
        )
        return Phrase(notes, beats, passage.metre)


def do_something(stage: Stage, random: Random) -> None:
    transport, ensemble = stage.transport, stage.ensemble
    beat = random.choice((0.0, 4.0, 6.5, random.uniform(0, 40)))
    random.choice(
        (
            transport.play,
            transport.stop,
            transport.resume,
            transport.resume,
            lambda: transport.locate(beat),
            lambda: transport.set_tempo(random.choice((60.0, 120.0, 299.0))),
            lambda: transport.nudge(random.uniform(-0.2, 0.2)),
            lambda: transport.set_metre(random.choice((3, 4, 6)), random.choice((4, 8))),
            lambda: stage.go(random.randint(50, 70)),
            lambda: ensemble.hold("deck1", random.random() < 0.5),
            lambda: ensemble.answer("deck1"),
            lambda: stage.session.undo(),
            lambda: stage.keys(64, 67, beat_s=0.3),
        )
    )()


@pytest.mark.parametrize("seed", range(6))
def test_whatever_hands_do_no_note_begins_twice_and_none_hangs(play: Play, seed: int) -> None:
    stage = Stage(play, Guest(Tying, composes=True)).start()
    random = Random(seed)
    for _ in range(30):
        do_something(stage, random)  # the player sees that no note begins twice
        stage.run(random.choice((0.01, 0.05, 0.3, 1.1)))
    stage.transport.resume()
    stage.run(3.0)
    assert stage.player.sounding, "it still plays"
    stage.transport.stop()
    stage.run(0.1)
    assert not stage.player.sounding
    assert stage.conductor._router.sounding == 0
    assert not any(stage.conductor.failures.values())


def test_what_an_engine_has_to_say_is_told_once(play: Play) -> None:
    class Remarking(FakeEngine):
        def compose(self, passage: Passage) -> Phrase:
            return replace(phrase_of(passage), remarks=("It has not learnt 5/4.",))

    stage = Stage(play, Guest(Remarking, composes=True)).start()
    stage.play(4)
    assert stage.notices == ["It has not learnt 5/4."]
