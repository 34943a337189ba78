"""Pages: settled once for all parts when their bar begins; a late one is replaced by the one at
hand; play that begins starts over, play that goes on goes on."""

from __future__ import annotations

import pytest

from studio.document.routes import Route
from studio.live._sources import CountsIn
from studio.live.clock.transport import Transport
from studio.live.ensemble._bar_plans import Bars, Begun, Page, Pages
from studio.music.metres import Metre
from studio.music.notes import Note
from studio.music.phrases import Phrase
from tests.fakes import FakeClock
from tests.studio.live.band import NOW, Band

FOUR = Metre()


def page(pitch: int, *, opens: bool = False, beats: int = 4) -> Page:
    """Lead and bass on each beat, the bass two octaves lower."""
    parts = (("lead", pitch), ("bass", pitch - 24))
    notes = tuple(Note(p, beat, 1, n, 100) for beat in range(beats) for p, n in parts)
    return Page(Phrase((), beats), notes, opens=opens)


class Desk:
    """Pages with two tracks, in fake time at 60 bpm: a beat is a second."""

    def __init__(self) -> None:
        self.clock = FakeClock(NOW)
        self.transport = Transport(self.clock)
        self.transport.lead_s = 0.0
        self.transport.set_tempo(60)
        self.told = 0
        self.pages = Pages(self.transport, self._tell)
        self.lead = Bars("melody", "lead", self.pages, self.transport)
        self.bass = Bars("low", "bass", self.pages, self.transport)
        self._at = 0.0

    def _tell(self) -> None:
        self.told += 1

    def play(self, beat: float = 0.0) -> None:
        """Play from there; somebody has asked for the first note."""
        self.transport.locate(beat)
        self.transport.play()
        self.pages.at(self.transport.metre.bar_at(beat), beat)
        self._at = beat

    def hear(self, beats: float, track: Bars | None = None) -> list[int]:
        """The pitches of the next beats, asked for in small spans as the conductor does."""
        heard: list[int] = []
        for _ in range(round(beats * 10)):
            begin, self._at = self._at, round(self._at + 0.1, 6)
            heard += [n.pitch for n in (track or self.lead).notes(begin, self._at)]
            self.clock.advance(0.1)
        return heard

    def deliver(self, number: int, pitch: int) -> None:
        self.pages.deliver(self.transport.metre.bar(number), page(pitch))

    def news(self) -> list[tuple[int, int, bool, bool]]:
        """(bar, pitch, opens, again) of each bar that has begun."""
        return [(b.bar.number, pitch_of(b), b.opens, b.again) for b in self.pages.news()]


def pitch_of(begun: Begun) -> int:
    return begun.page.notes[0].pitch


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.pages.open_with(page(60, opens=True))
    return made


def test_play_begins_with_the_opening_wherever_it_begins(desk: Desk) -> None:
    desk.play(8)
    assert desk.hear(4) == [60] * 4
    assert desk.news() == [(2, 60, True, False)]


def test_in_the_middle_of_a_bar_the_opening_begins_in_its_middle(desk: Desk) -> None:
    desk.play(9.5)
    assert desk.hear(2.5) == [60, 60]


def test_delivered_bars_follow_each_other(desk: Desk) -> None:
    desk.play()
    desk.deliver(1, 61)
    assert desk.hear(8) == [60] * 4 + [61] * 4
    assert desk.pages.late == 0


def test_a_newer_delivery_replaces_one_that_has_not_begun(desk: Desk) -> None:
    desk.play()
    desk.deliver(1, 61)
    desk.deliver(1, 71)
    assert desk.hear(8)[4:] == [71] * 4


def test_a_bar_never_changes_in_the_middle(desk: Desk) -> None:
    desk.play()
    desk.deliver(1, 61)
    heard = desk.hear(6)
    desk.deliver(1, 71)
    assert (heard + desk.hear(2))[4:] == [61] * 4


def test_a_bar_that_is_late_is_replaced_by_the_one_at_hand_and_counted(desk: Desk) -> None:
    desk.play()
    assert desk.hear(8) == [60] * 8
    desk.deliver(2, 62)
    assert desk.hear(4) == [62] * 4
    assert desk.pages.late == 1
    assert desk.news() == [(0, 60, True, False), (1, 60, False, True), (2, 62, False, False)]


def test_without_an_opening_there_is_silence(desk: Desk) -> None:
    desk.pages.open_with(None)
    desk.play()
    assert desk.hear(4) == []
    assert desk.news() == []


def test_an_opening_that_comes_later_waits_for_the_next_bar_line(desk: Desk) -> None:
    desk.pages.open_with(None)
    desk.play()
    assert desk.hear(5.5) == []
    desk.pages.open_with(page(70, opens=True))
    assert desk.hear(4.5) == [70] * 2
    assert desk.news() == [(2, 70, True, False)]
    assert desk.pages.late == 0


