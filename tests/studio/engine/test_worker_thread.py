"""The engine thread alone: what is asked of it, what comes back, and that no engine ends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Event as Flag
from time import perf_counter
from typing import Any

import numpy as np
import pytest

from studio.engine import DeviceError, EngineError, Job, Resources, WeightsError
from studio.engine.messages import (
    Close,
    Encode,
    Encoded,
    Event,
    Failed,
    Grant,
    Load,
    Pictured,
    Ready,
    Request,
    Sample,
    Sampled,
    sentence_of,
)
from studio.engine.registry import Registry
from studio.engine.worker_thread import EngineThread
from tests.fakes import (
    MODELS,
    PATIENCE_S,
    FakeEngine,
    Guest,
    broken,
    fake,
    is_one_sentence,
    not_on_cpu,
    picture_of,
    slow,
)

FIRST, SECOND, WIDE = MODELS
PICTURE = picture_of(Job(latent=np.ones(4, np.float32)))
CPU = Resources(device="cpu", threads=1)
GPU = Resources(device="cuda", threads=1)


class Panic(BaseException):
    """What a native library may raise: no `Exception` at all."""


class UnprintableError(Exception):
    """Raises again as soon as somebody asks what it says."""

    def __str__(self) -> str:
        raise RuntimeError


class Line:
    """An engine thread and the events that came from it."""

    def __init__(self, *guests: Guest, resources: Resources = CPU) -> None:
        self.events: list[Event] = []
        self.wakes = 0
        self._woken = Flag()
        self._guests = guests
        self._asked = 0
        registry = Registry.of(*(g.spec for g in guests))
        self.thread = EngineThread(registry, self._wake, resources)
        self.thread.start()

    def _wake(self) -> None:
        self.wakes += 1
        self._woken.set()

    def tell(self, command: Any) -> None:
        self.thread.mailbox.command(command)

    def load(self, guest: Guest, deck: str = "deck1", epoch: int = 1, model: Any = FIRST) -> Event:
        self.tell(Load(deck, epoch, guest.spec.name, model))
        return self.answer()

    def render(
        self, deck: str = "deck1", epoch: int = 1, latent: Any = (1, 2, 3, 4), **job: Any
    ) -> Request:
        self._asked += 1
        wanted = Job(latent=np.asarray(latent, np.float32), **job)
        request = Request(deck, epoch, self._asked, wanted, perf_counter())
        self.thread.mailbox.post(deck, request)
        return request

    def answer(self) -> Event:
        """The next event; waits for it."""
        while not self.events:
            assert self._woken.wait(PATIENCE_S), "waited for an event in vain"
            self._woken.clear()
            self.events += self.thread.drain()
        return self.events.pop(0)

    def silence(self) -> None:
        """Wait until everything so far is done, and see that nothing was said about it."""
        guest = self._guests[-1]
        self.tell(Load("fence", 99, guest.spec.name, FIRST))
        self.tell(Close("fence"))
        answer = self.answer()
        assert isinstance(answer, Ready)
        assert answer.deck == "fence"

    def close(self) -> bool:
        for guest in self._guests:
            guest.gate.open()
        return self.thread.close(PATIENCE_S)


@pytest.fixture
def line() -> Iterator[Callable[..., Line]]:
    lines: list[Line] = []

    def line(*guests: Guest, **given: Any) -> Line:
        lines.append(Line(*guests, **given))
        return lines[-1]

    yield line
    for each in lines:
        assert each.close()


Lines = Callable[..., Line]


# -- what is asked, what comes back ----------------------------------------------------------------


def test_a_load_is_answered_with_where_the_engine_runs(line: Lines) -> None:
    guest = fake()
    answer = line(guest).load(guest, epoch=5)
    assert answer == Ready("deck1", 5, answer.loaded)  # type: ignore[union-attr]
    assert answer.loaded.device == "CPU fake"
    assert guest.engine.model is FIRST
    assert guest.engine.resources == CPU


def test_a_request_is_answered_with_its_picture(line: Lines) -> None:
    guest = fake()
    at_work = line(guest)
    at_work.load(guest)
    request = at_work.render(parameters={"tint": "red"}, seed=3)
    answer = at_work.answer()
    assert isinstance(answer, Pictured)
    assert answer.request is request
    assert np.array_equal(answer.pixels, picture_of(request.job))
    assert answer.render_ms >= 0


def test_samples_come_for_the_slots_that_were_asked_for(line: Lines) -> None:
    guest = fake()
    at_work = line(guest)
    at_work.load(guest)
    at_work.tell(Sample("deck1", 1, 42, (1, 5), sets_seed=False))
    answer = at_work.answer()
    assert isinstance(answer, Sampled)
    assert answer.seed == 42
    points = FakeEngine().sample(42, 6, 4)
    assert list(answer.latents) == [1, 5]
    assert all(np.array_equal(answer.latents[i], points[i]) for i in (1, 5))


def test_a_picture_comes_back_as_its_point(line: Lines) -> None:
    guest = fake()
    at_work = line(guest)
    at_work.load(guest)
    at_work.tell(Encode("deck1", 1, 2, PICTURE, {}))
    answer = at_work.answer()
    assert isinstance(answer, Encoded)
    assert answer.slot == 2
    assert answer.latent == pytest.approx(np.ones(4), abs=0.05)
    assert answer.latent.dtype == np.float32


def test_engines_are_called_on_their_own_thread_only(line: Lines) -> None:
    guest = fake()
    at_work = line(guest)
    at_work.load(guest)
    at_work.render()
    at_work.answer()
    at_work.tell(Sample("deck1", 1, 0, (0,), sets_seed=False))
    at_work.answer()
    assert at_work.close()
    assert {call.thread for call in guest.engine.calls} == {"engines"}
    assert [call.method for call in guest.engine.calls] == ["load", "render", "sample", "close"]


def test_the_window_is_woken_once_for_all_that_waits(line: Lines) -> None:
    guest = slow("load")
    guest.gate.shut()
    at_work = line(guest)
    for epoch in range(1, 6):
        at_work.tell(Load("deck1", epoch, "slow", FIRST))
    guest.gate.let_through(4)
    guest.gate.await_arrival(5)  # so four have been answered
    assert at_work.wakes == 1
    assert len(at_work.thread.drain()) == 4
    guest.gate.let_through(1)
    assert isinstance(at_work.answer(), Ready)
    assert at_work.wakes == 2


# -- sharing ---------------------------------------------------------------------------------------


def test_decks_of_one_model_share_one_engine(line: Lines) -> None:
    guest = fake()
    at_work = line(guest)
    at_work.load(guest, "deck1", 1)
    at_work.load(guest, "deck2", 2)
    assert len(guest.made) == 1
    assert guest.engine.count("load") == 1
    at_work.tell(Close("deck1"))
    at_work.render("deck2", 2)
    assert isinstance(at_work.answer(), Pictured)
    assert not guest.engine.closed
    at_work.tell(Close("deck2"))
    at_work.silence()
    assert guest.made[0].closed


def test_another_model_is_another_engine(line: Lines) -> None:
    guest = fake()
    at_work = line(guest)
    at_work.load(guest, "deck1", 1, FIRST)
    at_work.load(guest, "deck2", 2, WIDE)
    at_work.render("deck2", 2, latent=range(6))
    assert isinstance(at_work.answer(), Pictured)
    assert [engine.model for engine in guest.made] == [FIRST, WIDE]


def test_the_old_engine_gives_its_memory_back_before_the_new_one_takes_any(line: Lines) -> None:
    order: list[str] = []

    class Ordered(FakeEngine):
        def _enter(self, method: str, argument: Any) -> None:
            super()._enter(method, argument)
            order.append(method)

    guest = Guest(Ordered)
    at_work = line(guest)
    at_work.load(guest, model=FIRST)
    at_work.load(guest, model=SECOND)
    assert order == ["load", "close", "load"]


def test_a_deck_that_is_loaded_again_gets_a_fresh_engine(line: Lines) -> None:
    guest = fake()
    at_work = line(guest)
    at_work.load(guest)
    at_work.load(guest)
    assert [engine.closed for engine in guest.made] == [True, False]


# -- what goes wrong -------------------------------------------------------------------------------

ERRORS: dict[str, Callable[[], BaseException]] = {
    "SystemExit": lambda: SystemExit(3),
    "KeyboardInterrupt": KeyboardInterrupt,
    "RuntimeError": lambda: RuntimeError("CUDA error: unspecified\n  File x, line 1"),
    "MemoryError": MemoryError,
    "EngineError": lambda: EngineError("The moon is in the wrong phase."),
    "WeightsError": lambda: WeightsError("These weights are not for us."),
    "DeviceError": lambda: DeviceError("The device went away."),
    "EngineError without a word": EngineError,
    "EngineError of many lines": lambda: EngineError("No.\nTraceback\nNo more."),
    "Panic": lambda: Panic("gave way"),
    "UnprintableError": UnprintableError,
}


@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS)
def test_an_error_is_told_in_one_sentence(error: Callable[[], BaseException]) -> None:
    assert is_one_sentence(sentence_of(error()))


def test_an_engines_own_sentence_is_told_as_it_is() -> None:
    assert sentence_of(EngineError("The moon is wrong.")) == "The moon is wrong."
    assert "CUDA error: unspecified" in sentence_of(ERRORS["RuntimeError"]())
    assert "MemoryError" in sentence_of(MemoryError())


@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS)
@pytest.mark.parametrize("method", ["factory", "load", "render", "sample", "encode", "close"])
def test_no_engine_ends_the_thread(
    line: Lines, method: str, error: Callable[[], BaseException]
) -> None:
    bad, good = broken(method, error), fake()
    at_work = line(bad, good)
    at_work.tell(Load("bad", 1, "broken", FIRST))
    at_work.tell(Load("good", 2, "fake", FIRST))
    at_work.tell(Sample("bad", 1, 0, (0,), sets_seed=False))
    at_work.tell(Encode("bad", 1, 0, PICTURE, {}))
    at_work.render("bad", 1)
    at_work.tell(Close("bad"))
    at_work.render("good", 2)
    answers: list[Event] = []
    while not (answers and isinstance(answers[-1], Pictured) and answers[-1].request.epoch == 2):
        answers.append(at_work.answer())
    failures = [answer for answer in answers if isinstance(answer, Failed)]
    assert all(is_one_sentence(failure.sentence) for failure in failures)
    assert {failure.deck for failure in failures} <= {"bad"}
    assert any(failure.fatal for failure in failures) == (method in ("factory", "load"))
    if method in ("sample", "encode"):
        assert len(failures) == 1


@pytest.mark.parametrize("method", ["load", "factory"])
def test_a_deck_whose_load_failed_says_so_once_and_not_at_every_move(
    line: Lines, method: str
) -> None:
    bad, good = broken(method), fake()
    at_work = line(bad, good)
    answer = at_work.load(bad)
    assert isinstance(answer, Failed)
    assert answer.fatal
    for _ in range(5):
        at_work.render()
        at_work.silence()
    at_work.tell(Sample("deck1", 1, 0, (0,), sets_seed=False))
    answer = at_work.answer()
    assert isinstance(answer, Failed)  # this was asked for, so it is answered
    assert is_one_sentence(answer.sentence)


def test_an_engine_that_failed_to_load_is_closed(line: Lines) -> None:
    guest = broken("load")
    line(guest).load(guest)
    assert guest.engine.closed


def test_an_unknown_engine_is_a_failure_like_any_other(line: Lines) -> None:
    at_work = line(fake())
    at_work.tell(Load("deck1", 1, "nobody", FIRST))
    answer = at_work.answer()
    assert isinstance(answer, Failed)
    assert "nobody" in answer.sentence
    assert is_one_sentence(answer.sentence)


NOT_PICTURES = {
    "nothing": None,
    "a list": [[[0, 0, 0]]],
    "floats": np.zeros((2, 2, 3)),
    "grey": np.zeros((2, 2), np.uint8),
    "with alpha": np.zeros((2, 2, 4), np.uint8),
    "channels first": np.zeros((3, 8, 8), np.uint8),
    "a batch": np.zeros((1, 2, 2, 3), np.uint8),
    "empty": np.zeros((0, 2, 3), np.uint8),
}


@pytest.mark.parametrize("made", NOT_PICTURES.values(), ids=NOT_PICTURES)
def test_what_is_no_picture_does_not_reach_the_window(line: Lines, made: Any) -> None:
    class Odd(FakeEngine):
        def render(self, job: Job) -> Any:
            return made

    guest = Guest(Odd)
    at_work = line(guest)
    at_work.load(guest)
    at_work.render()
    answer = at_work.answer()
    assert isinstance(answer, Failed)
    assert is_one_sentence(answer.sentence)
    assert not answer.fatal


def test_a_picture_that_lies_oddly_in_memory_is_put_right(line: Lines) -> None:
    class Odd(FakeEngine):
        def render(self, job: Job) -> Any:
            return picture_of(job)[::-1, ::2]

    guest = Guest(Odd)
    at_work = line(guest)
    at_work.load(guest)
    request = at_work.render()
    answer = at_work.answer()
    assert isinstance(answer, Pictured)
    assert answer.pixels.flags.c_contiguous
    assert np.array_equal(answer.pixels, picture_of(request.job)[::-1, ::2])


NOT_POINTS = {
    "nothing": lambda count, size: None,
    "too few": lambda count, size: np.zeros((count - 1, size)),
    "another size": lambda count, size: np.zeros((count, size + 1)),
    "flat": lambda count, size: np.zeros(count * size),
    "not finite": lambda count, size: np.full((count, size), np.nan),
    "words": lambda count, size: [["x"] * size] * count,
}


@pytest.mark.parametrize("points", NOT_POINTS.values(), ids=NOT_POINTS)
def test_points_that_do_not_fit_are_a_failure(line: Lines, points: Any) -> None:
    class Odd(FakeEngine):
        def sample(self, seed: int, count: int, latent_size: int, parameters: Any = None) -> Any:
            return points(count, latent_size)

        def encode(self, pixels: Any, parameters: Any) -> Any:
            drawn = points(1, 4)
            return drawn[0] if drawn is not None and len(drawn) else drawn

    guest = Guest(Odd)
    at_work = line(guest)
    at_work.load(guest)
    for command in (
        Sample("deck1", 1, 0, (0, 1), sets_seed=False),
        Encode("deck1", 1, 0, PICTURE, {}),
    ):
        at_work.tell(command)
        answer = at_work.answer()
        assert isinstance(answer, Failed)
        assert is_one_sentence(answer.sentence)


# -- resources -------------------------------------------------------------------------------------


def test_every_engine_hears_how_many_threads_it_may_use(line: Lines) -> None:
    guests = [fake("one"), broken("use_threads", name="two"), fake("three")]
    at_work = line(*guests)
    for number, guest in enumerate(guests):
        at_work.load(guest, guest.spec.name, number)
    at_work.tell(Grant(Resources(device="cpu", threads=7)))
    at_work.silence()
    assert [guest.made[0].resources.threads for guest in guests if guest.spec.name != "two"] == [
        7,
        7,
    ]


def test_another_device_closes_every_engine_until_it_is_loaded_again(line: Lines) -> None:
    guest = fake()
    at_work = line(guest)
    at_work.load(guest)
    at_work.tell(Grant(GPU))
    at_work.render()
    at_work.silence()
    assert guest.made[0].closed
    assert guest.made[0].count("render") == 0
    answer = at_work.load(guest, epoch=2)
    assert answer.loaded.device == "CUDA fake"  # type: ignore[union-attr]
    assert guest.made[-1].resources == GPU


def test_a_device_that_is_missing_at_load_is_replaced_by_the_cpu_with_a_sentence(
    line: Lines,
) -> None:
    guest = broken("load", lambda: DeviceError("There is no GPU."), not_on_cpu)
    at_work = line(guest, resources=GPU)
    answer = at_work.load(guest)
    assert isinstance(answer, Ready)
    assert answer.loaded.device == "CPU fake"
    assert "There is no GPU." in answer.loaded.notice
    assert "CPU" in answer.loaded.notice
    at_work.render()
    assert isinstance(at_work.answer(), Pictured)


def test_a_device_that_gives_up_during_play_is_replaced_by_the_cpu_with_a_sentence(
    line: Lines,
) -> None:
    guest = broken("render", lambda: DeviceError("The GPU is full."), not_on_cpu)
    at_work = line(guest, resources=GPU)
    assert at_work.load(guest).loaded.device == "CUDA fake"  # type: ignore[union-attr]
    at_work.render()
    answer = at_work.answer()
    assert isinstance(answer, Ready)  # the window asks once more
    assert answer.loaded.device == "CPU fake"
    assert "The GPU is full." in answer.loaded.notice
    at_work.render()
    assert isinstance(at_work.answer(), Pictured)


@pytest.mark.parametrize("method", ["load", "render"])
@pytest.mark.parametrize("resources", [CPU, GPU], ids=["cpu", "cuda"])
def test_when_the_cpu_fails_too_that_is_the_end_of_it(
    line: Lines, method: str, resources: Resources
) -> None:
    guest, good = broken(method, lambda: DeviceError("Nothing works.")), fake()
    at_work = line(guest, good, resources=resources)
    at_work.load(guest)
    for _ in range(4):
        at_work.render()
        at_work.tell(Close("nobody"))
        if method == "render":
            at_work.answer()
    at_work.silence()
    assert guest.engine.count("load") == (1 if method == "load" and resources is CPU else 2)
    assert guest.engine.count("render") == (4 if method == "render" else 0)


def test_all_decks_that_share_an_engine_hear_that_it_moved_to_the_cpu(line: Lines) -> None:
    guest = broken("render", lambda: DeviceError("The GPU is full."), not_on_cpu)
    at_work = line(guest, resources=GPU)
    at_work.load(guest, "deck1", 1)
    at_work.load(guest, "deck2", 2)
    at_work.render("deck1", 1)
    answers = [at_work.answer(), at_work.answer()]
    moved = [(a.deck, a.epoch) for a in answers if isinstance(a, Ready)]
    assert moved == [("deck1", 1), ("deck2", 2)]


# -- the end ---------------------------------------------------------------------------------------


def test_closing_closes_every_engine_even_after_one_that_cannot(line: Lines) -> None:
    guests = [fake("one"), broken("close", name="two"), fake("three")]
    at_work = line(*guests)
    for guest in guests:
        at_work.load(guest, guest.spec.name)
    assert at_work.close()
    assert [guest.engine.count("close") for guest in guests] == [1, 1, 1]


def test_closing_waits_for_what_is_being_rendered_and_forgets_the_rest(line: Lines) -> None:
    guest = slow()
    at_work = line(guest)
    at_work.load(guest)
    guest.gate.shut()
    at_work.render()
    guest.gate.await_arrival()
    at_work.render()
    assert not at_work.thread.close(timeout_s=0.01)  # the engine is still at it
    guest.gate.open()
    assert at_work.close()
    assert len(guest.engine.rendered) == 1
    assert guest.engine.closed


def test_a_thread_that_was_never_started_can_be_closed() -> None:
    assert EngineThread(Registry([]), lambda: None).close()
