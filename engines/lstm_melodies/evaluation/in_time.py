"""Bars in time: how long one takes while pictures are made flat out beside it.

The instrument's own engine thread serves two decks, as it does at play: one asks for pictures
without end, the other for a bar now and then.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from studio.commands.report import Row, at_most
from studio.document.parameters import initial_values
from studio.engine import EngineSpec, Job, ModelSpec, Passage, Resources, thread_budget
from studio.engine.messages import Answered, Compose, Event, Failed, Load, Pictured, Ready, Request
from studio.engine.registry import Registry
from studio.engine.worker_thread import EngineThread
from studio.music.phrases import Phrase

BARS = 400
APART_S = 0.03
"""From the coming of a bar to the asking for the next one."""
PATIENCE_S = 30.0


def rows(spec: EngineSpec, model: ModelSpec) -> Iterator[Row]:
    """Bars of `spec`'s engine beside the picture engine that has the most models; no rows where
    there is none."""
    registry = Registry.discover()
    others = [other for other in registry.specs if not other.composes]
    if not others:
        return
    other = max(others, key=lambda each: len(each.models))
    times, pictures = Play(registry, spec, model, other).run()
    note = f"{BARS} bars from the asking to their coming, beside {other.models[0].title}"
    yield Row("bar_ms_p50", float(np.median(times)), "ms", None, note)
    yield Row("bar_ms_p99", float(np.percentile(times, 99)), "ms", at_most(20), note)
    note = "made on the same thread meanwhile"
    yield Row("pictures_beside_bars", pictures, "/s", None, note)


@dataclass
class Play:
    """An engine thread with two decks, and a window that does nothing but ask."""

    registry: Registry
    spec: EngineSpec
    model: ModelSpec
    other: EngineSpec
    bars: int = BARS
    _come: threading.Event = field(default_factory=threading.Event)
    _events: deque[Event] = field(default_factory=deque)
    _past: list[Phrase] = field(default_factory=list)
    _pictures: int = 0

    def run(self) -> tuple[list[float], float]:
        """Milliseconds for each bar, and pictures a second."""
        resources = Resources(device="cpu", threads=thread_budget(live=True))
        thread = EngineThread(self.registry, self._come.set, resources)
        thread.start()
        try:
            for deck, spec, model in (
                ("tunes", self.spec, self.model),
                ("pictures", self.other, self.other.models[0]),
            ):
                thread.mailbox.command(Load(deck, 1, spec.name, model))
            ready = [self._wait(thread, Ready) for _ in range(2)]
            assert all(ready)
            self._ask_for_picture(thread)
            began = time.perf_counter()
            times = [self._bar(thread, number) for number in range(self.bars)]
            return times, self._pictures / (time.perf_counter() - began)
        finally:
            thread.close()

    def _bar(self, thread: EngineThread, number: int) -> float:
        passage = Passage(
            latent=np.zeros(self.model.latent_size, np.float32),
            parameters=initial_values(self.spec.parameters),
            number=number,
            past=tuple(self._past[-16:]),
            free=True,
        )
        began = time.perf_counter()
        bar = Compose("tunes", 1, passage, reply=lambda _: None)  # its answer is looked for below
        thread.mailbox.urge(("tunes", "bar"), bar)
        answered = self._wait(thread, Answered)
        took = time.perf_counter() - began
        assert isinstance(answered, Answered)
        assert isinstance(answered.result, Phrase), answered.result
        self._past.append(answered.result)
        self._pass_time(thread, APART_S)
        return 1e3 * took

    def _wait(self, thread: EngineThread, kind: type[Event]) -> Event | None:
        """The next event of `kind`, if it comes; pictures are asked for again as they come."""
        until = time.perf_counter() + PATIENCE_S
        while time.perf_counter() < until:
            while self._events:
                event = self._events.popleft()
                if isinstance(event, Failed):
                    raise RuntimeError(event.sentence)
                if isinstance(event, Pictured):
                    self._ask_for_picture(thread)
                elif isinstance(event, kind):
                    return event
            self._collect(thread, 0.1)
        return None

    def _pass_time(self, thread: EngineThread, seconds: float) -> None:
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0:
            self._collect(thread, left)
            if any(isinstance(event, Pictured) for event in self._events):
                self._ask_for_picture(thread)
            self._events.clear()

    def _collect(self, thread: EngineThread, most_s: float) -> None:
        self._come.wait(most_s)
        self._come.clear()
        self._events.extend(thread.drain())

    def _ask_for_picture(self, thread: EngineThread) -> None:
        self._pictures += 1
        size = self.other.models[0].latent_size
        point = np.random.default_rng(self._pictures).standard_normal(size).astype(np.float32)
        job = Job(
            latent=point, parameters=initial_values(self.other.controls(self.other.models[0].name))
        )
        request = Request("pictures", 1, self._pictures, job, time.perf_counter())
        thread.mailbox.post("pictures", request)
