"""Swing, lilt and human hands: moments move, bars stay whole, and it is the same each time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.document.score import PARTS
from studio.music.band._feel import played
from studio.music.band.players import BandSetting
from studio.music.notes import Note
from studio.music.phrases import Phrase
from tests.studio.music.scraps import JIG, REEL, line

EIGHTHS = line("D5 D5 D5 D5 D5 D5 D5 D5")


def setting(
    genre: str = "reel", swing: float = 0, humanise: float = 0, **more: float
) -> BandSetting:
    return BandSetting(genre, 7, 8, {"swing": swing, "humanise": humanise, **more})


def starts(phrase: Phrase) -> list[float]:
    return [round(note.start_beats, 3) for note in phrase.notes]


def test_straight_and_without_hands_it_is_as_written() -> None:
    assert starts(played(EIGHTHS, "lead", 0, setting(swing=-1))) == starts(EIGHTHS)


def test_a_full_swing_dots_the_pairs() -> None:
    swung = played(EIGHTHS, "lead", 0, setting(swing=1))
    assert starts(swung) == [0, 0.75, 1, 1.75, 2, 2.75, 3, 3.75]
    assert [round(n.length_beats, 3) for n in swung.notes] == [0.75, 0.25] * 4


def test_hornpipes_swing_by_themselves_and_airs_do_not() -> None:
    assert starts(played(EIGHTHS, "lead", 0, setting("hornpipe")))[1] == 0.65
    assert starts(played(EIGHTHS, "lead", 0, setting("air")))[1] == 0.5
    assert starts(played(EIGHTHS, "lead", 0, setting("air", swing=0.6)))[1] == 0.65


def test_a_dotted_pair_is_swung_like_the_others_in_a_hornpipe_only() -> None:
    dotted = line("D5 - - E5 D5 - - E5 D5 - - E5 D5 - - E5", step=0.25)
    assert starts(played(dotted, "lead", 0, setting("hornpipe")))[1] == 0.65
    assert starts(played(dotted, "lead", 0, setting("march")))[1] == 0.75


def test_triplets_and_snaps_stay() -> None:
    triplets = line("D5 E5 F#5 " * 4, step=1 / 3)
    snaps = line("D5 E5 - - " * 4, step=0.25)
    for tune in (triplets, snaps):
        assert starts(played(tune, "lead", 0, setting("hornpipe"))) == starts(tune)


def test_jigs_lilt() -> None:
    first, second, third = starts(played(JIG.bars()[0], "lead", 0, setting("jig", swing=1)))[:3]
    assert second - first > 1.5 - third > third - second


def test_two_four_swings_its_sixteenths() -> None:
    reel = line("D5 D5 D5 D5 D5 D5 D5 D5", "2/4", step=0.25)
    assert starts(played(reel, "lead", 0, setting(swing=1)))[:4] == [0, 0.375, 0.5, 0.875]


def test_hands_stray_alike_each_time_and_otherwise_in_each_bar() -> None:
    human = setting(humanise=1)
    assert played(EIGHTHS, "lead", 3, human) == played(EIGHTHS, "lead", 3, human)
    assert played(EIGHTHS, "lead", 3, human) != played(EIGHTHS, "lead", 4, human)
    assert starts(played(EIGHTHS, "lead", 3, human)) != starts(EIGHTHS)


def test_the_first_beat_is_accented() -> None:
    first, *others = played(EIGHTHS, "lead", 0, setting()).notes
    assert all(first.velocity > note.velocity for note in others)


def test_levels() -> None:
    loud = played(EIGHTHS, "lead", 0, setting(lead_level=1.0))
    soft = played(EIGHTHS, "lead", 0, setting(lead_level=0.3))
    assert all(a.velocity > b.velocity for a, b in zip(loud.notes, soft.notes, strict=True))
    assert played(EIGHTHS, "lead", 0, setting(lead_level=0.0)).notes == ()


def test_what_goes_on_from_the_bar_before_begins_on_the_bar_line() -> None:
    tied = Phrase((Note("lead", 0, 1, 62, 90, tied=True),), 4)
    for number in range(20):
        assert played(tied, "lead", number, setting(humanise=1)).notes[0].start_beats == 0


@pytest.mark.parametrize("part", PARTS)
@given(
    number=st.integers(-1, 500),
    swing=st.floats(-1, 1),
    humanise=st.floats(0, 1),
    genre=st.sampled_from(["reel", "jig", "hornpipe", "what?"]),
    tune=st.sampled_from([REEL, JIG, line("D5 E5 F#5 G5 A5 " * 4, "5/4", step=0.25)]),
)
def test_a_bar_stays_a_bar(
    part: str, number: int, swing: float, humanise: float, genre: str, tune: Phrase
) -> None:
    for bar in tune.bars():
        after = played(bar, part, number, setting(genre, swing, humanise))
        assert len(after.notes) == len(bar.notes)
        assert [n.pitch for n in after.notes] == [n.pitch for n in bar.notes]
        for note in after.notes:
            assert 0 <= note.start_beats < bar.length_beats
            assert note.length_beats > 0
            assert note.start_beats + note.length_beats <= bar.length_beats + 0.05
            assert 1 <= note.velocity <= 127
