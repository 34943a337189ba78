"""Files that are whole, and files that are none."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from studio.audio.font import riff
from studio.live.controllers import maps
from studio.music.files import midi
from studio.storage import files


def test_a_plain_file_is_opened(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    with files.open_plain(tmp_path / "a") as file:
        assert file.read() == b"abc"


@pytest.mark.skipif(os.name == "nt", reason="there are no named pipes among files")
@pytest.mark.parametrize(
    "read", [files.open_plain, riff.read, riff.information, maps.read, midi.read]
)
def test_a_pipe_is_not_waited_for(read: Callable[[Path], object], tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises((OSError, riff.FontError, maps.MapError, midi.MidiFileError)):
        read(tmp_path / "pipe")
