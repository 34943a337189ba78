"""The desk: what begins ends, once, after it began, where it began."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from studio.document.routes import Route
from studio.live._note_router import NoteRouter, Rest
from studio.live.clock.timeline import Timeline
from studio.music.notes import Note
from studio.processes.messages import Due
from tests.studio.live.band import note

LINE = Timeline(0, 0, 60)
ROUTE = Route(track="steps", port="out")


def desk(*routes: Route) -> NoteRouter:
    made = NoteRouter()
    made.routes = routes or (ROUTE,)
    assert not [*made.follow_routes(0)]
    return made


def said(messages: list[Due]) -> list[tuple[float, int, int]]:
    """(moment, status, pitch) of each."""
    return [(m.due_s, m.data[0], m.data[1]) for m in messages]


def test_an_end_is_kept_back_until_it_is_near() -> None:
    made = desk()
    assert said([*made.begin(note(1, length=2), LINE)]) == [(1, 0x90, 60)]
    assert not [*made.ends(3, LINE)]
    assert said([*made.ends(3.1, LINE)]) == [(3, 0x80, 60)]
    assert made.sounding == 0


def test_a_pitch_that_sounds_already_ends_where_it_begins_again() -> None:
    made = desk()
    messages = [*made.begin(note(0, length=4), LINE), *made.begin(note(1, length=1), LINE)]
    assert said(messages) == [(0, 0x90, 60), (1, 0x80, 60), (1, 0x90, 60)]
    assert said([*made.ends(9, LINE)]) == [(2, 0x80, 60)]


def test_a_pitch_that_ends_before_it_begins_again_ends_at_its_own_time() -> None:
    made = desk()
    messages = [*made.begin(note(0, length=0.5), LINE), *made.begin(note(1), LINE)]
    assert said(messages) == [(0, 0x90, 60), (0.5, 0x80, 60), (1, 0x90, 60)]


def test_an_end_never_overtakes_its_beginning() -> None:
    made = desk()
    (on,) = made.begin(note(1, length=0.01), LINE)
    (off,) = made.ends(9, Timeline(0, -5, 60))  # a leader's line has jumped back
    assert off.due_s > on.due_s


def test_the_end_goes_where_the_beginning_went() -> None:
    made = desk(ROUTE.model_copy(update={"channel": 4, "transpose": 7}))
    [*made.begin(note(0), LINE)]
    made.routes = (ROUTE,)
    (off,) = made.follow_routes(0.2)
    assert off == Due(0.2, "out", bytes((0x83, 67, 0)))


def test_other_routes_leave_what_sounds_alone() -> None:
    made = desk()
    [*made.begin(note(0), LINE)]
    made.routes = (ROUTE, Route(track="another", port="out"))
    assert not [*made.follow_routes(0.1)]
    assert made.sounding == 1


@given(
    st.lists(
        st.tuples(st.floats(0, 20), st.floats(0, 6), st.integers(60, 63)), min_size=1, max_size=40
    )
)
def test_whatever_is_played_every_pitch_begins_and_ends_in_turn(
    played: list[tuple[float, float, int]],
) -> None:
    made = desk()
    messages: list[Due] = []
    for start, length, pitch in sorted(played):
        messages += made.ends(start, LINE)
        messages += made.begin(note(start, length, pitch), LINE)
    messages += made.ends(1000, LINE)
    for pitch in range(60, 64):
        mine = sorted((m.due_s, m.data[0]) for m in messages if m.data[1] == pitch)
        ons = [m for m in mine if m[1] == 0x90]
        assert len(ons) == len(mine) - len(ons)


def tied(start: float, length: float, pitch: int = 60, track: str = "steps") -> Note:
    return replace(note(start, length, pitch, track), tied=True)


def test_a_tied_note_prolongs_the_one_that_ends_where_it_begins() -> None:
    made = desk()
    messages = [*made.begin(note(3, length=1), LINE), *made.begin(tied(4, 2), LINE)]
    assert said(messages) == [(3, 0x90, 60)]
    assert not [*made.ends(5.9, LINE)]
    assert said([*made.ends(6.1, LINE)]) == [(6, 0x80, 60)]


def test_a_tied_note_with_nothing_to_go_on_from_is_struck() -> None:
    made = desk()
    assert said([*made.begin(tied(4, 1), LINE)]) == [(4, 0x90, 60)]
    assert said([*made.ends(9, LINE)]) == [(5, 0x80, 60)]


def test_a_tied_note_goes_on_from_nothing_but_its_own() -> None:
    made = desk()
    [*made.begin(note(0, length=1), LINE)]
    messages = [*made.begin(tied(3, 1), LINE), *made.begin(tied(4, 1, pitch=61), LINE)]
    assert said(messages) == [(1, 0x80, 60), (3, 0x90, 60), (4, 0x90, 61)]


def test_a_tie_holds_on_every_route_of_its_track_and_on_no_other() -> None:
    made = desk(ROUTE, ROUTE.model_copy(update={"channel": 2}), Route(track="b", port="out"))
    [*made.begin(note(0, length=4), LINE)]
    assert not [*made.begin(tied(4, 1), LINE)]
    assert said([*made.begin(tied(5, 1, track="b"), LINE)]) == [(5, 0x80, 60), (5, 0x90, 60)]


def test_a_track_rests_from_one_beat_to_another() -> None:
    made = desk()
    sent = [*made.begin(note(1, length=4), LINE), *made.begin(note(2.1, pitch=62), LINE)]
    assert said(sent) == [(1, 0x90, 60), (2.1, 0x90, 62)]
    made.rests = {"steps": Rest(2, 4), "others": Rest(0, 9)}
    ends = said([*made.follow_rests(2)])
    assert ends == [(2, 0x80, 62), (2.1 + 0.001, 0x80, 62)], "it has not begun, one before it may"
    assert said([*made.ends(2.1, LINE)]) == [(2, 0x80, 60)], "it is cut short"
    assert not [*made.begin(note(3.9, pitch=64), LINE)]
    assert said([*made.begin(note(4, length=1, pitch=65), LINE)]) == [(4, 0x90, 65)]
    assert said([*made.begin(note(1.5, length=3, pitch=66), LINE)]) == [(1.5, 0x90, 66)]
    assert said([*made.ends(9, LINE)]) == [(5, 0x80, 65), (2, 0x80, 66)]
    assert made.sounding == 0
    made.silenced()
    assert said([*made.begin(note(3.9, pitch=64), LINE)]) == [(3.9, 0x90, 64)]
