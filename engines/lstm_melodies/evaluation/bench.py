"""How fast melodies are written, beside the loop that a newcomer would write.

python -m engines.lstm_melodies.evaluation.bench
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from engines.lstm_melodies import shipped
from engines.lstm_melodies.corpus import archive
from engines.lstm_melodies.features import BACK, Condition
from engines.lstm_melodies.model import Batch, Decoder, Melodist
from engines.lstm_melodies.past import Past
from engines.lstm_melodies.spec import TUNES
from engines.lstm_melodies.stepping import Stepper
from engines.lstm_melodies.training.batches import item_of
from engines.lstm_melodies.writing import BarWriter, Taste
from studio.commands.report import Row, at_least, show, write_json

BARS = 400
ROUNDS = 7


def rows(melodist: Melodist) -> list[Row]:
    """The report. Set torch's and numpy's threads to one before."""
    melody = next(m for m in archive.split("validation") if len(m.bars) >= 16)
    item = item_of(melody)
    notes = len(item.rows)
    stepper, decoder = Stepper(melodist), melodist.decoder
    given, no_plan = stepper.condition(item.condition), stepper.plan(None)

    def ours() -> None:
        state, past = stepper.start(), Past(melody.metre)
        for at in range(notes):
            read = stepper.step(state, past.words(), given, no_plan, past.slot)
            back_pitch, back_length = past.looked_up()
            stepper.lengths(read, past.place, back_length)
            length = int(item.rows.length[at])
            stepper.pitches(read, length, past.place, back_pitch)
            past.add(int(item.rows.pitch[at]), length)

    def eager() -> None:
        with torch.inference_mode():
            plans, memory, past = torch.zeros(1, melodist.config.plan), None, Past(melody.metre)
            for at in range(notes):
                length = int(item.rows.length[at])
                batch = told(past, item.condition, length)
                memory = eager_step(decoder, batch, plans, memory)
                past.add(int(item.rows.pitch[at]), length)

    def eager_without_onednn() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # about graphics cards that are not asked
            with torch.backends.mkldnn.flags(enabled=False):
                eager()

    def bare() -> None:
        with torch.inference_mode():
            x, memory = torch.zeros(1, 1, decoder.lstm.input_size), None
            for _ in range(notes):
                _, memory = decoder.lstm(x, memory)

    matrix = np.zeros((touched_bytes(melodist) // 4 // 1024, 1024), np.float32)
    vector = np.zeros(1024, np.float32)
    note_us, usual_us, quick_us, bare_us = (
        least_us(work) / notes for work in (ours, eager, eager_without_onednn, bare)
    )
    floor_us = least_us(lambda: matrix @ vector)
    times = bar_times_ms(stepper)
    size = matrix.nbytes / 1e6
    return [
        Row("note_us", note_us, "µs", None, "features, LSTM and both heads, one thread"),
        Row("eager_note_us", usual_us, "µs", None, "the same through the modules, step by step"),
        Row("eager_quick_note_us", quick_us, "µs", None, "likewise, with torch's oneDNN off"),
        Row("bare_lstm_us", bare_us, "µs", None, "nn.LSTM alone, stepped in eager mode"),
        Row("speed_over_eager", usual_us / note_us, "", at_least(5), "torch as it comes"),
        Row("speed_over_quick_eager", quick_us / note_us, "", None, "with oneDNN off"),
        Row(
            "floor_us",
            floor_us,
            "µs",
            None,
            f"one product that reads as many bytes ({size:.1f} MB)",
        ),
        Row("note_over_floor", note_us / floor_us, "", None),
        Row("bar_alone_ms_p50", float(np.median(times)), "ms", None, f"{BARS} reel bars"),
    ]


def eager_step(
    decoder: Decoder, batch: Batch, plans: Tensor, memory: tuple[Tensor, Tensor] | None
) -> tuple[Tensor, Tensor]:
    """One event as `Decoder.forward` does it, the LSTM's memory handed on."""
    planned = plans[batch.cell]
    said, memory = decoder.lstm(torch.cat([decoder.words(batch), planned], -1), memory)
    read = F.silu(decoder.read(torch.cat([said, planned], -1)))
    decoder.again(read)
    decoder.length(read)
    decoder.pitch(F.silu(decoder.read_pitch(read) + decoder.of_length(batch.length)))
    assert memory is not None
    return memory


def touched_bytes(melodist: Melodist) -> int:
    """Bytes of weights that an event has to read at the least: all matrices, one row a table."""
    decoder, hidden, head = melodist.decoder, melodist.config.hidden, melodist.config.head
    matrices = 4 * hidden * hidden + head * hidden + head * head
    matrices += head * sum(part.out_features for part in (decoder.length, decoder.again))
    matrices += head * decoder.pitch.out_features
    rows = 20 * 4 * hidden
    return 4 * (matrices + rows)


def bar_times_ms(stepper: Stepper) -> list[float]:
    """How long each of `BARS` bars took, reels drawn as an artist would have them."""
    writer, rng = BarWriter(stepper, Condition.of("reel", "4/4", "major")), np.random.default_rng(0)
    times = []
    for _ in range(BARS):
        began = time.perf_counter()
        writer.bar(rng, Taste())
        times.append(1e3 * (time.perf_counter() - began))
    return times


def least_us(work: Callable[[], object]) -> float:
    """The processor time of `work` at its quickest of some rounds, in microseconds."""
    work()
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return 1e6 * best


def told(past: Past, condition: Condition, length: int) -> Batch:
    """What the model is told before the next event, as tensors of one step and one melody."""
    words = past.words()
    one = [torch.tensor([[word]]) for word in (*words[:5], past.slot, 0, length)]
    back = torch.tensor(words[5:]).view(1, 1, len(BACK), 3)
    return Batch(
        pitch=one[0], length=one[7], pitch_before=one[0], length_before=one[1], place=one[2],
        bar=one[3], countdown=one[4], back_pitch=back[..., 0], back_length=back[..., 1],
        repeated=back[..., 2], slot=one[5], cell=one[6], real=torch.ones(1, 1, dtype=torch.bool),
        genre=torch.tensor([condition.genre]), metre=torch.tensor([condition.metre]),
        mode=torch.tensor([condition.mode]),
    )  # fmt: skip


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="How fast melodies are written.")
    parser.add_argument("--weights", type=Path, default=TUNES.weights)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    torch.set_num_threads(1)
    found = rows(shipped.read(given.weights))
    show("lstm_melodies", found)
    if given.json:
        write_json(given.json, found)


if __name__ == "__main__":
    main()
