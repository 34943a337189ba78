"""`latentloom bench stage_soak --seconds 1800`: a night on stage:
a set list that goes round, an output window, a recording and a network stream at once.

Window, engines, player, sound and clock thread run as in the app, on a JACK server and an X server
of our own; the stream is received by another process. Every `CHANGE_S` the next factory scene comes
by a morph. Memory is taken once a second after two rounds of the list: what the largest scene
needs for its picture at the output's size is allocated when it first comes, and kept. It is that of
the processes alone, without what they share through files. Threads and open files are counted at
the first scene at rest, before everything is switched on and after it is switched off.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import reduce
from operator import and_
from pathlib import Path
from tempfile import TemporaryDirectory

from studio.commands.report import Row, at_least, at_most
from studio.document.errors import StudioError
from studio.engine.registry import find_engines
from studio.presets.folder import places
from studio.recording.take import read
from studio.scenes.recalling import SetListItem
from studio.settings.model import SoundSettings
from tests.bench.instrument import Instrument
from tests.bench.jack_server import JackServer
from tests.bench.modulation import _load
from tests.bench.soak import _growth, _memory_mb
from tests.bench.stage._screen import virtual_screen
from tests.bench.stage.stream import RECEIVER
from tests.ports import free_udp
from tests.studio.recording.films import seen

CHANGE_S = 20.0
_SCENES = 12
WARM_S = 2 * _SCENES * CHANGE_S
_NOTES_S = 300.0
_MOST = 0.03


def run(seconds: float) -> list[Row]:
    """Measure for so long, after warming up."""
    if not Path("/proc/self/status").is_file():
        raise StudioError("The soak reads the memory of processes as only Linux tells it.")
    server = JackServer()
    os.environ.update(server.environment)
    try:
        with (
            virtual_screen(),
            TemporaryDirectory(prefix="bench-") as folder,
            _playing(Path(folder)) as instrument,
        ):
            return list(_rows(instrument, seconds))
    finally:
        server.stop()


@contextmanager
def _playing(folder: Path) -> Iterator[Instrument]:
    registry = find_engines()
    offered = [spec for spec in registry.specs if spec.bench is not None]
    spec = min(offered, key=lambda each: each.title)
    instrument = Instrument(spec, spec.models[0], registry, factory=places.factory())
    rig = instrument.window.rig
    instrument.hear(rig)
    try:
        rig.start()
        settings = rig.settings
        rig.store.use(
            settings.but(
                sound=SoundSettings(on=True, device="JACK: system"),
                files=settings.files.but(recordings_folder=str(folder)),
                output=settings.output.but(stream_to=f"udp://127.0.0.1:{free_udp()}"),
            )
        )
        instrument.settle()
        yield instrument
    finally:
        rig.close()
        instrument.close()


def _rows(instrument: Instrument, seconds: float) -> Iterator[Row]:
    rig, recorder = instrument.window.rig, instrument.window.live.recorder
    outputs = instrument.window.outputs
    _put_set_list(instrument)
    rig.transport.play()
    instrument.watch(_SCENES * CHANGE_S, 1, _goes_round(instrument))  # all engines have been loaded
    before = _held_at_rest(instrument)
    rig.transport.play()
    receiver = _receiver(rig.settings.output.stream_to, WARM_S + seconds)
    outputs.windows.toggle_first()
    outputs.sinks.toggle("stream")
    recorder.start()
    assert instrument._wait(lambda: recorder._film is not None, 60), "no recording"
    film = recorder._film
    assert film is not None
    move = _goes_round(instrument)
    instrument.watch(WARM_S, 1, move)
    processes = {
        "app": os.getpid(),
        "player": rig.player.pid,
        "sound": getattr(rig.sound, "pid", None),
        "film": film.pid,
    }
    memory: dict[str, list[float]] = {name: [] for name in processes}

    def look(at_s: float) -> None:
        move(WARM_S + at_s)
        for name, pid in processes.items():
            if pid is not None:
                memory[name].append(_memory_mb(pid))

    drag = instrument.watch(seconds, 1, look, beats=False)
    length, dropped = recorder.seconds, recorder.dropped
    recorder.stop()
    outputs.sinks.toggle("stream")
    for name in list(outputs.windows.open):
        outputs.windows.toggle(name)
    recorder.close()
    recorder.collect()
    # The notes of a long take are written when everything else of it is whole, at the lowest
    # priority: a thread and a pipe, until they are.
    instrument._wait(lambda: "end of the recording" not in _threads(), _NOTES_S)
    after = _held_at_rest(instrument)
    assert recorder.folder is not None
    received = json.loads(receiver.communicate(timeout=60)[0])
    note = f"{seconds:.0f} s, {_SCENES} scenes, one every {CHANGE_S:.0f} s; {_load()}"
    for name, taken in memory.items():
        tenths = " ".join(f"{mb:.0f}" for mb in taken[:: max(1, len(taken) // 10)])
        told = f"{tenths} MB in {note}"
        yield Row(f"{name}_growth", abs(_growth(taken)), "", at_most(_MOST), told)
    yield Row(
        "pictures_per_s", drag.painted_per_s(), "1/s", note="of the front deck, in the window"
    )
    rate = (len(received) - 1) / (received[-1][0] - received[0][0])
    yield Row("stream_per_s", rate, "1/s", at_least(25.0), f"{len(received)} pictures received")
    shown = seen(recorder.folder / "film.mp4")
    told = f"{length:.1f} s recorded, {len(shown.times)} pictures, {dropped} dropped"
    yield Row("film_lost_s", length - shown.times[-1], "s", at_most(2.0), told)
    lines = len(read(recorder.folder / "take.take").times)
    size = sum(f.stat().st_size for f in recorder.folder.iterdir()) / 1e6
    yield Row("take_lines", lines, "", at_least(1), f"{size:.0f} MB in its folder")
    for what, was, now in zip(("threads", "files"), before, after, strict=True):
        told = f"{was.total()} before the output, the recording and the stream, {now.total()} after"
        left = now - was
        told += "".join(f"; {number} {name}" for name, number in left.items())
        yield Row(f"{what}_left", left.total(), "", at_most(0), told)


def _put_set_list(instrument: Instrument) -> None:
    """The same few factory scenes at every run, of all engines."""
    repertoire = instrument.repertoire
    assert instrument._wait(lambda: bool(repertoire.library.entries), 60), "no presets"
    shelf = sorted(repertoire.library.entries, key=lambda each: each.id)
    chosen = random.Random(18).sample(shelf, _SCENES)
    repertoire.recalling.put(tuple(SetListItem(each.id, each.name) for each in chosen))
    repertoire.recalling.glides = True


def _goes_round(instrument: Instrument) -> Callable[[float], None]:
    """What calls up the next scene when its time has come; wants the seconds since the start."""
    recalling, begun = instrument.repertoire.recalling, [-1]

    def move(at_s: float) -> None:
        number = int(at_s / CHANGE_S)
        if number != begun[0]:
            begun[0] = number
            recalling.recall(number % _SCENES)

    return move


def _receiver(address: str, seconds: float) -> subprocess.Popen[str]:
    url = f"{address}?fifo_size=100000&overrun_nonfatal=1"
    command = [sys.executable, "-c", RECEIVER, url, str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def _held_at_rest(instrument: Instrument) -> tuple[Counter[str], Counter[str]]:
    """Threads and open files of this process at the first scene, with the transport stopped: each
    melody that plays has a thread. What is there for a moment only, such as a file that is being
    saved, is not counted."""
    instrument.window.rig.transport.stop()
    instrument.repertoire.recalling.recall(0)
    instrument.watch(CHANGE_S, 1, lambda _: None)
    looks: list[tuple[Counter[str], Counter[str]]] = []
    instrument.watch(5.0, 1, lambda _: looks.append((_threads(), _files())))
    threads, files = zip(*looks, strict=True)
    return reduce(and_, threads), reduce(and_, files)


def _threads() -> Counter[str]:
    return Counter(thread.name for thread in threading.enumerate())


def _files() -> Counter[str]:
    """By what they are; pipes and sockets without their numbers."""
    found: Counter[str] = Counter()
    for file in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # closed since, as the folder that is being read
            found[str(file.readlink()).partition(":[")[0]] += 1
    return found