def test_all_parts_play_the_same_page_however_late_they_ask(desk: Desk) -> None:
    desk.play()
    heard = desk.hear(4.5)
    desk.deliver(1, 61)  # too late: the lead has begun
    assert heard[4] == 60
    assert [n.pitch for n in desk.bass.notes(3.9, 4.5)] == [36]
    assert [n.pitch for n in desk.bass.notes(0, 4)] == [36] * 4, "and the bar before it"


def test_each_part_plays_its_own_notes_on_its_own_track(desk: Desk) -> None:
    desk.play()
    (note,) = desk.bass.notes(0, 0.1)
    assert (note.track, note.pitch) == ("low", 36)


def test_one_span_may_cover_several_bars(desk: Desk) -> None:
    desk.play()
    desk.deliver(1, 61)
    desk.deliver(2, 62)
    desk.clock.advance(9)
    assert [n.pitch for n in desk.lead.notes(3, 9)] == [60, 61, 61, 61, 61, 62]


def test_somebody_is_told_when_a_bar_begins(desk: Desk) -> None:
    desk.play()
    assert desk.told == 1
    desk.news()
    desk.hear(3)
    assert desk.told == 1


# -- jumps -----------------------------------------------------------------------------------------


def test_a_jump_starts_over_with_the_opening(desk: Desk) -> None:
    desk.play()
    desk.deliver(1, 61)
    desk.hear(6)
    desk.play(32)
    assert desk.hear(1) == [60]
    assert desk.news()[-1] == (8, 60, True, False)


def test_what_was_delivered_before_a_jump_is_void(desk: Desk) -> None:
    desk.play()
    desk.deliver(1, 61)
    desk.hear(2)
    desk.play()
    assert desk.hear(8) == [60] * 8


def test_a_part_that_has_not_heard_of_a_jump_settles_nothing(desk: Desk) -> None:
    desk.play(40)
    desk.hear(2)
    desk.play()
    assert desk.bass.notes(42, 42.1) == []
    assert desk.hear(4) == [60] * 4
    assert desk.bass.notes(44, 44.1) == []
    assert [number for number, *_ in desk.news()] == [10, 0]


def test_play_that_goes_on_goes_on_in_its_bar(desk: Desk) -> None:
    desk.play()
    desk.deliver(1, 61)
    desk.hear(5)
    desk.deliver(2, 62)
    desk.transport.stop()
    desk.transport.resume()
    assert desk.hear(4) == [61] * 3 + [62]
    assert [number for number, *_ in desk.news()] == [0, 1, 2]


def test_play_that_was_stopped_just_before_a_bar_begins_that_bar_again(desk: Desk) -> None:
    desk.play()
    desk.deliver(1, 61)
    desk.hear(3.9)
    desk.lead.notes(3.9, 4.1)  # asked for ahead
    desk.transport.stop()
    desk.transport.resume()
    desk.deliver(2, 62)
    assert desk.hear(4.1) == [61] * 4
    assert [number for number, *_ in desk.news()] == [0, 1, 1]


# -- hold ------------------------------------------------------------------------------------------


def test_a_held_page_is_played_until_it_is_let_go(desk: Desk) -> None:
    desk.play()
    desk.hear(2)
    desk.pages.hold(page(99))
    desk.deliver(1, 61)
    assert desk.hear(6) == [60] * 2 + [99] * 4
    desk.pages.hold(None)
    desk.deliver(2, 62)
    assert desk.hear(4) == [62] * 4
    assert desk.news()[1] == (1, 99, False, True)
    assert desk.pages.late == 0


# -- the metre -------------------------------------------------------------------------------------


def test_a_bar_goes_on_until_the_first_bar_of_another_metre(desk: Desk) -> None:
    desk.play()
    heard = desk.hear(1.5)
    desk.transport.set_metre(3, 4)
    desk.pages.deliver(Metre(3, 4).bar(1), page(71, opens=True, beats=3))
    heard += desk.hear(4.5)
    assert heard == [60] * 3 + [71] * 3
    assert desk.pages.late == 0
    assert desk.news()[-1] == (1, 71, True, False)


def test_a_page_that_is_longer_than_its_bar_is_cut(desk: Desk) -> None:
    desk.pages.open_with(page(60, opens=True, beats=7))
    desk.play()
    desk.deliver(1, 61)
    assert desk.hear(8) == [60] * 4 + [61] * 4


def test_under_a_conductor_every_note_of_a_page_is_heard_once(desk: Desk) -> None:
    band = Band()
    pages = Pages(band.transport, lambda: None)
    pages.open_with(page(60, opens=True))
    band.conductor.add(Bars("steps", "lead", pages, band.transport))
    band.conductor.route([Route(track="steps", port="out")])
    band.transport.set_count_in(1)
    band.transport.play()
    band.run(2.0)
    for number in range(1, 9):
        pages.deliver(FOUR.bar(number), page(60 + number))
    band.run(8.05)
    assert band.pitches() == [60 + n for n in range(4) for _ in range(4)] + [64]
    assert not isinstance(Bars("t", "lead", pages, band.transport), CountsIn)
