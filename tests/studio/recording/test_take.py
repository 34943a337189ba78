"""A take is written while somebody plays, and read as far as it goes."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from studio.document.scene import Scene
from studio.recording import take as take_module
from studio.recording.errors import RecordingError
from studio.recording.take import Header, Take, read
from studio.recording.take_reader import TakeReader
from studio.recording.take_writer import TakeWriter
from tests.studio.presets.makers import full_scene, scene


def moved(before: Scene, x: float) -> Scene:
    return before.with_deck(before.front_deck.but(pad=(x, 0.0)))


def written(file: Path, first: Scene, *steps: tuple[float, Scene, Scene]) -> Take:
    writer = TakeWriter(file, lambda: Header(size=(640, 360)), first, failed=pytest.fail)
    for seconds, hand, shown in steps:
        writer.scene(seconds, 2 * seconds, hand, shown)
    writer.say(9.0, end="stopped")
    writer.close()
    return read(file)


def lines_of(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in gzip.decompress(file.read_bytes()).splitlines()]


def test_every_moment_comes_back_as_it_was(tmp_path: Path) -> None:
    first, other = full_scene(), scene(3, decks=2)
    hand = moved(first, 0.5)
    shown = hand.with_deck(hand.front_deck.but(held=(1 / 3, 0.0, 1.0, -1.0)))
    take = written(
        tmp_path / "a.take",
        first,
        (1.0, hand, hand),
        (2.0, hand, shown),
        (3.0, hand, hand),
        (4.0, other, other),
    )
    found = [take.at(seconds) for seconds in (0.5, 1.0, 2.5, 3.0, 8.0)]
    assert [(m.scene, m.shown) for m in found] == [
        (first, first),
        (hand, hand),
        (hand, shown),
        (hand, hand),
        (other, other),
    ]
    assert take.at(0.0).scene == first, "and back again"
    assert (found[1].beat, take.seconds, take.is_whole) == (2.0, 9.0, True)
    assert take.header.size == (640, 360)


def test_only_what_differs_is_written(tmp_path: Path) -> None:
    first = full_scene()
    then = moved(first, 0.25)
    written(tmp_path / "a.take", first, (2.0, then, then))
    _, change, end = lines_of(tmp_path / "a.take")
    assert change == {"t": 2.0, "beat": 4.0, "scene": [[["decks", 0, "pad"], [0.25, 0.0]]]}
    assert end == {"t": 9.0, "end": "stopped"}


def test_a_long_take_can_be_scrubbed(tmp_path: Path) -> None:
    first = scene()
    steps = [(i / 100, moved(first, i / 2000), moved(first, i / 2000)) for i in range(1, 1200)]
    take = written(tmp_path / "a.take", first, *steps)
    for place in (1100, 3, 700, 701, 1):
        assert take.at(place / 100).scene.front_deck.pad[0] == place / 2000
    reader = TakeReader(tmp_path / "a.take")
    reader._thread.join(30)
    assert reader.take is not None
    assert (reader.is_done, reader.share, reader.problem) == (True, 1.0, "")
    assert len(reader.take._kept) == 3, "no drag has a long way"


def test_after_a_kill_all_but_the_last_second_can_be_read(tmp_path: Path) -> None:
    file = tmp_path / "killed.take"
    script = f"""
import os, signal, time
from pathlib import Path
from studio.recording.take import Header
from studio.recording.take_writer import TakeWriter
from tests.studio.presets.makers import scene
writer = TakeWriter(Path({str(file)!r}), Header, scene(), failed=print)
begun = time.monotonic()
while (seconds := time.monotonic() - begun) < 1.5:
    writer.say(seconds, heard={{"level": seconds}})
    time.sleep(0.005)
os.kill(os.getpid(), signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parents[3], check=False)
    take = read(file)
    assert not take.is_whole
    assert take.seconds > 0.5
    assert [t for t, _ in take.of_kind("heard")] == sorted(t for t, _ in take.of_kind("heard"))


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([], "is not a take: it holds nothing"),
        (["[]"], "is not a take: it is damaged"),
        (["{"], "is not a take: it is damaged"),
        (['{"take": 2}'], "was made by a later version"),
        (['{"take": 1}'], "is not a take"),
        (["@", '{"t": -3}'], "is damaged"),
        (["@", '{"t": 1, "code": "os"}'], "is damaged"),
        (["@", '{"t": 1, "scene": []}'], "is damaged"),
        (["@", '{"t": 1, "beat": 0, "scene": [[["decks", -1], 3]]}'], "is damaged"),
        (["@", '{"t": 1, "beat": 0, "scene": [[["decks", 9, "pad"], 3]]}'], "is damaged"),
        (["@", '{"t": 1, "beat": 0, "scene": [[["front"], 3]]}'], "none of this version"),
    ],
)
def test_what_is_no_take_gets_one_sentence(tmp_path: Path, lines: list[str], says: str) -> None:
    good, file = tmp_path / "good.take", tmp_path / "bad.take"
    written(good, scene())
    first = json.dumps(lines_of(good)[0])
    text = "".join(line.replace("@", first) + "\n" for line in lines)
    file.write_bytes(gzip.compress(text.encode()))
    with pytest.raises(RecordingError, match=says) as raised:
        read(file).at(5.0)
    assert str(raised.value).count("\n") == 0


def test_a_file_that_is_not_there_or_no_gzip_gets_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="cannot be read: No such file"):
        read(tmp_path / "none.take")
    (tmp_path / "text.take").write_text("hello")
    with pytest.raises(RecordingError, match="is not a take: it is damaged"):
        read(tmp_path / "text.take")


def test_a_take_is_read_up_to_where_it_is_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Zeros in the place of its end, as after a loss of power, between two lines or in the midst
    of one; a line that is none; more of it than memory is for."""
    first = scene()
    steps = [(float(n), moved(first, n / 100), moved(first, n / 100)) for n in range(100)]
    whole = written(tmp_path / "a.take", first, *steps)
    data = (tmp_path / "a.take").read_bytes()
    for place in range(len(data) - 300, len(data) - 290):
        (tmp_path / "b.take").write_bytes(data[:place] + bytes(4096))
        cut = read(tmp_path / "b.take")
        assert 10 < len(cut.events) < len(whole.events)
        assert cut.events == whole.events[: len(cut.events)]
    text = gzip.decompress(data).replace(b'"t":50.0', b'"t":NaN')
    (tmp_path / "b.take").write_bytes(gzip.compress(text))
    assert read(tmp_path / "b.take").events == whole.events[:50]
    monkeypatch.setattr(take_module, "_BLOCK_BYTES", 500)
    monkeypatch.setattr(take_module, "MOST_BYTES", 5_000)
    short = read(tmp_path / "a.take")
    assert 10 < len(short.events) < len(whole.events)
    assert not short.is_whole


def test_a_full_disk_is_said_once_and_what_was_written_can_be_read(tmp_path: Path) -> None:
    file = tmp_path / "full.take"
    script = f"""
import resource, signal
from pathlib import Path
from studio.recording.take import Header
from studio.recording.take_writer import TakeWriter
from tests.studio.presets.makers import scene
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
writer = TakeWriter(Path({str(file)!r}), Header, scene(), failed=lambda e: print("full"))
for number in range(40_000):
    writer.say(number, heard={{"level": number ** 0.5}})
writer.close()
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[3],
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout == "full\n"
    assert read(file).seconds > 100
