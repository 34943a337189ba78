"""What reaches the sinks: the newest frame, only when something has changed, faded in time."""

from collections.abc import Iterator
from threading import Event

import numpy as np
import pytest

from studio.document.mix import Layer, Mix
from studio.outputs.room import OutputRoom
from tests.fakes import PATIENCE_S, FakeClock, is_one_sentence
from tests.studio.outputs.sinks import FakeSink


def grey(level: int):
    return np.full((4, 6, 3), level, np.uint8)


class Stage:
    """A room whose frames are mixed when the test says so, on fake time."""

    def __init__(self) -> None:
        self.clock, self.woken = FakeClock(), Event()
        self.room = OutputRoom(self.woken.set, beat=lambda now_s: 2 * now_s, clock=self.clock)
        self.said: list[str] = []
        self.room.noticed.connect(self.said.append)
        self.room.use_size((6, 4))
        self.room.follow([("a", Layer())], Mix())
        self.sink = FakeSink()
        self.room.add(self.sink)
        self.room.show("a", grey(100), asked_at=7.0)

    def turn(self, after_s: float = 0.0) -> int | None:
        """The level of the frame that comes then; None where none does."""
        self.clock.advance(after_s)
        before = self.room.newest
        self.room.turn()
        now = self.room.newest
        return None if now is before else int(now.pixels[0, 0, 0])


@pytest.fixture
def stage() -> Iterator[Stage]:
    made = Stage()
    yield made
    made.room.close()


def test_a_frame_comes_when_something_has_changed_and_else_none(stage) -> None:
    assert stage.turn() == 100
    assert stage.turn(1.0) is None
    stage.room.show("a", grey(120))
    stage.room.follow([("a", Layer(opacity=0.5))], Mix())
    assert stage.turn(1.0) == 60
    stage.room.show("hidden", grey(9))
    stage.room.follow([("a", Layer(opacity=0.5))], Mix())
    assert stage.turn(1.0) is None
    stage.sink.until(lambda: len(stage.sink.frames) > 0)


def test_a_frame_knows_its_time_its_beat_and_the_hand(stage) -> None:
    stage.turn()
    frame = stage.room.newest
    assert (frame.seconds, frame.beat, frame.asked_at) == (1000.0, 2000.0, 7.0)


def test_without_a_sink_nothing_is_mixed(stage) -> None:
    stage.turn()
    stage.room.remove(stage.sink)
    stage.room.show("a", grey(1))
    assert stage.turn(1.0) is None
    stage.room.add(stage.sink)
    assert stage.turn(1.0) == 1


def test_blackout_fades_in_its_time_and_back(stage) -> None:
    stage.turn()
    stage.room.black_out(True, 2.0)
    assert [stage.turn(0.5) for _ in range(5)] == [75, 50, 25, 0, None]
    assert stage.room.is_dark
    stage.room.black_out(False, 2.0)
    assert stage.turn(0.5) == 25
    stage.room.black_out(True, 2.0)  # half way back again: from where it is
    assert [stage.turn(0.25), stage.turn(0.25), stage.turn(0.25)] == [12, 0, None]


def test_what_is_frozen_stays_and_crosses_over_to_what_is_played(stage) -> None:
    stage.turn()
    stage.room.freeze(True, 2.0)
    stage.turn(0.1)
    stage.room.show("a", grey(200))
    assert stage.turn(1.0) is None
    stage.room.black_out(True)
    assert stage.turn(0.1) == 0
    stage.room.black_out(False)
    assert stage.turn(0.1) == 100
    stage.room.freeze(False, 2.0)
    assert stage.turn(1.0) == 150
    stage.room.show("a", grey(220))
    assert [stage.turn(1.0), stage.turn(1.0)] == [220, None]


def test_another_size_is_another_opening_of_the_sink(stage) -> None:
    stage.turn()
    stage.sink.until(lambda: stage.sink.frames)
    stage.room.use_size((3, 2))
    stage.room.freeze(True)
    assert stage.turn(1.0) == 100
    stage.sink.until(lambda: len(stage.sink.frames) == 2)
    assert stage.sink.sizes == [(6, 4), (3, 2)]


