"""Bars composed one ahead: one that is late is replaced by the one at hand, and counted."""

from __future__ import annotations

import pytest

from studio.live.notes import Note
from studio.live.sources import Bars, CountsIn, Prepares
from studio.live.tempo import Bar, Metre
from tests.studio.live.band import Band, Steps, note


def bar_of(pitch: int) -> list[Note]:
    """One note on each beat."""
    return [note(beat, pitch=pitch) for beat in range(4)]


class Composer:
    """Asked for bars; delivers what the test tells it to."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.bars = Bars("melody", Metre, self._compose)

    def _compose(self, bar: Bar) -> None:
        self.asked.append(bar.number)

    def hear(self, begin: float, end: float) -> list[int]:
        """The pitches in a stretch, asked for in small spans as the conductor does."""
        steps = round((end - begin) * 10)
        spans = [(begin + n / 10, begin + (n + 1) / 10) for n in range(steps)]
        return [n.pitch for b, e in spans for n in self.bars.notes(b, e)]


@pytest.fixture
def composer() -> Composer:
    return Composer()


def test_delivered_bars_follow_each_other(composer: Composer) -> None:
    composer.bars.deliver(0, bar_of(60))
    composer.bars.deliver(1, bar_of(61))
    assert composer.hear(0, 8) == [60] * 4 + [61] * 4
    assert composer.bars.replaced == 0


def test_a_bar_that_is_late_is_replaced_by_the_one_at_hand_and_counted(composer: Composer) -> None:
    composer.bars.deliver(0, bar_of(60))
    assert composer.hear(0, 8) == [60] * 8
    composer.bars.deliver(2, bar_of(62))
    assert composer.hear(8, 12) == [62] * 4
    assert composer.bars.replaced == 1


def test_a_bar_never_changes_in_the_middle(composer: Composer) -> None:
    composer.bars.deliver(0, bar_of(60))
    heard = composer.hear(0, 6)
    composer.bars.deliver(1, bar_of(61))
    heard += composer.hear(6, 8)
    assert heard == [60] * 8


def test_a_bar_that_came_too_late_is_at_hand_for_the_next(composer: Composer) -> None:
    composer.bars.deliver(0, bar_of(60))
    composer.hear(0, 6)
    composer.bars.deliver(1, bar_of(61))
    composer.hear(6, 8)
    assert composer.hear(8, 12) == [61] * 4
    assert composer.bars.replaced == 2


def test_before_the_first_delivery_there_is_silence(composer: Composer) -> None:
    assert composer.hear(0, 4) == []
    assert composer.bars.replaced == 1


def test_a_newer_delivery_replaces_one_that_has_not_begun(composer: Composer) -> None:
    composer.bars.deliver(0, bar_of(60))
    composer.bars.deliver(0, bar_of(70))
    assert composer.hear(0, 4) == [70] * 4


def test_one_span_may_cover_several_bars(composer: Composer) -> None:
    for number in range(3):
        composer.bars.deliver(number, bar_of(60 + number))
    assert [n.pitch for n in composer.bars.notes(3, 9)] == [60, 61, 61, 61, 61, 62]


def test_notes_beyond_the_bars_end_are_left_out(composer: Composer) -> None:
    composer.bars.deliver(0, [note(0, pitch=60), note(4.5, pitch=61)])
    assert composer.hear(0, 4) == [60]


def test_it_is_asked_one_bar_ahead_while_it_plays(composer: Composer) -> None:
    band = Band(composer.bars)
    band.transport.play()
    band.run(4.0)
    assert composer.asked == [0, 1, 2, 3]


def test_what_a_source_can_do_is_seen_from_its_methods(composer: Composer) -> None:
    assert isinstance(composer.bars, Prepares)
    assert not isinstance(Steps(), Prepares)
    assert not isinstance(Steps(), CountsIn)
