"""MIDI files are written whole and read with care: whatever is in them, one sentence at most."""

from __future__ import annotations

import io
import struct
import time
from contextlib import suppress
from pathlib import Path

import mido
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.music.files import _midi_melody, midi
from studio.music.files.midi import MidiFileError, MidiTrack, read, write
from studio.music.metres import Metre
from studio.music.modes import MODES
from studio.music.notes import Note
from studio.music.phrases import Key, Phrase
from tests.studio.music.scraps import JIG, REEL, line, spots

Events = list[mido.Message | mido.MetaMessage]


def on(pitch: int, ticks: int = 0, velocity: int = 80, channel: int = 0) -> mido.Message:
    return mido.Message("note_on", note=pitch, velocity=velocity, time=ticks, channel=channel)


def off(pitch: int, ticks: int, channel: int = 0) -> mido.Message:
    return mido.Message("note_off", note=pitch, time=ticks, channel=channel)


def saved(folder: Path, *tracks: Events, beat: int = 480, kind: int = 1) -> Path:
    file = mido.MidiFile(type=kind, ticks_per_beat=beat)
    for events in tracks:
        file.tracks.append(mido.MidiTrack([*events, mido.MetaMessage("end_of_track")]))
    file.save(folder / "tune.mid")
    return folder / "tune.mid"


def refused(path: Path) -> str:
    with pytest.raises(MidiFileError) as caught:
        read(path)
    return str(caught.value)


def four(pitch: int = 60) -> Events:
    return [event for n in range(4) for event in (on(pitch + n), off(pitch + n, 480))]


@pytest.mark.parametrize("tune", [REEL, JIG])
def test_a_tune_comes_back_as_it_was_written(tune: Phrase, tmp_path: Path) -> None:
    path = tmp_path / "tune.mid"
    write(path, [MidiTrack("lead", tune.notes)], tempo=208, metre=tune.metre, key=tune.key)
    again = read(path)
    assert spots(again.notes) == spots(tune.notes)
    assert [n.length_beats for n in again.notes] == [n.length_beats for n in tune.notes]
    assert (again.metre, again.key, again.remarks) == (tune.metre, tune.key, ())
    assert again.length_beats == tune.length_beats


def test_tempo_metre_key_and_names_are_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "tune.mid"
    bass = MidiTrack("bass", [Note("bass", 0, 1, 40, 90)], channel=2, program=32)
    drums = MidiTrack("drums", [Note("drums", 0, 1, 36, 90)], channel=10)
    write(path, [bass, drums], tempo=100, metre=Metre(6, 8), key=Key(2, "dorian"), title="Jig")
    file = mido.MidiFile(path)
    first = {message.type: message for message in file.tracks[0]}
    assert [track.name for track in file.tracks] == ["Jig", "bass", "drums"]
    assert first["set_tempo"].tempo == 600_000
    assert (first["time_signature"].numerator, first["time_signature"].denominator) == (6, 8)
    assert first["key_signature"].key == "Am"  # D dorian has no sharps, and a minor third
    sounding = [m for m in file.tracks[1] if not m.is_meta]
    assert [(m.type, m.channel) for m in sounding] == [
        ("program_change", 1), ("note_on", 1), ("note_off", 1),
    ]  # fmt: skip
    assert {m.channel for m in file.tracks[2] if not m.is_meta} == {9}


def test_tempo_and_metre_may_change(tmp_path: Path) -> None:
    path = tmp_path / "tune.mid"
    tempi = [(0.0, 100.0), (4.0, 200.0)]
    write(path, [], tempo=tempi, metre=[(0.0, Metre(4, 4)), (4.0, Metre(3, 4))])
    tempos = [m for m in mido.MidiFile(path).tracks[0] if m.type == "set_tempo"]
    assert [m.tempo for m in tempos] == [600_000, 300_000]


@pytest.mark.parametrize("mode", MODES)
def test_every_key_can_be_written(mode: str, tmp_path: Path) -> None:
    for tonic in range(12):
        write(tmp_path / "tune.mid", [], key=Key(tonic, mode))
        mido.MidiFile(tmp_path / "tune.mid")


