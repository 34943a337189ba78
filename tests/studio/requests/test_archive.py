"""The folder of songs: a page for each, an index of all, and nothing outside it."""

from __future__ import annotations

import shlex
from pathlib import Path

import numpy as np

from studio.music.wishes.wish import Wish
from studio.requests.archive import PICTURE, SONG, Archive, Song
from studio.requests.queue import SongRequest

EVIL = "<script>alert(1)</script>\"'`$(rm -rf /)"


def request(token: str, words: str = "a jig", name: str = "") -> SongRequest:
    return SongRequest(token=token, words=words, name=name, wish=Wish(understood="jig · D minor"))


def test_a_song_is_a_folder_that_opens_without_the_program(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "Songs")
    song = archive.begin(
        request("a" * 16, EVIL, EVIL[:24]), 7, "lstm_melodies", np.zeros((9, 16, 3), np.uint8)
    )
    assert song.folder == "0001-jig-d-minor"
    folder = archive.folder / song.folder
    assert (folder / PICTURE).read_bytes().startswith(b"\xff\xd8")
    for name in ("song.mp3", "song.mid", "song.abc"):
        (folder / name).write_bytes(b"x")
    archive.write_pages(song)
    page, index = (folder / "index.html").read_text(), (archive.folder / "index.html").read_text()
    assert '<audio controls preload="none" src="song.mp3">' in page
    assert "<script" not in page + index
    assert "--seed 7" in page
    assert 'href="0001-jig-d-minor/index.html"' in index
    assert "1 song on request" in index


def test_the_command_is_one_line_that_a_shell_takes_as_one_wish(tmp_path: Path) -> None:
    song = Archive(tmp_path).begin(request("a" * 16, EVIL), 7, "lstm_melodies", None)
    *words, wish = shlex.split(song.command)
    assert words == ["latentloom", "compose", "--seed", "7", "--"]
    assert not set(wish) & set("`$\\\"'")


def test_the_archive_is_found_again_and_numbers_go_on(tmp_path: Path) -> None:
    first = Archive(tmp_path)
    one, two = (first.begin(request(t * 16), 1, "engine", None) for t in "ab")
    (tmp_path / two.folder).rename(tmp_path / "elsewhere")
    (tmp_path / "0009-broken").mkdir()
    (tmp_path / "0009-broken" / SONG).write_text('{"number": -1}')
    again = Archive(tmp_path)
    assert again.songs == (one,)
    assert again.begin(request("c" * 16), 1, "engine", None).number == 2


def test_only_the_files_of_a_song_have_an_address(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "Songs")
    song: Song = archive.begin(request("a" * 16), 1, "engine", None)
    folder = archive.folder / song.folder
    (tmp_path / "secret").write_text("secret")
    (folder / "song.mid").symlink_to(tmp_path / "secret")
    (folder / "song.abc").write_text("X:1")
    for name in ("../../secret", "song.json", "index.html", "", ".", "song.mid", "song.mp3"):
        assert archive.file(song, name) is None
    assert archive.there(song) == {"song.abc"}


def test_the_performers_own_words_are_read_from_a_file(tmp_path: Path) -> None:
    assert Archive(tmp_path).blocked() == ()
    (tmp_path / "blocked.txt").write_text("purple\nrain\n")
    assert Archive(tmp_path).blocked() == ("purple", "rain")
