"""The decoder one event at a time, for a single melody: plain matrix times vector.

Everything that depends on words alone is multiplied out beforehand into tables of gate inputs, and
everything that depends on the plan once for a cell. What is left of the LSTM for an event is one
sum of table rows and one product with the recurrent matrix.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from engines.lstm_melodies.features import BACK, Condition
from engines.lstm_melodies.grid import HOLD, LENGTHS
from engines.lstm_melodies.model import CELL_SLOTS, Decoder, Melodist

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class CellPlan:
    """What a point means for every slot of its two bars; see `Stepper.plan`."""

    gates: Floats
    """(12, 4 hidden)."""
    reads: Floats
    """(12, head)."""


@dataclass(slots=True)
class State:
    """The LSTM's memory after some events; `hidden` is twice what the LSTM gives out."""

    hidden: Floats
    cell: Floats

    def copy(self) -> State:
        return State(self.hidden.copy(), self.cell.copy())


class Stepper:
    """A decoder's weights laid out for one melody at a time. Holds no melody itself.

    Numbers are float32 throughout; an instance keeps scratch buffers and serves one thread.
    """

    def __init__(self, melodist: Melodist) -> None:
        decoder = melodist.decoder
        self.hidden = melodist.config.hidden
        first, last = decoder.conductor[0], decoder.conductor[2]
        assert isinstance(first, nn.Linear)
        assert isinstance(last, nn.Linear)
        self._conductor = [_array(_plain(t)) for linear in (first, last)
                           for t in (linear.weight, linear.bias)]  # fmt: skip
        self._lay_out_lstm(decoder)
        self._lay_out_head(decoder)
        self._gates = np.zeros(4 * self.hidden, np.float32)
        self._recurred = np.zeros(4 * self.hidden, np.float32)
        self._taken = np.zeros((len(self._word_firsts), 4 * self.hidden), np.float32)
        self._ones = np.ones(len(self._word_firsts), np.float32)
        self._no_plan = self._plan_of(np.zeros((CELL_SLOTS, melodist.config.plan), np.float32))

    def _lay_out_lstm(self, decoder: Decoder) -> None:
        lstm, words = dict(decoder.lstm.named_parameters()), decoder.words
        # The three sigmoids are taken as tanh(x / 2) / 2 + 1 / 2, so that one tanh does for all.
        scale = torch.full((4 * self.hidden, 1), 0.5)
        scale[2 * self.hidden : 3 * self.hidden] = 1.0
        inputs = _plain(lstm["weight_ih_l0"]) * scale
        bias = (_plain(lstm["bias_ih_l0"]) + _plain(lstm["bias_hh_l0"])) * scale[:, 0]
        tables, self._firsts, at, row = [], [], 0, 0
        for table in _tables_in_order(words):
            width = table.embedding_dim
            tables.append(_plain(table.weight) @ inputs[:, at : at + width].T)
            self._firsts.append(row)
            at, row = at + width, row + table.num_embeddings
        tables[0] = tables[0] + bias  # the event before: always exactly one row of it is taken
        self._tables = _array(torch.cat(tables))
        self._plan_gates = _array(inputs[:, at:].T)
        self._recurrent = _array(_plain(lstm["weight_hh_l0"]) * scale * 0.5)
        self._word_firsts = np.array(self._firsts[: 5 + 3 * len(BACK)])
        self._condition_firsts = self._firsts[5 + 3 * len(BACK) :]

    def _lay_out_head(self, decoder: Decoder) -> None:
        # Halved, since `_silu` wants x / 2; what meets the memory once more, since that is doubled.
        read = _plain(decoder.read.weight) * 0.5
        self._read = _array(read[:, : self.hidden] * 0.5)
        self._read_bias = _array(_plain(decoder.read.bias) * 0.5)
        self._plan_reads = _array(read[:, self.hidden :].T)
        parts = ((decoder.length, 1.0), (decoder.again, 1.0), (decoder.read_pitch, 0.5))
        self._second = _array(torch.cat([_plain(part.weight) * x for part, x in parts]))
        self._second_bias = _array(torch.cat([_plain(part.bias) * x for part, x in parts]))
        self._of_length = _array(_plain(decoder.of_length.weight) * 0.5)
        self._pitch = _array(_plain(decoder.pitch.weight))
        self._pitch_bias = _array(_plain(decoder.pitch.bias))
        self._lengths_fit = _array(decoder.lengths_fit)
        self._may_hold = _array(decoder.may_hold)

    def start(self) -> State:
        """The memory before the first event."""
        return State(np.zeros(self.hidden, np.float32), np.zeros(self.hidden, np.float32))

    def condition(self, condition: Condition) -> Floats:
        """Gate inputs (4 hidden,) for what the melody is to be: add them up once for a melody."""
        words = (condition.genre, condition.metre, condition.mode)
        rows = [first + word for first, word in zip(self._condition_firsts, words, strict=True)]
        total: Floats = self._tables[rows].sum(0)
        return total

    def plan(self, point: Floats | None) -> CellPlan:
        """A latent point (latent,) -> its plan; None -> the plan of going on by itself."""
        if point is None:
            return self._no_plan
        weight, bias, last_weight, last_bias = self._conductor
        hidden = _silu(0.5 * (weight @ np.asarray(point, np.float32) + bias))
        return self._plan_of((last_weight @ hidden + last_bias).reshape(CELL_SLOTS, -1))

    def _plan_of(self, slots: Floats) -> CellPlan:
        gates = slots @ self._plan_gates
        reads = slots @ self._plan_reads + self._read_bias
        return CellPlan(gates, reads)

    def step(
        self, state: State, words: tuple[int, ...], condition: Floats, plan: CellPlan, slot: int
    ) -> Floats:
        """Advance `state` by the event before (see `Past.words`); `slot` is 0..11 in the cell.

        Returns what is read off the memory, for `lengths` and `pitches`.
        """
        gates, n = self._gates, self.hidden
        rows = np.add(self._word_firsts, words)
        np.take(self._tables, rows, 0, out=self._taken, mode="clip")
        np.dot(self._ones, self._taken, out=gates)  # their sum, quicker than by adding them up
        gates += condition
        gates += plan.gates[slot]
        np.dot(self._recurrent, state.hidden, out=self._recurred)
        gates += self._recurred
        np.tanh(gates, out=gates)
        enter, forget, new, leave = (
            gates[:n],
            gates[n : 2 * n],
            gates[2 * n : 3 * n],
            gates[3 * n :],
        )
        gates[: 2 * n] += 1
        leave += 1
        state.cell *= forget
        enter *= new
        state.cell += enter
        state.cell *= 0.5
        np.tanh(state.cell, out=state.hidden)
        state.hidden *= leave  # twice what the LSTM gives out; the matrices know
        read = self._read @ state.hidden
        read += plan.reads[slot]
        second: Floats = self._second @ _silu(read)
        second += self._second_bias
        return second

    def lengths(self, second: Floats, place: int, back_length: list[int]) -> Floats:
        """Logits (lengths,) of the next event's length, what does not fit at -1e9."""
        logits: Floats = second[: len(LENGTHS)] + self._lengths_fit[place]
        return _again(logits, back_length, second[len(LENGTHS) : len(LENGTHS) + len(BACK)])

    def pitches(self, second: Floats, length: int, place: int, back_pitch: list[int]) -> Floats:
        """Logits (pitches,) of the next event's pitch, given its length."""
        first = len(LENGTHS) + len(BACK)
        given = _silu(second[first + len(BACK) :] + self._of_length[length])
        logits: Floats = self._pitch @ given + self._pitch_bias
        logits = _again(logits, back_pitch, second[first : first + len(BACK)])
        logits[HOLD] += self._may_hold[place]
        return logits


def _again(logits: Floats, words: list[int], amounts: Floats) -> Floats:
    for word, amount in zip(words, amounts, strict=True):
        if word:
            logits[word - 1] += amount
    return logits


def _silu(half: Floats) -> Floats:
    """x * sigmoid(x), from x / 2."""
    y: Floats = np.tanh(half)
    y += 1
    y *= half
    return y


def _tables_in_order(words: nn.Module) -> list[nn.Embedding]:
    """The embeddings in the order in which `Words.forward` lays them side by side."""
    back = [
        getattr(words, name)[i]
        for i in range(len(BACK))
        for name in ("back_pitch", "back_length", "repeated")
    ]
    first = [getattr(words, n) for n in ("pitch", "length", "place", "bar", "countdown")]
    return [*first, *back, *(getattr(words, n) for n in ("genre", "metre", "mode"))]


def _plain(tensor: Tensor) -> Tensor:
    return tensor.detach().float().cpu()


def _array(tensor: Tensor) -> Floats:
    return np.ascontiguousarray(tensor.detach().numpy(), np.float32)