def test_notes_that_touch_do_not_swallow_each_other(tmp_path: Path) -> None:
    path = tmp_path / "tune.mid"
    notes = [Note("lead", n / 3, 1 / 3, 60, 90) for n in range(9)]
    write(path, [MidiTrack("lead", notes)])
    assert len(read(path).notes) == 9


def test_names_that_midi_cannot_spell_do_no_harm(tmp_path: Path) -> None:
    write(tmp_path / "tune.mid", [MidiTrack("Flöte 笛", [])], title="→")
    assert [t.name for t in mido.MidiFile(tmp_path / "tune.mid").tracks] == ["?", "Flöte ?"]


def test_of_chords_the_top_line_is_taken_and_told(tmp_path: Path) -> None:
    chords: Events = []
    for top in (72, 74, 76):
        chords += [on(48), on(55), on(top), off(48, 480), off(55, 0), off(top, 0)]
    phrase = read(saved(tmp_path, chords))
    assert [n.pitch for n in phrase.notes] == [72, 74, 76]
    assert phrase.remarks == ("Several notes sounded at once; the top line was taken.",)


def test_of_a_band_the_part_called_lead_is_taken(tmp_path: Path) -> None:
    def named(name: str, pitch: int, channel: int = 0) -> Events:
        return [mido.MetaMessage("track_name", name=name), on(pitch, channel=channel),
                off(pitch, 480, channel)]  # fmt: skip

    path = saved(tmp_path, named("Piano", 90), named("The Lead", 60), named("Drums", 40, 9))
    phrase = read(path)
    assert [n.pitch for n in phrase.notes] == [60]
    assert phrase.remarks == ("It has 2 parts; “The Lead” was taken.",)


def test_silence_before_the_first_bar_is_left_out_and_a_pickup_kept(tmp_path: Path) -> None:
    path = saved(tmp_path, [on(60, 480 * 11), off(60, 480), on(62), off(62, 480)])
    phrase = read(path)
    assert spots(phrase.notes) == [(3, 60), (4, 62)]
    assert phrase.length_beats == 8


def test_notes_without_length_and_without_end(tmp_path: Path) -> None:
    path = saved(tmp_path, [on(60), off(60, 0), *four(62)])
    assert "1 note without any length was left out." in read(path).remarks
    ringing = read(saved(tmp_path, [*four(), on(70), on(71, 480)]))
    assert ringing.remarks[0] == "2 notes never ended; the end of the file was taken."


def test_a_wrong_tempo_map_changes_nothing(tmp_path: Path) -> None:
    mad = [mido.MetaMessage("set_tempo", tempo=t, time=d) for t, d in ((0, 0), (0xFFFFFF, 7))]
    assert spots(read(saved(tmp_path, mad, four())).notes) == spots(
        read(saved(tmp_path, four())).notes
    )


def test_metres(tmp_path: Path) -> None:
    def signed(*metres: tuple[int, int]) -> Events:
        return [
            mido.MetaMessage("time_signature", numerator=b, denominator=u, time=480 * n)
            for n, (b, u) in enumerate(metres)
        ]

    assert read(saved(tmp_path, signed((9, 8)), four())).metre == Metre(9, 8)
    changing = read(saved(tmp_path, signed((3, 4), (4, 4)), four()))
    assert changing.metre == Metre(3, 4)
    assert changing.remarks == ("Its metre changes; the first one, 3/4, was taken throughout.",)
    strange = read(saved(tmp_path, signed((13, 64)), four()))
    assert strange.metre == Metre()
    assert strange.remarks == ("There is no playing in 13/64; it was taken as 4/4.",)


def test_the_signature_and_the_notes_say_the_key(tmp_path: Path) -> None:
    sign: Events = [mido.MetaMessage("key_signature", key="D")]
    tune = line("E4 G4 B4 D5 B4 A4 G4 F#4 E4 D4 E4 B4 E4").notes
    played = [event for note in tune for event in (on(note.pitch), off(note.pitch, 240))]
    assert read(saved(tmp_path, sign, played)).key == Key(4, "dorian")


def test_files_that_count_in_seconds(tmp_path: Path) -> None:
    path = saved(tmp_path, four())
    data = bytearray(path.read_bytes())
    data[12:14] = bytes((0xE8, 40))  # SMPTE: 24 frames a second, 40 ticks a frame
    path.write_bytes(data)
    phrase = read(path)
    assert "It counts in seconds" in phrase.remarks[0]
    assert phrase.notes[1].start_beats == pytest.approx(1)  # half a second


