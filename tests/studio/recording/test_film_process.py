"""The film's process without its process: what can go wrong with a disk and an encoder."""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path
from time import perf_counter
from types import SimpleNamespace

import av
import numpy as np
import pytest

from studio.audio.protocol import SetVolume, UseFont
from studio.document.routes import SOUND
from studio.outputs.sink import Frame
from studio.outputs.sinks import stream
from studio.processes.framing import pack_play
from studio.processes.messages import Due
from studio.recording import _wire
from studio.recording._wire import Begin, Ended, Part, Progress, Ready
from studio.recording.errors import RecordingError, sentence_of
from studio.recording.film import Film, encoder_for
from studio.recording.process import ENOUGH_BYTES, FilmProcess, run
from tests.fakes import FakeClock, is_one_sentence
from tests.studio.audio.small_font import small_font
from tests.studio.recording.films import seen

SIZE = (160, 90)
PIXELS = np.full((90, 160, 3), 90, np.uint8)


class Film160:
    """A process in fake time on a disk with so much room."""

    def __init__(self, file: Path, font: str = "") -> None:
        self.clock, self.free, self.told = FakeClock(), 10 * ENOUGH_BYTES, list[object]()
        begin = Begin(str(file), *SIZE, 30.0, self.clock(), font)
        self.process = FilmProcess(
            begin, self.told.append, clock=self.clock, free_bytes=lambda _: self.free
        )

    def play(self, seconds: float) -> None:
        for _ in range(round(seconds * 30)):
            self.clock.advance(1 / 30)
            self.process.hear(Part.PIXELS, self.clock(), *SIZE, bytearray(PIXELS.tobytes()))
            assert self.process.turn()


def test_a_film_ends_before_the_disk_is_full_and_plays(tmp_path: Path) -> None:
    film = Film160(tmp_path / "a.mp4")
    film.play(1.0)
    film.free = ENOUGH_BYTES - 1
    with pytest.raises(OSError, match="nearly full") as raised:
        film.play(1.0)
    film.process.close()
    assert isinstance(film.told[0], Ready)
    assert isinstance(film.told[-1], Progress)
    assert sentence_of(raised.value).startswith("The disk is full")
    found = seen(tmp_path / "a.mp4")
    assert 1.0 <= found.times[-1] < 2.0
    assert len(found.sound) / 48_000 == pytest.approx(found.times[-1], abs=0.1)


def test_the_volume_changes_when_it_was_turned(tmp_path: Path) -> None:
    film = Film160(tmp_path / "a.mp4")
    struck = pack_play(0, [Due(film.clock(), SOUND, bytes((0x90, 60, 127)))])
    film.process.hear(Part.NOTES, 0.0, 0, 0, bytearray(struck))
    film.play(1.0)
    told = _wire.COMMANDS.pack(SetVolume(0.0))
    film.process.hear(Part.COMMAND, 0.0, 0, 0, bytearray(told))
    film.play(1.0)
    film.process.close()
    found = seen(tmp_path / "a.mp4")
    heard = np.flatnonzero(np.abs(found.sound) > 1e-3)
    assert found.sound_from + heard[-1] / 48_000 == pytest.approx(1.0, abs=0.1)


def test_it_has_the_font_that_plays_from_when_it_plays(tmp_path: Path) -> None:
    """An ocarina, and from 1 s on our own piano: one note each."""
    film = Film160(tmp_path / "a.mp4", str(small_font(tmp_path)))
    for _ in range(2):
        struck = pack_play(0, [Due(film.clock(), SOUND, bytes((0x90, 69, 127)))])
        film.process.hear(Part.NOTES, 0.0, 0, 0, bytearray(struck))
        film.play(1.0)
        told = _wire.COMMANDS.pack(UseFont(None))
        film.process.hear(Part.COMMAND, 0.0, 0, 0, bytearray(told))
    film.process.close()
    found = seen(tmp_path / "a.mp4")
    begin = round((1.0 - found.sound_from) * 48_000)
    ocarina, piano = (np.abs(np.fft.rfft(found.sound[at : at + 24_000])) for at in (0, begin))
    overtones = [np.sum(each[1000:]) / np.sum(each) for each in (ocarina, piano)]
    assert overtones[0] < 0.7 * overtones[1]
    assert film.process._sound is not None
    gone = Film160(tmp_path / "b.mp4", str(tmp_path / "gone.sf2")).process
    assert gone._sound is not None, "our own plays"
    gone.close()


