"""A training beside the playing, in a real process, which is killed."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from studio.document.errors import StudioError
from studio.engine import Watch
from studio.engine.registry import Registry
from studio.models.own_models import OwnModels
from studio.training.preparing import Chosen
from studio.training.process import train
from studio.training.runs import Log, Plan, Run, Status
from studio.training.trainings import Trainings
from studio.training.watching import RunWatch
from tests import training_fakes
from tests.fakes import FakeClock, Pump

PLAN = Plan(
    engine="learner", title="Leaves", folder="leaves", start="first", size_px=16, minutes=5.0,
    licence="CC BY 4.0",
)  # fmt: skip


class Room:
    """A session, its trainings, and hands that turn them."""

    def __init__(self, folder: Path) -> None:
        self.pump = Pump(training_fakes.learner())
        self.models = OwnModels(self.pump.session.registry, folder / "models")
        self.models.refresh()
        self.notices: list[str] = []
        self.clock = FakeClock()
        self.trainings = Trainings(
            self.pump.session, self.models, folder / "trainings", self.pump._woken.set,
            clock=self.clock,
        )  # fmt: skip
        self.trainings.noticed.connect(self.notices.append)
        pictures = training_fakes.write_pictures(folder / "leaves", 4)
        self.chosen = [Chosen(path) for path in sorted(pictures.iterdir())]

    def until(self, condition, awaited: str) -> None:
        def holds() -> bool:
            self.trainings.collect()
            return bool(condition())

        for _ in range(4):  # beside other tests a process at the lowest priority takes its time
            with suppress(AssertionError):
                self.pump.until(holds, awaited)
                return
        raise AssertionError(f"{awaited}: {self.trainings.status}, {self.notices}")

    @property
    def step(self) -> int:
        return self.trainings.status.step


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    training_fakes.install()
    made = Room(tmp_path)
    made.pump.start()
    yield made
    made.trainings.close()
    made.pump.close()


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_a_training_is_played_killed_paused_and_taken_up_the_next_day(room: Room) -> None:
    trainings, session = room.trainings, room.pump.session
    run = trainings.begin(PLAN, room.chosen)
    with pytest.raises(StudioError, match="goes on already"):
        trainings.begin(PLAN, room.chosen)
    room.until(lambda: trainings.pid and room.step > 3, "the first steps")
    assert run.plan.count == 4
    assert run.samples()

    trainings.play_now()
    room.until(lambda: len(session.scene.decks) == 2, "a deck with what was learnt so far")
    model = session.scene.front_deck.model
    assert model == f"own~{PLAN.mark}"
    assert session.registry.spec("learner").model(model).title == "Leaves"
    assert room.models.all[0].part.made.count == 4

    before, dead = room.step, trainings.pid
    os.kill(dead, signal.SIGKILL)
    room.until(lambda: trainings.pid not in (None, dead) and room.step > before, "another process")

    trainings.pause()
    room.until(lambda: trainings.status.state == "paused", "the pause")
    trainings.go_on()
    room.until(lambda: trainings.status.state == "running", "its end")
    trainings.stop()
    room.until(lambda: trainings.status.state == "stopped", "the stop")
    kept = json.loads((run.folder / "step.json").read_text())
    assert not trainings.is_running

    (found,) = trainings.all
    found.write_plan(found.plan.but(minutes=(kept + 3) / 60))
    trainings.go_on(found)
    room.until(lambda: trainings.status.state == "done" and not trainings.is_running, "the end")
    assert [m.part.title for m in room.models.all] == ["Leaves"]
    room.pump.settle()
    assert session.state(session.scene.front).problem == ""
    assert any("can be played" in notice for notice in room.notices)
    trainings.forget(found)
    assert trainings.all == []


def test_what_cannot_be_learnt_ends_with_a_sentence(tmp_path: Path) -> None:
    run = Run.new(tmp_path, PLAN)
    run.material.mkdir()
    registry = Registry.of(training_fakes.spec())
    with pytest.raises(StudioError, match="nothing in it"):
        train(run, registry, Watch())
    assert run.status == Status(state="failed", sentence="There is nothing in it.")
    run.write_plan(PLAN.but(engine="other"))
    with pytest.raises(StudioError, match="no engine 'other'"):
        train(run, registry, Watch())
    assert run.status.state == "failed"


def test_a_watch_says_when_samples_are_due_and_writes_how_far_it_is(tmp_path: Path) -> None:
    run, clock, snapped = Run.new(tmp_path, PLAN), FakeClock(), []
    watch = RunWatch(run, snapped.append, clock=clock)
    assert watch.sample() is not None, "the first at once"
    assert watch.goes_on(1, 2.0, 0.1)
    assert run.status == Status(state="running", step=1, seconds=2.0, progress=0.1)
    assert run.status.seconds_left == pytest.approx(18.0)
    assert watch.sample() is None
    clock.advance(60)
    assert watch.sample() == run.samples_folder / "00000001.png"
    assert watch.snapshot() is None
    watch.take_snapshot()
    path = watch.snapshot()
    assert path is not None
    assert watch.goes_on(2, 3.0, 0.2)
    assert snapped == [path]
    watch.leave()
    assert not watch.goes_on(3, 4.0, 0.3)
    assert run.status.state == "stopped"


def test_a_sample_that_takes_long_is_taken_seldom(tmp_path: Path) -> None:
    clock = FakeClock()
    watch = RunWatch(Run.new(tmp_path, PLAN), clock=clock)
    assert watch.sample() is not None
    clock.advance(10)
    assert watch.goes_on(1, 10.0, 0.1)
    clock.advance(150)
    assert watch.sample() is None
    clock.advance(50)
    assert watch.sample() is not None


def test_a_log_is_read_on_and_what_was_trained_twice_is_there_once(tmp_path: Path) -> None:
    log, path = Log(run := Run.new(tmp_path, PLAN)), tmp_path / run.folder.name / "losses.jsonl"
    assert log.read_on() == []
    path.write_text("".join(f'{{"step": {n}, "loss": 1.5}}\n' for n in (10, 20, 30)) + '{"st')
    assert [entry["step"] for entry in log.read_on()] == [10, 20, 30]
    with path.open("a") as file:
        file.write('ep": 40}\n{"step": 20, "loss": 1.4}\n{"step": 20, "held_out": 2}\n')
    entries = log.read_on()
    assert [entry["step"] for entry in entries] == [10, 20, 20, 20]
    assert run.losses() == entries


def test_a_log_that_is_cut_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    run = Run.new(tmp_path, PLAN)
    assert (run.losses(), run.figures(), run.samples(), run.status) == ([], {}, [], Status())
    (run.folder / "losses.jsonl").write_text('{"step": 1, "loss": 0.5}\n{"step": 2, "lo')
    assert run.losses() == [{"step": 1, "loss": 0.5}]
    assert run.figures() == {"loss": 0.5}
