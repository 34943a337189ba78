"""Genres have metres, tempi and other names."""

from __future__ import annotations

import pytest

from studio.document.score import TEMPO
from studio.music.genres import GENRES, WORDS, at_home, genre_named
from studio.music.metres import Metre


def test_an_unknown_genre_is_played_like_any() -> None:
    assert genre_named("polonaise") == genre_named("any")


def test_tempi_are_playable_in_every_metre() -> None:
    for ways in GENRES.values():
        for metre in (ways.metre, Metre(2, 4), Metre(3, 4), Metre(6, 8)):
            TEMPO.validate(ways.tempo_in(metre))


def test_two_four_is_written_at_half_length() -> None:
    assert genre_named("reel").tempo_in(Metre(2, 4)) == genre_named("reel").tempo / 2


def test_marches_go_by_their_metre() -> None:
    assert genre_named("march").tempo_in(Metre(6, 8)) > genre_named("march").tempo_in(Metre(4, 4))


def test_other_names_mean_known_genres() -> None:
    assert {genre for genre, _ in WORDS.values()} <= set(GENRES)


@pytest.mark.parametrize(
    ("genre", "metre", "goes"),
    [
        ("jig", Metre(4, 4), False),
        ("jig", Metre(6, 8), True),
        ("jig", Metre(12, 8), True),
        ("reel", Metre(2, 4), True),
        ("reel", Metre(6, 8), False),
        ("air", Metre(3, 4), True),
        ("any", Metre(7, 8), True),
        ("a genre of somebody else", Metre(5, 4), True),
    ],
)
def test_a_genre_goes_in_some_metres_and_not_in_others(
    genre: str, metre: Metre, goes: bool
) -> None:
    assert at_home(genre, metre) is goes
