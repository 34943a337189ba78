"""Sound beside a busy machine: when each note is heard, and how often the device ran dry.

`latentloom bench sound`. A real JACK server without a card plays; a process of its own witnesses
with the server's frame stamps.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

import numpy as np

from studio.audio.client import SoundClient
from studio.audio.messages import SoundState
from studio.commands.report import Row, at_most
from studio.processes.messages import Due
from tests.bench.jack_server import NoServerError
from tests.studio.audio.jack import ROOT, Witness, server

WOODBLOCK = bytes((0xC0, 115))
TORCH = """
import torch
torch.set_num_threads(2)
layer = torch.nn.Conv2d(128, 128, 3, padding=1)
with torch.inference_mode():
    x = torch.randn(1, 128, 64, 64)
    while True:
        layer(x)
"""
HOG = "while True: sum(i * i for i in range(1000))"
LOADS = {"idle": (), "torch": (TORCH,), "torch_and_hog": (TORCH, HOG)}


def run(seconds: float = 10.0) -> list[Row]:
    """Eight notes a second for `seconds` under each load."""
    if not shutil.which("jackd"):
        raise NoServerError("There is no jackd here (Debian: apt-get install jackd2).")
    rows: list[Row] = []
    name = f"sound{os.getpid()}"
    os.environ["JACK_DEFAULT_SERVER"] = name
    with server(name), playing() as (sound, seen), TemporaryDirectory() as folder:
        for load, scripts in LOADS.items():
            with busy(scripts):
                rows += measure(load, name, sound, seen, seconds, Path(folder) / f"{load}.npz")
        rows.append(Row("sound_latency_ms", sound.state.latency_ms, "ms", note="key to ear, JACK"))
        rows += memory(sound)
    return rows


@contextmanager
def playing() -> Iterator[tuple[SoundClient, list[SoundState]]]:
    """A client whose device is open, and the states that it told."""
    seen: list[SoundState] = []
    sound = SoundClient(lambda event: seen.append(event) if isinstance(event, SoundState) else None)
    sound.start()
    sound.set_room(0)
    deadline_s = perf_counter() + 20
    while not sound.state.open:
        assert perf_counter() < deadline_s, sound.state.sentence
        sleep(0.05)
    try:
        yield sound, seen
    finally:
        sound.close()


@contextmanager
def busy(scripts: tuple[str, ...]) -> Iterator[None]:
    """Processes that use the machine up."""
    running = [subprocess.Popen([sys.executable, "-c", script], cwd=ROOT) for script in scripts]
    sleep(4 if running else 1)
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()


def measure(
    load: str, name: str, sound: SoundClient, seen: list[SoundState], seconds: float, file: Path
) -> list[Row]:
    """How far from its due time each note was heard, and the underruns meanwhile."""
    witness = Witness(name, seconds + 2, file)
    sleep(0.5)
    before, told = sound.state.underruns, len(seen)
    begun_s = perf_counter() + 0.2
    dues_s = begun_s + 0.125 * np.arange(int(8 * seconds))
    sound.send([Due(begun_s - 0.1, "sound", WOODBLOCK)])
    for due_s in dues_s:  # a tenth of a second ahead, as the conductor does
        sleep(max(0.0, due_s - 0.1 - perf_counter()))
        on, off = bytes((0x90, 76, 127)), bytes((0x80, 76, 0))
        sound.send([Due(due_s, "sound", on), Due(due_s + 0.03, "sound", off)])
    recording = witness.recording()
    onsets_s = recording.onsets_s(threshold=0.02, quiet_s=0.02)
    nearest = np.abs(onsets_s[:, None] - dues_s).argmin(0) if len(onsets_s) else np.zeros(0, int)
    errors_ms = 1000 * (onsets_s[nearest] - dues_s)
    arrived = int((np.abs(errors_ms) < 20).sum())
    middle = float(np.median(errors_ms))
    jitter = np.abs(errors_ms - middle)
    note = f"{len(dues_s)} notes; the server itself jumped {recording.jumps} times"
    states = seen[told:] or [sound.state]
    return [
        Row(f"sound_notes_missing_{load}", len(dues_s) - arrived, "", at_most(0), note),
        Row(f"sound_from_due_p50_ms_{load}", middle, "ms", note="before the card's own latency"),
        Row(f"sound_jitter_p50_ms_{load}", float(np.median(jitter)), "ms", at_most(0.1)),
        Row(f"sound_jitter_p90_ms_{load}", float(np.percentile(jitter, 90)), "ms"),
        Row(f"sound_jitter_p99_ms_{load}", float(np.percentile(jitter, 99)), "ms", at_most(0.5)),
        Row(f"sound_jitter_max_ms_{load}", float(jitter.max()), "ms"),
        Row(f"sound_underruns_{load}", sound.state.underruns - before, "", note=f"in {seconds} s"),
        Row(f"sound_block_load_{load}", max(s.load for s in states), "", note="1 is a full block"),
    ]


def memory(sound: SoundClient) -> list[Row]:
    """What the process holds for itself, and with what it shares (JACK's own 105 MB)."""
    lines = Path(f"/proc/{sound.pid}/status").read_text().splitlines()
    kept = {line.split(":")[0]: line.split()[1] for line in lines if line.startswith("Rss")}
    return [Row("sound_memory_mb", int(kept["RssAnon"]) / 1024, "MB", at_most(150), "its own")]


def main() -> None:
    """Print the rows."""
    for row in run(float(sys.argv[1]) if sys.argv[1:] else 10.0):
        print(f"{row.name:<40}{row.value:>10.3f} {row.unit:<4} {row.note}")
