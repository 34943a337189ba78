"""A band that follows the melody: whole bars, in the key, in its register, and the same again."""

from __future__ import annotations

from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.audio.font.recipe import KITS, PROGRAMS
from studio.document.parameters import validated
from studio.document.score import BAND, PARTS
from studio.music.band import _bass_lines as bass_lines
from studio.music.band import _strumming as strumming
from studio.music.band._drums import KIT
from studio.music.band._grooves import GROOVES, groove, plain
from studio.music.band.accompaniment import (
    Arranged,
    Memory,
    arrange,
    arrange_tune,
    is_pickup,
    parts_of,
)
from studio.music.band.players import DEFAULT_ROUTES, BandSetting, defaults, routes_of
from studio.music.chords import Chord
from studio.music.genres import genre_named
from studio.music.keys import scale
from studio.music.metres import Metre
from studio.music.notes import Note
from studio.music.phrases import Key, Phrase, joined
from tests.studio.music.scraps import HYMN, JIG, REEL, line

LEVELS = (0.0, 0.5, 1.0)
GENRES = ("any", "reel", "jig", "slip jig", "hornpipe", "air", "march", "strathspey", "waltz",
          "chorale")  # fmt: skip
METRES = ("4/4", "2/4", "3/4", "6/8", "9/8", "12/8", "2/2", "5/4", "7/8", "3/8", "1/4", "11/16")


def setting(genre: str, density: float = 0.5, **values: float) -> BandSetting:
    exact = {"swing": -1.0, "humanise": 0.0, "band_density": density}
    return BandSetting(genre, 3, 8, {**exact, **values})


def live(tune: Phrase, how: BandSetting) -> list[Arranged]:
    """Bar by bar, as at a concert."""
    memory: Memory | None = None
    made: list[Arranged] = []
    for number, bar in enumerate(tune.bars()):
        made.append(arrange(bar, number, how, memory))
        memory = made[-1].memory
    return made


@pytest.mark.parametrize("density", LEVELS)
@pytest.mark.parametrize("genre", GENRES)
@pytest.mark.parametrize("metre", METRES)
def test_every_part_fills_its_bars_in_every_genre_and_metre(
    genre: str, metre: str, density: float
) -> None:
    tune = line("D5 E5 F#5 G5 A5 B5 A5 F#5 " * 3, metre)
    how = BandSetting(genre, 1, 2, {"band_density": density, "humanise": 1.0})
    for bar in (*live(tune, how)[:2], *arrange_tune(tune, how)[-2:]):
        assert set(bar.parts) == set(PARTS)
        for part, phrase in bar.parts.items():
            assert phrase.length_beats == tune.metre.bar_beats
            for note in phrase.notes:
                assert note.track == part
                assert 0 <= note.start_beats < phrase.length_beats
                assert note.length_beats > 0
                assert note.start_beats + note.length_beats <= phrase.length_beats + 0.05
            _nothing_overlaps(phrase.notes)


def _nothing_overlaps(notes: tuple[Note, ...]) -> None:
    for pitch in {note.pitch for note in notes}:
        same = [note for note in notes if note.pitch == pitch]
        for before, after in pairwise(same):
            assert before.start_beats + before.length_beats <= after.start_beats + 1e-6


def test_same_notes_same_setting_same_band() -> None:
    human = BandSetting("reel", 5, 8, {"humanise": 1.0})
    assert live(REEL, human) == live(REEL, human)
    assert live(REEL, human) != live(REEL, BandSetting("reel", 6, 8, {"humanise": 1.0}))


def test_the_bass_plays_the_root_with_each_new_chord() -> None:
    for bar in arrange_tune(REEL, setting("reel")):
        begun = {round(n.start_beats, 3): n.pitch % 12 for n in bar.parts["bass"].notes}
        for span in bar.changes:
            assert begun[round(span.start_beats, 3)] == span.chord.root


