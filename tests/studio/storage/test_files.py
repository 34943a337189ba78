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


@pytest.mark.skipif(os.name == "nt", reason="there are no such modes")
def test_what_is_written_may_be_read_as_any_new_file(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        files.replace(tmp_path / "a", b"new")
        assert (tmp_path / "a").stat().st_mode & 0o777 == 0o644
        (tmp_path / "a").chmod(0o660)
        files.replace(tmp_path / "a", b"newer")
        assert (tmp_path / "a").stat().st_mode & 0o777 == 0o660
    finally:
        os.umask(before)


@pytest.mark.parametrize(
    "name", [250 * "x" + ".json", 83 * "\u304a" + ".json", "a b. ", ".a", "-rf"]
)
def test_a_name_as_long_as_names_can_be_is_written(tmp_path: Path, name: str) -> None:
    files.replace(tmp_path / name, b"whole")
    assert [file.name for file in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_bytes() == b"whole"


def test_a_loop_of_links_is_a_failure_and_not_for_ever(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(OSError):  # noqa: PT011 - whichever of its kinds
        files.open_plain(tmp_path / "a")
