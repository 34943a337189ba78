"""How loud the band is, and how its parts stand to each other, judged by ffmpeg's ebur128.

`latentloom bench band`.
"""

from __future__ import annotations

from fractions import Fraction
from time import process_time

import av
import numpy as np
from av.filter import Graph
from numpy.typing import NDArray

from studio.audio.offline import RATE_HZ, OfflineSound
from studio.commands._compose import composed, messages_of
from studio.commands.report import Row, at_least, at_most
from studio.engine.registry import find_engines
from studio.music.files.midi import MidiTrack
from studio.music.genres import GENRES
from studio.music.wishes.wish import parse

SEED = 3
RING_S = 2.0
LEAD, DRUMS = "lead", "drums"


def loudness(sound: NDArray[np.float32]) -> tuple[float, float]:
    """Integrated loudness and the loudest three seconds, in LUFS, of float32 (frames, 2)."""
    graph = Graph()
    source = graph.add_abuffer(
        sample_rate=RATE_HZ, format="flt", layout="stereo", time_base=Fraction(1, RATE_HZ)
    )
    judge, sink = graph.add("ebur128", "metadata=1"), graph.add("abuffersink")
    source.link_to(judge)
    judge.link_to(sink)
    graph.configure()
    frame = av.AudioFrame.from_ndarray(
        np.ascontiguousarray(sound.reshape(1, -1)), format="flt", layout="stereo"
    )
    frame.sample_rate, frame.pts = RATE_HZ, 0
    source.push(frame)
    source.push(None)
    whole, loudest = -70.0, -120.0
    while True:
        try:
            told = sink.pull().metadata
        except (av.EOFError, av.BlockingIOError):
            return whole, loudest
        whole = float(told.get("lavfi.r128.I", whole))
        loudest = max(loudest, float(told.get("lavfi.r128.S", loudest)))


def run(seconds: float = 0.0) -> list[Row]:
    """A tune of each genre with its band, at the usual volume, and each part of it alone."""
    registry = find_engines()
    spec = next(spec for spec in registry.specs if spec.composes)
    loudest, peaks, nearest, drums = {}, {}, {}, {}
    took_s = sounding_s = 0.0
    for genre in (name for name in GENRES if name != "any"):
        wish = parse(genre, spec.controls(spec.models[0].name), spec.roles)
        tune = composed(registry, spec, wish, seed=SEED, band=True)
        tracks = tune.tracks()
        begin = process_time()
        whole = rendered(tracks, tune.tempo)
        took_s += process_time() - begin
        sounding_s += len(whole) / RATE_HZ
        _, loudest[genre] = loudness(whole)
        peaks[genre] = float(np.abs(whole).max())
        alone = {t.name: loudness(rendered([t], tune.tempo))[0] for t in tracks}
        under = {part: alone[LEAD] - lufs for part, lufs in alone.items() if part != LEAD}
        nearest[genre] = min(under.values())
        if DRUMS in under:
            drums[genre] = under[DRUMS]
    note = f"{len(peaks)} tunes, one of each genre, at the usual volume; ebur128"
    return [
        Row("band_loudest_lufs", max(loudest.values()), "LUFS", at_most(-14.5), _told(loudest)),
        Row("band_softest_lufs", min(loudest.values()), "LUFS", at_least(-17.5), note),
        Row("band_peak", max(peaks.values()), "", at_most(0.9), _told(peaks)),
        Row("lead_over_the_next_part_db", min(nearest.values()), "dB", at_least(2), _told(nearest)),
        Row("lead_over_drums_db", max(drums.values()), "dB", at_most(14), _told(drums)),
        Row("rendered_over_real_time", sounding_s / took_s, "", at_least(20), "processor time"),
    ]


def rendered(tracks: list[MidiTrack], tempo: float) -> NDArray[np.float32]:
    """How they sound, float32 (frames, 2)."""
    messages, end_s = messages_of(tracks, tempo)
    sound = OfflineSound()
    sound.send(messages)
    return sound.render(end_s + RING_S)


def _told(figures: dict[str, float]) -> str:
    return ", ".join(f"{genre} {figure:.1f}" for genre, figure in figures.items())
