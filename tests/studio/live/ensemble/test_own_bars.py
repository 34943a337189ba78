"""Bars that are the artist's own: they sound, what follows goes on from them, nothing overwrites
them unasked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from studio.live.ensemble.band import BandBar, Task
from studio.music.chords import Chord
from studio.music.metres import Metre
from studio.music.notes import Note
from studio.music.phrases import Key, Phrase, on_track
from tests.fakes import Pump
from tests.studio.live.ensemble.ensemble_stage import BAR_S, Stage

MINE = (84, 86, 88, 90)
METRE, KEY = Metre(), Key(0)


def bar_of(*pitches: int) -> Phrase:
    notes = tuple(Note("lead", float(n), 1.0, pitch, 90) for n, pitch in enumerate(pitches))
    return Phrase(notes, 4.0, METRE, KEY)


@pytest.fixture
def stage(play: Callable[..., Pump]) -> Stage:
    return Stage(play).start()


def write(stage: Stage, number: int, *pitches: int, gesture: str | None = None) -> None:
    stage.session.own_bars.write("deck1", {number: bar_of(*pitches)}, METRE, gesture)
    stage.run(0.3)


def bars(heard: list[int]) -> list[list[int]]:
    return [heard[n : n + 4] for n in range(0, len(heard), 4)]


def test_they_sound_and_what_follows_goes_on_from_them(stage: Stage) -> None:
    before = bars(stage.play(4))
    write(stage, 2, *MINE)
    del stage.guest.engine.calls[:]
    after = bars(stage.play(4))
    assert after == [before[0], before[1], [*MINE], before[3]]
    assert 2 not in [p.number for p in stage.passages], "nobody is asked for it"
    following = next(p for p in stage.passages if p.number == 3)
    assert [note.pitch for note in following.past[-1].notes] == [*MINE]


def test_the_first_bar_may_be_ones_own(stage: Stage) -> None:
    write(stage, 0, *MINE)
    assert bars(stage.play(2))[0] == [*MINE]


def test_one_that_is_written_while_it_plays_sounds_from_the_next_bar(stage: Stage) -> None:
    stage.transport.play()
    stage.run(1.6 * BAR_S)
    heard = len(stage.ons())
    write(stage, 2, *MINE, gesture="drag")
    stage.run(1.5 * BAR_S)
    assert stage.pitches()[8:12] == [*MINE]
    assert heard in (6, 7)
    assert stage.ensemble.late_bars == 0


def test_no_hand_elsewhere_overwrites_them(stage: Stage) -> None:
    write(stage, 1, *MINE)
    stage.go(66)
    deck = stage.session.scene.deck("deck1")
    stage.session.change(deck.but(seed=77), None)
    stage.run(1)
    assert bars(stage.play(3))[1] == [*MINE]


def test_they_go_with_undo_and_are_given_back(stage: Stage) -> None:
    before = bars(stage.play(3))
    write(stage, 1, *MINE)
    stage.session.undo()
    stage.run(0.3)
    assert bars(stage.play(3)) == before
    stage.session.redo()
    stage.session.own_bars.give_back("deck1", [1])
    stage.run(0.3)
    assert bars(stage.play(3)) == before


def test_in_another_metre_the_models_have_the_bar(stage: Stage) -> None:
    write(stage, 0, *MINE)
    stage.transport.set_metre(3, 4)
    stage.session.set_score("metre_beats", 3)
    stage.run(0.5)
    assert not set(MINE) & set(stage.play(2))


def test_a_held_bar_that_is_rewritten_is_heard_so_the_next_time(stage: Stage) -> None:
    stage.transport.play()
    stage.run(1.3 * BAR_S)
    stage.ensemble.hold("deck1", True)
    write(stage, 1, *MINE)
    stage.run(2.5 * BAR_S)
    assert stage.pitches()[8:12] == [*MINE]


def test_an_answer_is_not_put_off_by_them(stage: Stage) -> None:
    write(stage, 1, *MINE)
    stage.transport.play()
    stage.keys(62, 64, 65, 67)
    stage.ensemble.answer("deck1")
    stage.run(1 * BAR_S)
    assert stage.ensemble.answering("deck1") or not set(MINE) & set(stage.pitches()[:4])


def test_the_band_plays_chosen_chords(play: Callable[..., Pump]) -> None:
    tasks: list[Task] = []

    def arrange(task: Task) -> BandBar:
        tasks.append(task)
        return BandBar(notes=on_track("lead", task.lead.notes))

    stage = Stage(play, arrange=arrange).start()
    chosen = ((0.0, Chord(2, "m")), (2.0, Chord(7, "7")))
    stage.session.own_bars.write_chords("deck1", {1: chosen}, METRE, KEY)
    stage.run(0.3)
    composed = bars(stage.play(3))
    assert {task.chords for task in tasks if task.number == 1} == {chosen}
    assert {task.chords for task in tasks if task.number != 1} == {()}
    write(stage, 1, *MINE)
    assert stage.session.scene.deck("deck1").own_bars[1].chords, "notes leave chords as they are"
    stage.session.own_bars.give_back("deck1", [1])
    stage.run(0.3)
    assert bars(stage.play(3)) == composed
