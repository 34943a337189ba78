"""Wishes in plain words are understood, and what is not is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.document.parameters import Choice, Float, Int, Parameter
from studio.music.metres import Metre
from studio.music.phrases import TONICS
from studio.music.tune_forms import FORMS, FREE
from studio.music.wishes.wish import Wish, parse

PARAMETERS: tuple[Parameter, ...] = (
    Choice(
        name="genre",
        label="Genre",
        options=("any", "reel", "jig", "slip jig", "hornpipe", "air", "march", "waltz", "chorale"),
        default="reel",
    ),
    Choice(name="tonic", label="Key", options=TONICS, default="D"),
    Choice(
        name="mode",
        label="Mode",
        options=("major", "minor", "dorian", "mixolydian"),
        default="major",
    ),
    Int(name="part", label="Part", low=2, high=16, default=8),
    Choice(name="form", label="Form", options=(FREE, *FORMS), default=FREE),
    Float(name="temperature", label="Temperature", low=0, high=1.5, default=0.9),
    Float(name="density", label="Density", low=-1, high=1, default=0),
    Int(name="register", label="Register", low=-2, high=2, default=0),
    Int(name="lowest", label="Lowest", low=36, high=84, default=55),
    Int(name="highest", label="Highest", low=48, high=96, default=86),
)


def wish(text: str) -> Wish:
    return parse(text, PARAMETERS)


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        ("a jig in D, sixteen bars", "jig · D major · 16 bars"),
        ("reel D dorian 16 bars", "reel · D dorian · 16 bars"),
        ("a slow air in A minor, 24 bars", "air · A minor · 24 bars · 60 bpm"),
        ("24 BARS; A MINOR; SLOW AIR", "air · A minor · 24 bars · 60 bpm"),
        ("reel AABA in G", "reel · G major · AABA · 32 bars"),
        ("a rondo in 3/4, parts of 4", "3/4 · rondo · 20 bars · parts of 4"),
        ("air with a refrain, 24 bars", "air · refrain · 24 bars"),
        ("through-composed march", "march · through-composed · 32 bars"),
        ("Am reel", "reel · A minor"),
        ("a reel in a", "reel · A major"),
        ("slip-jig in e mixolydian at 120", "slip jig · E mixolydian · 120 bpm"),
        ("march in 6/8, Bb", "march · Bb major · 6/8"),
        ("jig D 16 bars", "jig · D major · 16 bars"),
        ("march in 6/8 in Bb", "march · Bb major · 6/8"),
        ("polka in the key of g", "reel · G major · 2/4"),
        ("hymn in E flat, 8 bars", "chorale · Eb major · 8 bars"),
        ("reel in Eb minor", "reel · D# minor"),
        ("jig in Ab minor", "jig · G# minor"),
        ("wild reel, seed 12", "reel · seed 12 · wild"),
        ("sad air", "air · sad (minor)"),
        ("jig in G, 32, 100", "jig · G major · 32 bars · 100 bpm"),
        ("double jig in Edor", "jig · E dorian"),
    ],
)
def test_what_is_understood(text: str, understood: str) -> None:
    assert wish(text).understood == understood


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("a hornpip in F# minor, 32 bar", "a hornpipe in F# minor, 32 bars"),
        ("rele", ""),
        ("jig in D doran", "jig in D dorian"),
        ("waltzz, sixten bars, temprature 0.5", "waltz, sixteen bars, temperature 0.5"),
    ],
)
def test_slips_of_the_pen(slip: str, meant: str) -> None:
    assert wish(slip).understood == wish(meant).understood


def test_values_go_to_the_engine_s_own_parameters() -> None:
    said = wish("a busy high jig in Bb minor between D4 and A5, temperature 0.7, parts of 4 bars")
    assert said.values == {
        "genre": "jig",
        "tonic": "Bb",
        "mode": "minor",
        "part": 4,
        "temperature": 0.7,
        "density": pytest.approx(0.6),
        "register": 1,
        "lowest": 62,
        "highest": 81,
    }


def test_a_tonic_may_be_a_number() -> None:
    number = Int(name="tonic", label="Key", low=55, high=74, default=62)
    assert parse("in G", [number]).values == {"tonic": 67}
    assert parse("in A", [number]).values == {"tonic": 57}


def test_parameters_are_known_by_their_roles_whatever_they_are_called() -> None:
    kind = Choice(name="kind", label="Kind", options=("reel", "jig"), default="reel")
    roam = Float(name="roam", label="Roam", low=0, high=1, default=0)
    said = parse("a jig, roam 0.3", [kind, roam], {"genre": "kind", "vary": "roam"})
    assert said.values == {"kind": "jig", "roam": 0.3}
    assert said.metre is not None


def test_an_engine_without_these_parameters_is_asked_for_none() -> None:
    said = parse("a wild jig in D, 16 bars", [])
    assert said.values == {}
    assert (said.bars, "jig" in said.ignored) == (16, True)


def test_the_genre_brings_metre_and_tempo() -> None:
    assert (wish("jig").metre, wish("jig").tempo) == (Metre(6, 8), 174)
    assert (wish("waltz").metre, wish("waltz").tempo) == (Metre(3, 4), 132)
    assert wish("in D").metre is wish("in D").tempo is None
    assert wish("a jig at 100 bpm").tempo == 100
    assert wish("fast reel").tempo == 250


def test_the_band() -> None:
    assert wish("reel, no band").accompanied is False
    assert wish("reel with a band").accompanied is True
    assert wish("reel").accompanied is None
    said = wish("straight reel without drums, humanise 0.1")
    assert said.band == {"drums_level": 0.0, "swing": -1.0, "humanise": 0.1}


def test_what_was_not_understood_is_told() -> None:
    said = wish("a purple jig for Anna")
    assert said.ignored == ("purple", "Anna")
    assert said.answer == "jig · not understood: purple, Anna"
    assert wish("purple").answer == "Nothing was understood · not understood: purple"
    assert "such as" in wish("").answer


def test_what_is_out_of_range_is_brought_within_and_told() -> None:
    said = wish("reel at 900 bpm, 100000 bars, temperature 7")
    assert (said.tempo, said.bars, said.values["temperature"]) == (300, 256, 1.5)
    assert len(said.remarks) == 3
    assert wish("reel in 4/5").remarks == ("There is no playing in 4/5.",)


def test_a_or_an_is_no_key() -> None:
    assert "tonic" not in wish("a reel in a hurry").values
    assert "tonic" not in wish("a jig").values


@given(st.text(max_size=200))
def test_any_text_is_answered(text: str) -> None:
    said = wish(text)
    assert said.answer
    for parameter in PARAMETERS:
        if parameter.name in said.values:
            parameter.validate(said.values[parameter.name])


_HEAP = (
    "a reel jig in D A minor dorian Bb flat 16 bars 4/4 0/0 99/99 at 120 bpm seed 7 wild no drums "
    "between C4 and C6 temperature -3 very slow register 9 polka lowest 1e9 parts of zero -"
)


@given(st.lists(st.sampled_from(_HEAP.split()), max_size=14))
def test_any_heap_of_words_is_answered(heap: list[str]) -> None:
    said = wish(" ".join(heap))
    assert said.tempo is None or 20 <= said.tempo <= 300
    for parameter in PARAMETERS:
        if parameter.name in said.values:
            parameter.validate(said.values[parameter.name])