@pytest.mark.parametrize(("tune", "genre"), [(REEL, "reel"), (JIG, "jig"), (HYMN, "chorale")])
@pytest.mark.parametrize("density", LEVELS)
def test_the_band_plays_chord_notes_and_steps_of_the_scale(
    tune: Phrase, genre: str, density: float
) -> None:
    assert tune.key is not None
    for bar in arrange_tune(tune, setting(genre, density)):
        notes = (*bar.parts["bass"].notes, *bar.parts["chords"].notes)
        chords = {pitch for span in bar.changes for pitch in span.chord.pitch_classes}
        assert {note.pitch % 12 for note in notes} <= chords | set(scale(tune.key))


def test_registers() -> None:
    for bar in (*arrange_tune(REEL, setting("reel")), *arrange_tune(JIG, setting("jig", 1))):
        for note in bar.parts["bass"].notes:
            assert bass_lines.LOWEST <= note.pitch <= bass_lines.HIGHEST
        for note in bar.parts["chords"].notes:
            assert strumming.LOWEST <= note.pitch <= strumming.HIGHEST
        assert {n.pitch for n in bar.parts["drums"].notes} <= set(KIT.values())


def test_chords_move_by_near_steps() -> None:
    voicing: strumming.Voicing = ()
    for root, quality in ((2, ""), (7, ""), (9, ""), (11, "m"), (7, ""), (2, "")):
        before, voicing = voicing, strumming.voiced(Chord(root, quality), voicing)  # type: ignore[arg-type]
        assert len(voicing) == 4
        moved = [abs(a - b) for a, b in zip(before, voicing, strict=False)]
        assert max(moved, default=0) <= 5


@pytest.mark.parametrize("genre", GENRES)
def test_each_genre_lays_its_chords_out_in_its_own_way(genre: str) -> None:
    hand, voicing = genre_named(genre).hand, ()
    for root, quality in product(range(12), ("", "m", "7", "dim")):
        chord = Chord(root, quality)  # type: ignore[arg-type]
        voicing = strumming.voiced(chord, voicing, hand)
        assert {pitch % 12 for pitch in voicing} <= set(chord.pitch_classes)
        assert list(voicing) == sorted(voicing)
        if quality in ("", "m"):
            assert {pitch % 12 for pitch in voicing} == set(chord.pitch_classes)
        span = voicing[-1] - voicing[0]
        assert {"close": 6 <= span <= 16, "open": span >= 12, "wide": span >= 14,
                "buttons": len(voicing) == 3 and span < 12}[hand]  # fmt: skip


def test_more_band_is_more_notes() -> None:
    def count(density: float) -> int:
        parts = parts_of(arrange_tune(REEL, setting("reel", density)))
        return sum(len(parts[part].notes) for part in PARTS[1:])

    assert count(0.0) < count(0.5) < count(1.0)


def test_a_part_at_no_level_rests() -> None:
    parts = parts_of(arrange_tune(REEL, setting("reel", drums_level=0.0)))
    assert parts["drums"].notes == ()
    assert parts["bass"].notes


def test_the_last_bar_is_struck_together_and_rings() -> None:
    last = arrange_tune(REEL, setting("reel"))[-1].parts
    assert last["lead"].notes[-1].start_beats == 3
    for part in ("bass", "chords", "drums"):
        assert max(n.start_beats for n in last[part].notes) == pytest.approx(3, abs=0.07)
    assert last["bass"].notes[-1].pitch % 12 == 2
    assert {note.pitch for note in last["drums"].notes} >= {KIT["crash"]}


def test_drums_mark_the_form() -> None:
    bars = arrange_tune(REEL, setting("reel"))[:7]
    assert bars[0].parts["drums"] == bars[1].parts["drums"]
    assert bars[3].parts["drums"] != bars[0].parts["drums"]


def test_the_band_waits_for_the_first_full_bar() -> None:
    tune = line(". . . . . . A4 C#5  D5 A4 F#4 A4 D5 - - -")
    assert is_pickup(tune.bars()[0])
    for bars in (live(tune, setting("reel")), arrange_tune(tune, setting("reel"))):
        assert [len(bars[0].parts[part].notes) for part in PARTS] == [2, 0, 0, 0]
        assert bars[1].parts["bass"].notes


def test_a_silent_bar_later_on_is_accompanied() -> None:
    tune = line("D5 - - - - - - -  . . . . . . . .")
    assert live(tune, setting("reel"))[1].parts["bass"].notes


