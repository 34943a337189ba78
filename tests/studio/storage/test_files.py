"""A file is whole or as it was: on a disk that is full, denied or gone in the middle."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from studio.audio.font import riff
from studio.export.writers import SvgWriter, save_film, save_png
from studio.live.controllers import maps
from studio.music.files import midi
from studio.storage import files


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


@pytest.fixture
def old(tmp_path: Path) -> Path:
    file = tmp_path / "a.png"
    file.write_bytes(b"old")
    return file


def test_what_was_written_takes_the_place_of_what_was_there(old: Path) -> None:
    files.replace(old, b"new")
    assert old.read_bytes() == b"new"
    assert names(old.parent) == ["a.png"]


@pytest.mark.parametrize("number", [1, 2])
def test_on_a_full_disk_the_old_file_stays_and_nothing_beside_it(
    old: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr(*((os, "fsync", full) if number == 1 else (Path, "write_bytes", full)))
    with pytest.raises(OSError, match="No space left"):
        files.replace(old, b"new")
    assert old.read_bytes() == b"old"
    assert names(old.parent) == ["a.png"]


def test_a_writer_that_breaks_half_way_leaves_the_old_file(old: Path) -> None:
    def half(file: Path) -> None:
        with files.Draft(file) as path:
            path.write_bytes(b"ha")
            raise KeyError

    with pytest.raises(KeyError):
        half(old)
    assert old.read_bytes() == b"old"
    assert names(old.parent) == ["a.png"]


@pytest.mark.skipif(os.name == "nt", reason="rights are others there")
def test_it_has_the_rights_of_the_old_file_or_of_any_new_one(old: Path) -> None:
    old.chmod(0o640)
    files.replace(old, b"new")
    assert old.stat().st_mode & 0o777 == 0o640
    plain, made = old.with_name("plain"), old.with_name("made")
    plain.write_bytes(b"")
    files.replace(made, b"")
    assert made.stat().st_mode == plain.stat().st_mode


@pytest.mark.skipif(os.name == "nt", reason="there are no such files there")
def test_a_pipe_is_written_to_and_stays_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    files.replace(pipe, b"through")
    assert os.read(reader, 100) == b"through"
    os.close(reader)
    assert pipe.is_fifo()


def test_a_folder_in_the_way_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.png").mkdir()
    with pytest.raises(OSError, match=r"irectory|denied"):
        files.replace(tmp_path / "a.png", b"new")
    assert names(tmp_path) == ["a.png"]


# -- what is read ----------------------------------------------------------------------------------


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


# -- a real disk that is full ----------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """64 kB, if this test may mount something."""
    disk = tmp_path / "disk"
    disk.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(disk)]
    if (
        sys.platform != "linux"
        or subprocess.run(words, capture_output=True, check=False).returncode
    ):
        pytest.skip("a small disk can be mounted by root on Linux")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def draw(file: Path) -> None:
    """Some hundred kilobytes of the kind that the file's name says."""
    noise = np.random.default_rng(1).integers(0, 255, (400, 400, 3), np.uint8)
    with files.Draft(file) as path:
        match file.suffix:
            case ".png":
                save_png(path, noise)
            case ".mp4":
                save_film(path, [noise, noise[::-1], noise[:, ::-1]] * 4)
            case ".svg":
                SvgWriter(path).add("<svg>" + 70_000 * " " + "</svg>")
            case _:
                path.write_bytes(70_000 * b" ")


@pytest.mark.real
@pytest.mark.parametrize("kind", ["png", "mp4", "svg", "json"])
def test_on_a_disk_that_is_really_full_the_old_file_stays(small_disk: Path, kind: str) -> None:
    file = small_disk / f"a.{kind}"
    file.write_bytes(b"old")
    with pytest.raises(OSError, match="No space left"):
        draw(file)
    assert file.read_bytes() == b"old"
    assert names(small_disk) == [file.name]


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


def test_a_link_stays_and_what_it_leads_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    real, link = tmp_path / "kept" / "settings.json", tmp_path / "settings.json"
    link.symlink_to(Path("kept", "settings.json"))
    for data in (b"first, where the link leads nowhere yet", b"second"):
        files.replace(link, data)
        assert link.is_symlink()
        assert real.read_bytes() == data
    assert [path.name for path in real.parent.iterdir()] == [real.name]
