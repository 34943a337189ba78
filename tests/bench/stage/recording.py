"""Recording on stage: what it costs, how its picture and sound lie to each other, what a kill
leaves of it, and whether the take shows again what was shown.
"""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np

from studio.commands.report import Row, at_least, at_most
from studio.document.routes import SOUND
from studio.engine import Resources, thread_budget
from studio.engine.registry import find_engines
from studio.live.player._trace import VARIABLE, read_trace
from studio.outputs.sink import Frame
from studio.processes.messages import Due
from studio.recording._wire import Begin, Ready
from studio.recording.film_client import Event, FilmClient
from studio.recording.recorder import RATE
from studio.recording.replay import Anew, Replay, write_film
from studio.recording.take import read
from tests.bench.instrument import Instrument
from tests.bench.jack_witness import Witness
from tests.bench.midi import _band, served
from tests.studio.recording.films import seen

_HAND_HZ = 120
_ROUNDS = 3
_KILLS = 10
_SIZE = (1280, 720)
_COMPARED = 60
_FOUR_K = (3840, 2160)


def rows(seconds: float) -> Iterator[Row]:
    """All of it; about `seconds` for each half of the cost, and two minutes."""
    offered = [spec for spec in find_engines().specs if spec.bench is not None]
    spec = min(offered, key=lambda each: each.title)
    with TemporaryDirectory(prefix="bench-") as folder, served():
        yield _offset(Path(folder) / "flash.mp4")
        yield _killed(Path(folder))
        instrument = Instrument(spec, spec.models[0])
        try:
            store = instrument.rig.store
            files = store.settings.files.but(recordings_folder=folder)
            store.use(store.settings.but(files=files))
            instrument.settle()
            instrument.rig.picture.start()
            yield from _cost(instrument, seconds, Path(folder))
            yield from _again(instrument, spec.title)
        finally:
            instrument.close()


def _cost(instrument: Instrument, seconds: float, folder: Path) -> Iterator[Row]:
    """Drag with and without recording in turn; notes leave through a JACK server meanwhile."""
    recorder = instrument.window.live.recorder
    rate: dict[bool, list[float]] = {False: [], True: []}
    late: dict[bool, list[float]] = {False: [], True: []}
    scheduling, dropped = "", 0
    for _ in range(_ROUNDS):
        for on in (False, True):
            if on:
                recorder.start()
                instrument.watch(2.5, _HAND_HZ, lambda _: recorder.collect())  # until it writes
            trace = folder / "trace"
            os.environ[VARIABLE] = str(trace)
            witness = Witness("witness", "loom")
            player, transport, conductor, scheduling = _band()
            transport.play()
            rate[on].append(instrument.drag(seconds / _ROUNDS, _HAND_HZ).painted_per_s())
            dropped = max(dropped, recorder.dropped)
            transport.stop()
            conductor.close()
            player.close()
            witness.close()
            del os.environ[VARIABLE]
            late[on] += [
                1000 * (left - due) for due, left, status in read_trace(trace) if status == 0x90
            ]
            trace.unlink()
            if on:
                recorder.stop()
                recorder.close()
                recorder.collect()
    without, with_it = median(rate[False]), median(rate[True])
    note = f"{with_it:.1f} of {without:.1f} a second, output 1280x720, {dropped} dropped"
    yield Row("recording_cost", with_it / without, "", at_least(0.85), note)
    for on, name in ((False, "without_recording"), (True, "with_recording")):
        real_time = scheduling.startswith(("real-time", "time-critical"))
        bar = at_most(0.1 if real_time else 1.0)
        told = f"{len(late[on])} notes, {scheduling}"
        yield Row(f"lateness_{name}_p99_ms", float(np.percentile(late[on], 99)), "ms", bar, told)


class _Hashes:
    """A sink that remembers what was shown when."""

    name = "Hashes"

    def __init__(self) -> None:
        self.seen: list[tuple[float, bytes]] = []

    def missing(self) -> str:
        return ""

    def open(self, width: int, height: int, rate: float) -> None: ...

    def send(self, frame: Frame) -> None:
        self.seen.append((frame.seconds, hashlib.blake2b(frame.pixels.data).digest()))

    def close(self) -> None: ...


