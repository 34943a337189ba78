"""What was played is kept, within bounds, and the tune since play last began is told apart."""

from __future__ import annotations

from studio.live.ensemble._bar_plans import Begun, Page
from studio.live.ensemble.played import Played, bars_of, metres_of, tempi_of
from studio.music.metres import Metre
from studio.music.notes import Note
from studio.music.phrases import Phrase


def begun(
    number: int, pitch: int = 60, *, opens: bool = False, again: bool = False, metre: str = "4/4"
) -> Begun:
    beats, unit = metre.split("/")
    bars = Metre(int(beats), int(unit))
    note = Note("lead", 0, 1, pitch, 100)
    lead = Phrase((note,), bars.bar_beats, bars)
    return Begun(bars.bar(number), Page(lead, (note,), bars), opens, again)


def played(*bars: Begun, limit: int = 1024) -> Played:
    made = Played(limit)
    for bar in bars:
        made.add(bar, 120)
    return made


def numbers(made: Played) -> list[int]:
    return [heard.shown.number for heard in made.tune]


def test_bars_follow_each_other_until_play_begins_anew() -> None:
    made = played(begun(0, opens=True), begun(1), begun(2))
    assert numbers(made) == [0, 1, 2]
    made.add(begun(8, opens=True), 120)
    assert numbers(made) == [8]


def test_a_bar_that_begins_again_is_there_once() -> None:
    assert numbers(played(begun(0, opens=True), begun(1), begun(1), begun(2))) == [0, 1, 2]


def test_the_newest_are_kept() -> None:
    made = played(*(begun(n, opens=n == 0) for n in range(50)), limit=16)
    assert numbers(made) == list(range(34, 50))
    assert made.count_to(Metre().bar(50)) == 50, "and it is known how long the tune is"


def test_the_past_counts_a_repeated_bar_once() -> None:
    made = played(begun(0, 60, opens=True), begun(1, 61), begun(2, 61, again=True), begun(3, 63))
    assert [phrase.notes[0].pitch for phrase in made.past(16)] == [60, 61, 63]
    assert [phrase.notes[0].pitch for phrase in made.past(2)] == [61, 63]


def test_a_bar_is_found_by_its_beat_and_nothing_beside_it() -> None:
    made = played(begun(2, opens=True), begun(3))
    found = made.at(12)
    assert found is not None
    assert found.shown.number == 3
    assert (made.at(7.9), made.at(16)) == (None, None)


def test_without_a_tune_there_is_nothing() -> None:
    made = played(begun(0, opens=True))
    made.forget()
    assert (made.tune, made.last, made.at(0), made.past(16)) == ((), None, None, ())


def test_tempi_and_metres_are_told_where_they_change() -> None:
    made = Played()
    for bar, bpm in (
        (begun(0, opens=True), 100),
        (begun(1), 100),
        (begun(2), 90),
        (begun(4, metre="3/4"), 90),
    ):
        made.add(bar, bpm)
    assert tempi_of(made.tune) == ((0, 100), (8, 90))
    assert metres_of(made.tune) == ((0, Metre()), (12, Metre(3, 4)))
    assert [bar.length_beats for bar in bars_of(made.tune)] == [4, 4, 4, 3]
