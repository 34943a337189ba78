"""Where beats and pitches stand on a roll, and where it looks while it follows."""

from __future__ import annotations

import pytest

from studio.live.layers.roll_bars import (
    FEWEST_ROWS,
    bar_at,
    in_scale,
    pitch_range,
    seen_between,
    span_of,
)
from studio.live.layers.roll_scale import FEWEST_BEATS, MOST_BEATS, RollScale, followed, held
from studio.music.metres import Metre
from tests.fakes import FakeClock
from tests.ui.roll.roll_hall import bar, note
from ui.roll._viewport import Viewport
from ui.roll.bars import note_name

COMMON, JIG = Metre(4, 4), Metre(6, 8)
ROOM = (46.0, 36.0, 800.0, 400.0)


@pytest.fixture
def scale() -> RollScale:
    return RollScale(40, 30, 800, 240, origin_beats=8, shown_beats=16, lowest=60, highest=83)


# -- arithmetic ------------------------------------------------------------------------------------


def test_beats_go_right_and_pitches_up(scale: RollScale) -> None:
    assert scale.x(8) == 40
    assert scale.x(24) == 840
    assert scale.beat(scale.x(13.25)) == pytest.approx(13.25)
    assert (scale.y(83), scale.y(60)) == (30, 260)
    assert all(scale.pitch(scale.y(pitch) + 5) == pitch for pitch in range(60, 84))


def test_a_zoom_keeps_what_the_hand_is_on(scale: RollScale) -> None:
    near = scale.zoomed(2, 12)
    assert near.shown_beats == 8
    assert near.x(12) == pytest.approx(scale.x(12))
    assert scale.zoomed(1e9, 12).shown_beats == FEWEST_BEATS
    assert scale.zoomed(1e-9, 12).shown_beats == MOST_BEATS


def test_nobody_is_lost_beyond_the_ends_of_the_music(scale: RollScale) -> None:
    assert held(scale.moved(-1000), 0, 32).origin_beats == 0
    assert held(scale.moved(1000), 0, 32).origin_beats == 24, "half a view behind the end"
    assert held(scale, 0, 32) == scale
    assert held(scale.moved(5), 0, 2).origin_beats == 0


# -- following -------------------------------------------------------------------------------------


def test_the_view_stands_still_for_a_bar_and_the_next_one_is_its_last() -> None:
    origins = [followed(place, COMMON, 16) for place in (0, 3.9, 4, 8, 11.9, 12, 15.99, 16)]
    assert origins == [0, 0, 0, 0, 0, 4, 4, 8]
    at = followed(21.3, COMMON, 16)
    assert at + 16 == 28, "the bar to come ends at the right edge"


def test_other_metres_and_lengths_go_on_by_their_own_bars() -> None:
    assert [followed(p, JIG, 12) for p in (0, 5.9, 6, 9, 12)] == [0, 0, 0, 3, 6]
    assert followed(41, COMMON, 18) == 32, "whole bars from the left edge on"
    assert followed(41, COMMON, 64) == 0


def test_where_no_bar_fits_it_goes_on_by_beats_or_by_half_the_view() -> None:
    assert followed(5.5, COMMON, 3) == 4
    assert followed(5.5, COMMON, 1) == 5.5
    for place in (0.2, 3.7, 17.9):
        origin = followed(place, COMMON, 3)
        assert origin <= place < origin + 3


def test_a_count_in_is_seen_from_its_bar_line() -> None:
    assert followed(-3.5, COMMON, 16) == -4
    assert followed(0, COMMON, 16) == 0


# -- the eye ---------------------------------------------------------------------------------------


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def eye(clock: FakeClock) -> Viewport:
    eye = Viewport(clock)
    eye.fit(ROOM, [(62, 74)], (0, 32), COMMON)
    return eye