def _again(instrument: Instrument, title: str) -> Iterator[Row]:
    recorder, room, sink = instrument.window.live.recorder, instrument.rig.picture.room, _Hashes()
    recorder.start()
    begun_s = recorder._begun_s
    room.add(sink)
    instrument.drag(3.0, _HAND_HZ)
    instrument.settle()
    room.remove(sink)
    recorder.stop()
    recorder.close()
    assert recorder.folder is not None
    take = read(recorder.folder / "take.take")
    step = max(1, len(sink.seen) // _COMPARED)
    shown = sink.seen[::step]
    registry, resources = instrument.session.registry, Resources(threads=thread_budget(live=True))
    with Replay(take, registry, resources) as replay:
        equal = [hashlib.blake2b(replay.at(at - begun_s).data).digest() == was for at, was in shown]
    note = f"{len(equal)} of {len(sink.seen)} pictures, {title}, dragged"
    yield Row("replay_equal", sum(equal) / max(1, len(equal)), "", at_least(1.0), note)
    with Replay(take, registry, resources, Anew(size=_FOUR_K)) as replay:
        began = perf_counter()
        replay.at(0.0)
        first_s, began = perf_counter() - began, perf_counter()
        count = write_film(recorder.folder / "4k.mp4", replay, rate=30, end_s=0.3)
        took = perf_counter() - began
    yield Row(
        "render_4k_per_s",
        count / took,
        "1/s",
        note=f"{count} in a film; the first one took {first_s:.1f} s more",
    )


def _offset(file: Path) -> Row:
    """A flash with a click, three times, from a film as it is recorded."""
    begun_s, ready = perf_counter(), []
    client = FilmClient(Begin(str(file), *_SIZE, RATE, begun_s), ready.append)
    _until_ready(ready)
    flashes = [perf_counter() + 0.5 + n for n in range(3)]
    note = [Due(at, SOUND, bytes((0x99, 37, 127))) for at in flashes]
    client.play(note)
    dark, bright = (np.full((_SIZE[1], _SIZE[0], 3), level, np.uint8) for level in (0, 255))
    at_s, end_s = perf_counter(), flashes[-1] + 0.8
    while at_s < end_s:
        coming = next((f for f in flashes if at_s < f <= at_s + 1 / RATE), None)
        at_s = coming if coming is not None else at_s + 1 / RATE
        time.sleep(max(0.0, at_s - perf_counter()))
        lit = any(f <= at_s < f + 0.1 for f in flashes)
        client.send(Frame(bright if lit else dark, at_s, 0.0))
    client.finish(end_s - begun_s)
    found = seen(file)
    offsets = []
    for flash in flashes:
        near = flash - begun_s
        picture = next(
            t
            for t, light in zip(found.times, found.light, strict=True)
            if light > 100 and t > near - 0.3
        )
        first = max(0, round((near - 0.3 - found.sound_from) * 48_000))
        click = (
            found.sound_from + (first + int(np.argmax(np.abs(found.sound[first:]) > 0.02))) / 48_000
        )
        offsets.append(1000 * (picture - click))
    worst = max(offsets, key=abs)
    note_text = f"{len(offsets)} flashes with a click; the picture is later where positive"
    return Row("video_audio_offset_ms", abs(worst), "ms", at_most(20), f"{note_text}: {worst:+.1f}")


def _until_ready(said: list[Event]) -> None:
    until = time.monotonic() + 30
    while not any(isinstance(event, Ready) for event in said):
        if time.monotonic() > until:
            raise RuntimeError(f"The film was not begun: {said}")
        time.sleep(0.01)


FEEDER = """
import sys, time
import numpy as np
from studio.outputs.sink import Frame
from studio.recording._wire import Begin, Ready
from studio.recording.film_client import FilmClient
def hear(event):
    if isinstance(event, Ready):
        print(time.perf_counter(), flush=True)
begun = time.perf_counter()
print(begun, flush=True)
client = FilmClient(Begin(sys.argv[1], 1280, 720, 30.0, begun), hear)
picture = np.random.default_rng(0).integers(0, 255, (720, 1280, 3), np.uint8) // 4
while True:
    client.send(Frame(picture, time.perf_counter(), 0.0))
    time.sleep(1 / 30)
"""


def _killed(folder: Path) -> Row:
    """The app and all of its children, by SIGKILL, at random moments."""
    chance, lost = random.Random(18), []
    for number in range(_KILLS):
        file = folder / f"killed-{number}.mp4"
        command = [sys.executable, "-c", FEEDER, str(file)]
        app = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, start_new_session=True, cwd=Path.cwd()
        )
        assert app.stdout is not None
        begun_s = float(app.stdout.readline())
        app.stdout.readline()
        time.sleep(chance.uniform(2.0, 5.0))
        length = perf_counter() - begun_s
        os.killpg(app.pid, signal.SIGKILL)
        app.wait()
        app.stdout.close()
        time.sleep(0.1)
        lost.append(length - seen(file).times[-1])
    note = f"the worst of {_KILLS} kills of the app and its children; all films play"
    return Row("killed_film_lost_s", max(lost), "s", at_most(2.0), note)
