"""Chorales are sung in four voices by the rules of the trade."""

from __future__ import annotations

from itertools import combinations, pairwise

from studio.music.band._voices import Sung, sung
from studio.music.band.accompaniment import arrange_tune
from studio.music.band.players import BandSetting
from studio.music.phrases import Key, Phrase
from tests.studio.music.scraps import HYMN, line

PLAIN = BandSetting("chorale", 0, 4, {"humanise": 0.0, "band_density": 0.0})
G_MAJOR = Key(7, "major")


def layouts(tune: Phrase) -> list[tuple[int, ...]]:
    """Bass, tenor, alto and soprano each time that the bass moves."""
    found = []
    for bar in arrange_tune(tune, PLAIN):
        for bass in bar.parts["bass"].notes:
            inner = [n.pitch for n in bar.parts["chords"].notes
                     if abs(n.start_beats - bass.start_beats) < 0.01]  # fmt: skip
            top = next(n.pitch for n in bar.parts["lead"].notes
                       if n.start_beats + n.length_beats > bass.start_beats + 0.01)  # fmt: skip
            found.append((bass.pitch, *sorted(inner), top))
    return found


def test_voices_stay_in_their_ranges_and_do_not_cross() -> None:
    for layout in layouts(HYMN):
        assert list(layout) == sorted(layout)
        assert 40 <= layout[0] <= 60
        assert all(48 <= pitch <= 74 for pitch in layout[1:-1])


def test_no_fifths_or_octaves_side_by_side() -> None:
    four = [layout for layout in layouts(HYMN) if len(layout) == 4]
    for before, after in pairwise(four):
        for low, high in combinations(range(4), 2):
            was = (before[high] - before[low]) % 12
            moved = before[low] != after[low] and before[high] != after[high]
            if was in (0, 7) and moved:
                assert (after[high] - after[low]) % 12 != was


def test_the_root_is_in_the_bass_at_the_end() -> None:
    assert layouts(HYMN)[-1][0] % 12 == 7


def test_all_breathe_together() -> None:
    tune = line("G4 A4 B4 . D5 C5 B4 -", step=1.0, key=G_MAJOR)
    (first, _) = arrange_tune(tune, PLAIN)
    assert all(n.start_beats + n.length_beats < 3.2 for n in first.parts["bass"].notes)


def test_a_held_note_holds_the_others_too() -> None:
    usual = BandSetting("chorale", 0, 4, {"humanise": 0.0, "band_density": 0.5})
    tune = line("G4 - - - G4 - - -", step=1.0, key=G_MAJOR)
    assert all(len(bar.parts["bass"].notes) <= 2 for bar in arrange_tune(tune, usual))


def test_a_pickup_is_sung_by_all() -> None:
    tune = line(". . . D5 G4 A4 B4 -", step=1.0, key=G_MAJOR)
    assert arrange_tune(tune, PLAIN)[0].parts["bass"].notes[0].start_beats == 3


def test_nothing_to_sing_remembers_what_was_sung() -> None:
    rest = Phrase((), 4.0, HYMN.metre, G_MAJOR)
    changes = arrange_tune(HYMN, PLAIN)[0].changes
    before = Sung(changes[0].chord, (43, 55, 59, 67))
    assert sung(rest, changes, 6, before) == ([], [], before)
