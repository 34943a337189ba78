from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from studio.live.player.ledger import Ledger, off

ON, OFF = b"\x90\x3c\x64", b"\x80\x3c\x40"
C4 = (0, 60)


def test_a_note_sounds_from_its_on_to_its_off() -> None:
    ledger = Ledger()
    assert ledger.admit(ON) == [ON]
    assert ledger.sounding == [C4]
    assert ledger.admit(OFF) == [OFF]
    assert ledger.sounding == []


def test_velocity_zero_is_an_off() -> None:
    ledger = Ledger()
    ledger.admit(ON)
    assert ledger.admit(b"\x90\x3c\x00") == [b"\x90\x3c\x00"]
    assert ledger.sounding == []


def test_a_pitch_struck_again_gets_its_off_first_and_lasts_until_the_last_off() -> None:
    ledger = Ledger()
    ledger.admit(ON)
    assert ledger.admit(ON) == [off(*C4), ON]
    assert ledger.admit(OFF) == []
    assert ledger.admit(OFF) == [OFF]


def test_a_skipped_note_takes_its_off_with_it() -> None:
    ledger = Ledger()
    ledger.skip(ON)
    assert ledger.admit(OFF) == []


def test_an_off_for_a_pitch_that_we_know_nothing_of_passes() -> None:
    assert Ledger().admit(OFF) == [OFF]


def test_an_off_for_a_pitch_that_we_have_ended_is_left_out() -> None:
    ledger = Ledger()
    ledger.admit(ON)
    ledger.silence()
    assert ledger.admit(OFF) == []
    ledger.admit(ON)
    assert ledger.admit(OFF) == [OFF]
    assert ledger.admit(OFF) == []


def test_silence_ends_all_notes_and_pedals_and_expects_nothing_more() -> None:
    ledger = Ledger()
    for message in (ON, b"\x93\x40\x01", b"\xb3\x40\x7f"):
        ledger.admit(message)
    assert ledger.silence() == [off(0, 60), off(3, 64), b"\xb3\x40\x00"]
    assert ledger.silence() == []
    assert ledger.admit(ON) == [ON]


def test_another_program_ends_the_notes_of_its_channel_first() -> None:
    ledger = Ledger()
    ledger.admit(b"\xc0\x05")
    ledger.admit(ON)
    ledger.admit(b"\x91\x3c\x64")
    assert ledger.admit(b"\xc0\x05") == [b"\xc0\x05"], "the same program changes nothing"
    assert ledger.admit(b"\xc0\x06") == [off(*C4), b"\xc0\x06"]
    assert ledger.sounding == [(1, 60)]
    assert ledger.admit(OFF) == [], "its off was sent already"


def test_all_notes_off_is_preceded_by_the_offs() -> None:
    ledger = Ledger()
    ledger.admit(ON)
    assert ledger.admit(b"\xb0\x7b\x00") == [off(*C4), b"\xb0\x7b\x00"]


def test_what_is_no_channel_message_passes() -> None:
    for message in (b"\xf8", b"\xf0\x7e\x7f\xf7", b"\xe0\x00\x40", b"\xd0\x10"):
        assert Ledger().admit(message) == [message]
    assert Ledger().admit(b"") == []


strikes = st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.booleans()), max_size=60)


@given(strikes)
def test_whatever_overlaps_is_skipped_or_lost_as_many_offs_as_ons_go_out(
    gestures: list[tuple[int, bool, bool]],
) -> None:
    ledger, sent, expected = Ledger(), [], [0, 0, 0, 0]
    for pitch, strike, skip in gestures:
        on = bytes((0x90, pitch, 100))
        if strike and skip:
            ledger.skip(on)
            expected[pitch] += 1
        elif strike:
            sent += ledger.admit(on)
            expected[pitch] += 1
        elif expected[pitch]:
            sent += ledger.admit(off(0, pitch))
            expected[pitch] -= 1
    sent += ledger.silence()
    for pitch in range(4):
        ons = sum(m[0] == 0x90 and m[1] == pitch for m in sent)
        offs = sum(m[0] == 0x80 and m[1] == pitch for m in sent)
        assert ons == offs


def test_a_pitch_that_was_skipped_does_not_hold_the_next_one() -> None:
    ledger = Ledger()
    ledger.skip(ON)
    assert ledger.admit(ON) == [ON]
    assert ledger.admit(OFF) == [OFF], "the off of the skipped note may have been lost"
    assert ledger.admit(OFF) == [], "or it may come"


def test_an_off_that_was_skipped_is_the_skipped_notes_own() -> None:
    ledger = Ledger()
    ledger.skip(ON)
    ledger.skip(OFF)
    assert ledger.admit(ON) == [ON]
    assert ledger.admit(ON) == [off(*C4), ON]
    assert ledger.admit(OFF) == []
    assert ledger.admit(OFF) == [OFF]
