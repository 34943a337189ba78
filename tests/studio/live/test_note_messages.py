"""Routes: a note becomes an on and an off at its port, channel and transposed pitch."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from studio.document.routes import Route
from studio.live.clock.timeline import Timeline
from studio.live.note_messages import end_of, note_off, note_on, program_change
from studio.music.notes import Note
from studio.processes.messages import Due

LINE = Timeline(0, 100, 120)
NOTE = Note("melody", 2, 1, 60, 90)


def to_messages(note: Note, route: Route, line: Timeline) -> tuple[Due, ...]:
    """The note's on and off with their moments, as the conductor's router sends them."""
    on = note_on(note, route, line.time_of(note.start_beats))
    return () if on is None else (on, note_off(on, line.time_of(end_of(note))))


def test_a_note_is_an_on_and_an_off() -> None:
    assert to_messages(NOTE, Route(track="melody", port="synth", channel=2), LINE) == (
        Due(101, "synth", bytes((0x91, 60, 90))),
        Due(101.5, "synth", bytes((0x81, 60, 0))),
    )


def test_it_is_transposed() -> None:
    on, off = to_messages(NOTE, Route(track="melody", port="synth", transpose=-12), LINE)
    assert on.data[1] == off.data[1] == 48


@pytest.mark.parametrize("transpose", [68 - 128, 60])
def test_at_the_edges_of_midi_pitches_stay(transpose: int) -> None:
    high = Note("melody", 0, 1, 67 if transpose > 0 else 60, 90)
    assert to_messages(high, Route(track="melody", port="p", transpose=transpose), LINE)


def test_a_pitch_beyond_the_edge_is_left_out() -> None:
    high = Note("melody", 0, 1, 100, 90)
    assert to_messages(high, Route(track="melody", port="p", transpose=28), LINE) == ()


def test_a_mute_route_says_nothing() -> None:
    assert to_messages(NOTE, Route(track="melody", port="p", mute=True), LINE) == ()


def test_velocity_0_would_be_an_off_and_is_not_sent() -> None:
    on, _ = to_messages(Note("melody", 0, 1, 60, 0), Route(track="melody", port="p"), LINE)
    assert on.data[2] == 1


def test_a_note_of_no_length_still_ends_after_it_began() -> None:
    on, off = to_messages(Note("melody", 0, 0, 60, 90), Route(track="melody", port="p"), LINE)
    assert off.due_s > on.due_s


def test_a_program_is_chosen_only_where_there_is_one() -> None:
    assert program_change(Route(track="melody", port="p"), 0) is None
    route = Route(track="melody", port="p", channel=16, program=40)
    assert program_change(route, 3) == Due(3, "p", b"\xcf\x28")


@pytest.mark.parametrize(
    "wrong", [{"channel": 0}, {"channel": 17}, {"program": 128}, {"transpose": 99}, {"port": ""}]
)
def test_a_route_that_midi_does_not_know_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Route(**{"track": "melody", "port": "p", **wrong})


def test_a_scene_can_keep_it() -> None:
    route = Route(track="melody", port="synth", channel=2, program=5, transpose=7)
    assert Route.model_validate_json(route.model_dump_json()) == route