def test_a_beat_of_no_ticks(tmp_path: Path) -> None:
    path = saved(tmp_path, four())
    data = bytearray(path.read_bytes())
    data[12:14] = b"\0\0"
    path.write_bytes(data)
    assert "how long a beat is" in read(path).remarks[0]


def test_what_holds_no_melody(tmp_path: Path) -> None:
    assert refused(saved(tmp_path)) == "The file tune.mid holds no notes."
    assert refused(saved(tmp_path, [])) == "The file tune.mid holds no notes."
    drums: Events = [on(36, channel=9), off(36, 480, 9)]
    assert refused(saved(tmp_path, drums)) == "The file tune.mid holds drums only."
    points: Events = [on(60), off(60, 0)]
    assert "without any length" in refused(saved(tmp_path, points))


def test_what_is_no_midi_file(tmp_path: Path) -> None:
    path = tmp_path / "tune.mid"
    assert refused(path) == "The file tune.mid is not there any more."
    path.write_bytes(b"")
    assert refused(path) == "The file tune.mid is empty."
    path.write_bytes(b"RIFF, or anything else")
    assert refused(path) == "The file tune.mid is not a MIDI file that can be read."
    path.write_bytes(saved(tmp_path, four()).read_bytes()[:60])
    assert refused(path) == "The file tune.mid is cut short."
    assert "cannot be opened" in refused(tmp_path)


def test_a_million_notes_are_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "tune.mid"
    track = b"\x00\x90\x3c\x50\x01\x3c\x00" + b"\x00\x3c\x50\x01\x3c\x00" * 999_999
    head = b"MThd\0\0\0\6\0\0\0\1\0\x60" + b"MTrk" + len(track).to_bytes(4, "big")
    path.write_bytes(head + track)
    begun = time.process_time()
    assert refused(path) == "The file tune.mid is larger than any melody; it was not opened."
    assert time.process_time() - begun < 0.5


def test_a_number_without_end_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "tune.mid"
    head = b"MThd\0\0\0\6\0\0\0\1\0\x60" + b"MTrk" + (900_000).to_bytes(4, "big")
    path.write_bytes(head + b"\xff" * 900_000)
    assert refused(path) == "The file tune.mid is damaged."


def test_very_many_notes_and_bars_are_cut_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_midi_melody, "MOST_NOTES", 3)
    phrase = read(saved(tmp_path, four()))
    assert len(phrase.notes) == 3
    assert phrase.remarks == ("It has 4 notes; the first 3 were taken.",)
    far: Events = [on(60), off(60, 480), on(62, 480 * 5000), off(62, 480)]
    phrase = read(saved(tmp_path, far))
    assert (len(phrase.notes), phrase.length_beats) == (1, 4)
    assert phrase.remarks == ("It is long; the first 256 bars were taken.",)


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        write(tmp_path / "nowhere" / "tune.mid", [])
    assert list(tmp_path.iterdir()) == []


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_damaged_files_end_in_a_sentence(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.mid"
    buffer = io.BytesIO()
    file = mido.MidiFile(type=1)
    signs = [mido.MetaMessage("key_signature", key="G"), mido.MetaMessage("time_signature")]
    file.tracks.append(mido.MidiTrack([*signs, *four(), *four(50)]))
    file.save(file=buffer)
    damaged = bytearray(buffer.getvalue())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at] = data.draw(st.integers(0, 255))
    path.write_bytes(damaged[: data.draw(st.integers(1, len(damaged)))])
    with suppress(MidiFileError):  # and nothing else
        phrase = read(path)
        assert phrase.notes
        assert all(n.length_beats > 0 and n.start_beats >= 0 for n in phrase.notes)
        assert phrase.length_beats <= 256 * phrase.metre.bar_beats


def test_what_it_takes_is_listed() -> None:
    assert ".mid" in midi.SUFFIXES


NOTES = bytes.fromhex("00 90 3c 40 83 60 80 3c 00 00 90 40 40 83 60 80 40 00")
END = bytes.fromhex("00 ff 2f 00")