def test_a_slow_sink_gets_the_newest_and_holds_up_nobody(stage) -> None:
    slow = FakeSink("Slow")
    slow.gate.clear()
    stage.room.add(slow)
    for level in (1, 2, 3, 4):
        stage.room.show("a", grey(level))
        stage.turn(1.0)
    slow.gate.set()
    slow.until(lambda: slow.frames and slow.frames[-1].pixels[0, 0, 0] == 4)
    assert len(slow.frames) <= 2
    assert stage.room.left_out(slow) >= 2
    stage.sink.until(lambda: stage.sink.frames and stage.sink.frames[-1].pixels[0, 0, 0] == 4)


@pytest.mark.parametrize(
    "sink",
    [
        FakeSink("One", refuses="The stream cannot be opened: the port is taken."),
        FakeSink("Two", breaks=OSError("The receiver of the stream is gone.")),
        FakeSink("Three", breaks=ZeroDivisionError()),
    ],
    ids=lambda sink: sink.name,
)
def test_a_sink_that_fails_costs_a_sentence_and_only_itself(stage, sink) -> None:
    stage.room.add(sink)
    stage.turn()
    assert stage.woken.wait(PATIENCE_S)
    stage.room.collect()
    assert len(stage.said) == 1
    assert is_one_sentence(stage.said[0])
    assert stage.room.sinks == (stage.sink,)
    sink.until(lambda: sink.closed == 1)
    stage.room.show("a", grey(5))
    assert stage.turn(1.0) == 5


def test_what_is_removed_is_closed_and_closing_closes_all(stage) -> None:
    other = FakeSink("Other")
    stage.room.add(other)
    stage.room.remove(other)
    other.until(lambda: other.closed == 1)
    stage.room.close()
    stage.room.close()
    assert stage.sink.closed == 1


def test_on_its_own_thread_it_mixes_until_it_is_closed() -> None:
    room, sink = OutputRoom(lambda: None), FakeSink()
    room.use_size((6, 4))
    room.follow([("a", Layer())], Mix())
    room.start()
    room.add(sink)
    for level in (10, 20):
        room.show("a", grey(level))
        sink.until(lambda: sink.frames and sink.frames[-1].pixels[0, 0, 0] == level)  # noqa: B023
    room.close()
    assert sink.closed == 1


def test_without_opencv_there_is_a_sentence_and_no_output(monkeypatch) -> None:
    def mix(*_: object) -> None:
        raise ImportError("libGL.so.1")

    woken, said, sink = Event(), [], FakeSink()
    monkeypatch.setattr("studio.outputs.room.Mixer.mix", mix)
    room = OutputRoom(woken.set)
    room.noticed.connect(said.append)
    room.start()
    room.add(sink)
    assert woken.wait(PATIENCE_S)
    room.collect()
    room.close()
    assert len(said) == 1
    assert is_one_sentence(said[0])


def test_a_frame_that_cannot_be_mixed_costs_one_sentence_and_the_show_goes_on(
    monkeypatch, caplog
) -> None:
    said, sink, tries = [], FakeSink(), iter(range(4))

    def mix(*_: object):
        if next(tries) < 3:
            room.show("a", grey(1))
            raise RuntimeError("of OpenCV")
        return grey(70)

    monkeypatch.setattr("studio.outputs.room.Mixer.mix", mix)
    room = OutputRoom(lambda: None)
    room.noticed.connect(said.append)
    room.use_size((6, 4))
    room.follow([("a", Layer())], Mix())
    room.start()
    room.add(sink)
    sink.until(lambda: sink.frames)
    room.collect()
    room.close()
    assert len(said) == len(caplog.records) == 1
    assert is_one_sentence(said[0])


def test_a_layer_that_moves_is_drawn_thirty_times_a_second_while_it_is_seen(stage) -> None:
    room, asked = stage.room, []
    room.draw("roll", lambda at_s, size: asked.append((at_s, size)) or grey(len(asked)))
    assert stage.turn() == 100
    room.stir("roll", moves=True)
    assert stage.turn(1.0) is None, "it is not seen"
    room.follow([("roll", Layer())], Mix())
    assert [stage.turn(0.01), stage.turn(0.01), stage.turn(0.03)] == [1, None, 2]
    assert asked[-1] == (stage.clock(), (6, 4))
    assert room.picture("roll") is not None
    room.freeze(True)
    assert [stage.turn(0.1), stage.turn(0.1)] == [2, None]
    room.freeze(False)
    room.stir("roll", moves=False)
    assert [stage.turn(0.1), stage.turn(0.1)] == [3, None]
    room.draw("roll", lambda at_s, size: asked[10**6])
    room.stir("roll")
    stage.turn(0.1)
    room.collect()
    assert [is_one_sentence(said) for said in stage.said] == [True]