def test_at_first_four_bars_are_seen_whatever_the_metre(eye: Viewport) -> None:
    assert eye.scale.shown_beats == 16
    eye.fit(ROOM, (), (0, 0), JIG)
    assert eye.scale.shown_beats == 12
    eye.zoom(2, 0)
    eye.fit(ROOM, (), (0, 0), COMMON)
    assert eye.scale.shown_beats == 6, "a hand has chosen"


def test_it_glides_to_the_next_bar(eye: Viewport, clock: FakeClock) -> None:
    assert not eye.follow(11.9)
    assert not eye.gliding
    eye.follow(12.0)
    clock.advance(0.1)
    eye.step()
    assert 0 < eye.scale.origin_beats < 4
    clock.advance(0.2)
    eye.step()
    assert (eye.scale.origin_beats, eye.gliding) == (4, False)


def test_a_jump_is_followed_at_once(eye: Viewport) -> None:
    assert eye.follow(400)
    assert (eye.scale.origin_beats, eye.gliding) == (392, False)


def test_a_glide_that_is_stopped_arrives(eye: Viewport) -> None:
    eye.follow(12.0)
    assert eye.arrive()
    assert eye.scale.origin_beats == 4
    assert not eye.arrive()


def test_a_hand_that_scrolls_leaves_the_playhead(eye: Viewport) -> None:
    eye.scroll(8)
    assert not eye.following
    assert not eye.follow(12.0)
    eye.forget()
    assert (eye.following, eye.scale.origin_beats) == (True, 0)


# -- rows and bars ---------------------------------------------------------------------------------


def test_rows_stay_while_the_notes_fit() -> None:
    first = pitch_range([(62, 67)], None)
    assert first[1] - first[0] + 1 == FEWEST_ROWS
    assert first[0] <= 62 <= 67 <= first[1]
    assert pitch_range([(first[0], first[0]), None], first) == first
    wider = pitch_range([(30, 60), (62, 90)], first)
    assert wider[0] <= 30 <= 90 <= wider[1]
    assert pitch_range([(62, 67)], wider) != wider, "far too wide for what is left"
    assert pitch_range([], first) == first


def test_rows_never_leave_midi() -> None:
    low, high = pitch_range([(0, 0)], None)
    assert (low, high - low + 1) == (0, FEWEST_ROWS)
    low, high = pitch_range([(127, 127)], None)
    assert (high, high - low + 1) == (127, FEWEST_ROWS)


def test_drums_need_no_rows() -> None:
    assert span_of(bar(0, note(0, pitch=60), note(1, pitch=64))) == (60, 64)
    assert span_of(bar(0, note(0, pitch=20, part="drums"))) is None


def test_where_there_is_no_bar_an_empty_one_is_shown() -> None:
    known = [bar(1), bar(2)]
    seen = list(seen_between(known, COMMON, 2, 14))
    assert [b.number for b in seen] == [0, 1, 2, 3]
    assert seen[1] is known[0]
    assert not seen[0].notes


def test_bars_of_another_metre_keep_their_places() -> None:
    known = [bar(n, beats=3.0) for n in range(3)]  # up to beat 9
    seen = list(seen_between(known, COMMON, 0, 16))
    assert [b.start_beats for b in seen] == [0, 3, 6, 9, 12]
    assert seen[3].length_beats == 3, "the rest of a bar of four"
    assert bar_at(known, COMMON, 5) == 1
    assert bar_at(known, COMMON, 13) == 3
    assert [bar_at(known, COMMON, beat) for beat in (-1, 0, 2.99, 3, 8.9, 9)] == [-1, 0, 0, 1, 2, 2]
    assert bar_at([], COMMON, 9) == 2


@pytest.mark.parametrize(
    ("pitch", "name"), [(60, "C4"), (69, "A4"), (63, "E♭4"), (66, "F♯4"), (0, "C-1"), (127, "G9")]
)
def test_notes_are_called_what_musicians_call_them(pitch: int, name: str) -> None:
    assert note_name(pitch) == name


def test_without_a_key_the_white_keys_are_the_scale() -> None:
    assert [p for p in range(60, 72) if in_scale(p, None)] == [60, 62, 64, 65, 67, 69, 71]