def smf(track: bytes, *, before: bytes = b"", tracks: int = 1, kind: int = 1) -> bytes:
    head = b"MThd" + (6).to_bytes(4, "big") + kind.to_bytes(2, "big") + tracks.to_bytes(2, "big")
    return (
        head + (480).to_bytes(2, "big") + before + b"MTrk" + len(track).to_bytes(4, "big") + track
    )


ODD_EVENTS = [
    "ff 59 02 12 00",  # a key signature of eighteen sharps
    "ff 59 00",
    "ff 58 02 04 02",  # a metre without its last two bytes
    "ff 58 04 04 ff 18 08",  # beats of a 2**255th note
    "ff 54 03 00 00 00",
    "ff 54 05 61 7f 7f 7f 7f",
    "ff 51 02 07 a1",
    "ff 00 01 05",
    "ff 20 00",
]


@pytest.mark.parametrize("event", ODD_EVENTS)
def test_one_odd_event_costs_a_remark_and_no_note(event: str, tmp_path: Path) -> None:
    file = tmp_path / "odd.mid"
    file.write_bytes(smf(bytes.fromhex("00" + event) + NOTES + END))
    phrase = midi.read(file)
    assert [(n.start_beats, n.length_beats, n.pitch) for n in phrase.notes] == [
        (0, 1, 60),
        (1, 1, 64),
    ]
    assert phrase.remarks[0] == "1 odd event in the file skipped."
    assert all(len(remark) < 100 for remark in phrase.remarks)


def test_an_event_of_an_unknown_kind_keeps_its_time(tmp_path: Path) -> None:
    file = tmp_path / "later.mid"
    file.write_bytes(smf(bytes.fromhex("87 40 ff 4b 01 00") + NOTES + END))  # two beats of delay
    assert [note.start_beats for note in midi.read(file).notes] == [2, 3]


@pytest.mark.parametrize(
    "data",
    [
        smf(NOTES + END, before=bytes.fromhex("58464948 00000004 61626364")),
        smf(NOTES + END, tracks=5),
        smf(NOTES + END) + b"\0\0\0",
        b"RIFF" + (200).to_bytes(4, "little") + b"RMIDdata" + (99).to_bytes(4, "little")
        + smf(NOTES + END),
        smf(NOTES + END + b"left over"),
    ],
    ids=["unknown chunk", "too many tracks promised", "bytes behind", "RIFF", "behind the end"],
)  # fmt: skip
def test_odd_files_give_their_notes(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "odd.mid"
    file.write_bytes(data)
    assert [note.pitch for note in midi.read(file).notes] == [60, 64]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("Flöte", "Flöte".encode()),
        ("Flöte", "Flöte".encode("latin-1")),
        ("ピアノ", "ピアノ".encode("shift_jis")),
        ("„Geige“", "„Geige“".encode("cp1252")),
        ("Fiddle", b"\x1b[2JFiddle\0\r\n"[4:]),
    ],
)
def test_a_track_s_name_is_read_as_it_was_meant(name: str, data: bytes, tmp_path: Path) -> None:
    lead = bytes((0, 0xFF, 3, len(data))) + data + NOTES + END
    other = bytes.fromhex("00 ff 03 04") + b"Bass" + NOTES + END
    whole = smf(lead, tracks=2, kind=2)
    file = tmp_path / "named.mid"
    file.write_bytes(whole + b"MTrk" + len(other).to_bytes(4, "big") + other)
    assert any(f"“{name}”" in remark for remark in midi.read(file).remarks)


END = b"\0\xff\x2f\0"
FOUR = b"".join(
    bytes((0, 0x90, pitch, 80, 0x83, 0x60, 0x80, pitch, 0)) for pitch in (60, 62, 64, 65)
)


def raw(folder: Path, *tracks: bytes, kind: int = 1, beat: int = 480, after: bytes = b"") -> Phrase:
    head = b"MThd" + struct.pack(">LHHH", 6, kind, len(tracks), beat)
    body = b"".join(b"MTrk" + struct.pack(">L", len(track)) + track for track in tracks)
    (folder / "raw.mid").write_bytes(head + body + after)
    return read(folder / "raw.mid")