def test_without_a_key_one_is_found_and_kept() -> None:
    tune = Phrase(REEL.notes, REEL.length_beats, REEL.metre)
    bars = live(tune, setting("reel"))
    assert bars[0].memory.key == bars[-1].memory.key
    assert arrange_tune(tune, setting("reel"))[0].memory.key == Key(2, "major")


def test_ties_survive() -> None:
    tune = Phrase((Note("lead", 2, 4, 62, 90),), 8, Metre(), Key(2, "major"))
    first, second = live(tune, setting("air"))
    assert second.parts["lead"].notes[0].tied
    (whole,) = parts_of([first, second])["lead"].notes
    assert whole.length_beats == pytest.approx(4)


@pytest.mark.parametrize(("genre", "metre"), GROOVES)
def test_patterns_share_their_bar_evenly(genre: str, metre: str) -> None:
    found = GROOVES[genre, metre]
    beats, unit = (int(part) for part in metre.split("/"))
    per_beat = {4: (2, 4, 8), 8: (1,)}[unit]
    rows = [row for drums in (*found.drums, found.fill, found.turn) for row in drums.values()]
    for pattern in (*found.bass, *found.chords, *rows):
        assert len(pattern.replace(" ", "")) in [beats * each for each in per_beat]


def test_patterns_use_known_signs_and_drums() -> None:
    for found in (*GROOVES.values(), plain(Metre(7, 8)), groove("chorale", Metre())):
        assert set("".join(found.bass)) <= set("R53 8A>-.")
        assert set("".join(found.chords)) <= set("DduC1234 -.")
        for rows in (*found.drums, found.fill, found.turn):
            assert set(rows) <= set(KIT)
            assert set("".join(rows.values())) <= set("Xxogf .")


def test_parameters_have_defaults_that_fit() -> None:
    assert validated(BAND, defaults()) == defaults()


def test_routes() -> None:
    assert [route.track for route in DEFAULT_ROUTES] == list(PARTS)
    assert [route.channel for route in DEFAULT_ROUTES] == [1, 2, 3, 10]
    second = routes_of({part: f"B {part}" for part in PARTS}, taken=[1, 2, 3, 10])
    assert [(r.track, r.channel) for r in second] == [
        ("B lead", 4), ("B bass", 5), ("B chords", 6), ("B drums", 10),
    ]  # fmt: skip
    crowded = routes_of({part: part for part in PARTS}, taken=range(1, 17))
    assert [route.channel for route in crowded] == [1, 2, 3, 10]


def test_a_genre_may_have_players_of_its_own() -> None:
    tracks = {part: part for part in PARTS}
    fiddle = {r.track: r.program for r in routes_of(tracks)}
    oboe = {r.track: r.program for r in routes_of(tracks, genre="chorale")}
    assert fiddle["lead"] != oboe["lead"]
    assert {r.program for g in GENRES for r in routes_of(tracks, genre=g)} <= {*PROGRAMS, *KITS}


@given(
    notes=st.lists(
        st.tuples(st.floats(0, 15.9), st.floats(0.01, 9), st.integers(0, 127)), max_size=40
    ),
    genre=st.sampled_from(GENRES),
    metre=st.sampled_from([Metre(beats, unit) for beats in range(1, 17) for unit in (2, 4, 8, 16)]),
    density=st.floats(0, 1),
)
def test_whatever_is_played_is_accompanied(
    notes: list[tuple[float, float, int]], genre: str, metre: Metre, density: float
) -> None:
    played = tuple(Note("lead", start, length, pitch, 90) for start, length, pitch in notes)
    how = BandSetting(genre, 0, 4, {"band_density": density, "humanise": 1.0, "swing": 1.0})
    bars = Phrase(played, 16.0, metre).bars()[:3]
    for bar in (*live(joined(bars), how)[:3], *arrange_tune(joined(bars), how)[:3]):
        for phrase in bar.parts.values():
            for note in phrase.notes:
                assert 0 <= note.start_beats < metre.bar_beats
                assert note.length_beats > 0
                assert 0 <= note.pitch <= 127
                assert 1 <= note.velocity <= 127