def test_a_picture_that_stands_is_in_the_film_all_the_time(tmp_path: Path) -> None:
    film = Film160(tmp_path / "a.mp4")
    film.play(0.1)
    for _ in range(40):
        film.clock.advance(0.1)
        film.process.turn()
    film.process.close()
    times = seen(tmp_path / "a.mp4").times
    assert times[-1] == pytest.approx(4.1, abs=0.1)
    assert max(np.diff(times)) < 0.8


def test_pictures_of_another_size_fit_the_film(tmp_path: Path) -> None:
    film = Film(tmp_path / "a.mp4", (161, 91), 30, encoder_for(SIZE, 30), sound=False)
    film.show(PIXELS, 0.0)
    film.show(np.zeros((40, 30, 3), np.uint8), 0.1)
    film.close()
    assert seen(tmp_path / "a.mp4").size == (160, 90)


def test_an_encoder_without_a_quality_has_a_rate_and_without_any_there_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(av.codec, "codecs_available", {"mpeg4"})
    encoder = encoder_for(SIZE, 30)
    assert encoder[0] == "mpeg4"
    film = Film(tmp_path / "a.mp4", (1920, 1080), 30, encoder, sound=False)
    assert film._video.codec_context.bit_rate == pytest.approx(12.4e6, rel=0.01)
    film.close()
    monkeypatch.setattr(av.codec, "codecs_available", set())
    with pytest.raises(RecordingError) as raised:
        encoder_for(SIZE, 30)
    assert is_one_sentence(str(raised.value))


def test_whatever_an_encoder_raises_ends_film_and_stream_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not all that FFmpeg raises is an OSError."""

    def fail(*_: object) -> None:
        raise av.error.ExternalError(0, "Generic error in an external library")

    film = Film160(tmp_path / "a.mp4")
    film.process._film._video = SimpleNamespace(encode=fail)
    with pytest.raises(OSError, match="the encoder says: Generic error") as raised:
        film.play(0.1)
    assert is_one_sentence(sentence_of(raised.value))
    film.process._film.pictures = 0
    film.process._film.close()
    monkeypatch.setattr(stream._Stream, "send", fail)
    sending = stream.NetworkStream("udp://127.0.0.1:9")
    sending.open(160, 90, 60.0)
    frame = Frame(PIXELS, 0.0, 0.0)
    sending.send(frame)
    assert sending._thread is not None
    sending._thread.join(10)
    with pytest.raises(OSError, match="The network stream has ended: Generic error"):
        sending.send(frame)
    sending.close()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EIO])
def test_whatever_the_system_says_becomes_one_sentence(number: int) -> None:
    assert is_one_sentence(sentence_of(OSError(number, os.strerror(number))))


def test_when_the_app_is_gone_the_film_is_closed_and_plays(tmp_path: Path) -> None:
    told: list[object] = []
    begun_s = perf_counter()
    begin = _wire.COMMANDS.pack(Begin(str(tmp_path / "a.mp4"), *SIZE, 30.0, begun_s))
    said = [_wire.header(Part.COMMAND, len(begin)), begin]
    for seconds in (0.0, 0.5):
        said += [
            _wire.header(Part.PIXELS, PIXELS.nbytes, begun_s + seconds, *SIZE),
            PIXELS.tobytes(),
        ]
    run(io.BytesIO(b"".join(said)), told.append)
    assert told[-1] == Ended("")
    assert len(seen(tmp_path / "a.mp4").times) >= 2