def heard(phrase: Phrase) -> list[int]:
    return [note.pitch for note in phrase.notes]


def test_running_status_goes_on_after_a_meta_event(tmp_path: Path) -> None:
    track = b"\0\x90\x3c\x50\0\xff\1\1a\x83\x60\x3c\0\0\x3e\x50\x83\x60\x3e\0" + END
    assert [(n.pitch, n.length_beats) for n in raw(tmp_path, track).notes] == [(60, 1), (62, 1)]


@pytest.mark.parametrize(
    "odd",
    [
        b"\0\xf0\2ab\0\xf7\2c\xf7",  # a system exclusive message in two parts
        b"\0\xf7\1\xf8",  # any byte, escaped
        b"\0\xf8",
        b"\0\xfe",
        b"\0\xf1\x10\0\xf2\1\2\0\xf3\1\0\xf6",
        b"\0\x80\x3c\0",  # an end without a beginning
        b"\0\xff\x51\3\0\0\0",  # a tempo beyond all bounds
        b"\0\xff\x21\1\0",
        b"\0\xff\5\4\x82\xb1\x82\xb1",  # lyrics in Shift-JIS
        10_000 * b"\0\xff\x51\3\7\xa1\x20",
    ],
)
def test_what_sounds_no_note_costs_none(tmp_path: Path, odd: bytes) -> None:
    phrase = raw(tmp_path, odd + FOUR + END)
    assert heard(phrase) == [60, 62, 64, 65]
    assert phrase.remarks == ()


@pytest.mark.parametrize("kind", [0, 1, 2, 5])
def test_a_format_of_any_number_is_read(tmp_path: Path, kind: int) -> None:
    assert heard(raw(tmp_path, FOUR + END, kind=kind)) == [60, 62, 64, 65]


@pytest.mark.parametrize("controller", [120, 123, 124, 126])
def test_all_notes_off_ends_the_notes_of_its_channel(tmp_path: Path, controller: int) -> None:
    begun = b"\0\x90\x3c\x50\0\x91\x30\x50"
    silenced = b"\x83\x60\xb0" + bytes((controller, 0)) + b"\x83\x60\x81\x30\0"
    phrase = raw(tmp_path, begun + silenced + b"\xa0\0\xb0\7\0" + END)
    assert [(n.pitch, n.length_beats) for n in phrase.notes] == [(60, 1)]
    assert not any("never ended" in remark for remark in phrase.remarks)


def test_zeros_at_the_end_of_a_file_are_nothing_to_tell(tmp_path: Path) -> None:
    assert raw(tmp_path, FOUR + END, after=bytes(300)).remarks == ()


@pytest.mark.parametrize("tracks", [(), (b"",), (END,), (b"\0\xf0\2a\xf7" + END,)])
def test_a_file_without_notes_says_so(tmp_path: Path, tracks: tuple[bytes, ...]) -> None:
    with pytest.raises(MidiFileError, match="holds no notes"):
        raw(tmp_path, *tracks)


@pytest.mark.parametrize("beat", [0x8000, 0xE250, 0xE728, 0xE804, 0xFFFF, 1, 32767])
def test_any_division_gives_finite_notes(tmp_path: Path, beat: int) -> None:
    phrase = raw(tmp_path, FOUR + END, beat=beat)
    assert all(0 < note.length_beats < 1000 for note in phrase.notes)


@pytest.mark.parametrize(
    "track",
    [
        b"\x80\x80\x80\x80\0\x90\x3c\x50" + FOUR + END,
        8 * b"\xff" + b"\x7f" + FOUR + END,
        FOUR + b"\0\xf0\xff\xff\x7fabc" + END,
        FOUR + b"\0\xff\1\xff\xff\x7fabc",
        b"\0\x3c\x50" + FOUR + END,
    ],
)
def test_numbers_that_lead_out_of_a_track_end_in_notes_or_a_sentence(
    tmp_path: Path, track: bytes
) -> None:
    with suppress(MidiFileError):
        assert heard(raw(tmp_path, track)) == [60, 62, 64, 65]


def test_a_track_without_its_end_is_read(tmp_path: Path) -> None:
    assert heard(raw(tmp_path, FOUR)) == [60, 62, 64, 65]
