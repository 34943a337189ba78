"""The network step by step, in numpy: what torch's module says of a token, a dozen lines at once.

One call of torch costs more than most of the products here. What a token adds to the layer's input
is multiplied out once, when the model is loaded.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engines.verse.model import BEFORE, EMBEDDED, LONGEST, VerseModel

Array = npt.NDArray[np.float32]


@dataclass
class State:
    """The layer after a token, (N, hidden); `cell` for an LSTM alone."""

    hidden: Array
    cell: Array | None


class Stepper:
    """A model's weights at work."""

    def __init__(self, model: VerseModel) -> None:
        self.weights = {name: t.float().numpy() for name, t in model.state_dict().items()}
        w = self.weights
        self.is_lstm = model.cell == "lstm"
        self.embedding: Array = w["embedding.weight"]
        given, bias = w["layer.weight_ih_l0"], w["layer.bias_ih_l0"]
        counted = w["counted.weight"]
        ends = EMBEDDED, EMBEDDED + counted.shape[1]
        self._by_token = self.embedding @ given[:, : ends[0]].T + bias
        self._by_count = counted @ given[:, ends[0] : ends[1]].T
        self._by_point = given[:, ends[1] :]

    def remember(self, lines: Sequence[Sequence[int]]) -> Array:
        """(M + 1, EMBEDDED): what attention sees of the lines before, oldest first, their tokens
        from the last to the first; the last row is of nothing."""
        w, keys = self.weights, [self.weights["nothing"][None]]
        for age, line in enumerate(reversed(lines[-BEFORE:])):
            tokens = list(line[:LONGEST])
            places = w["place.weight"][: len(tokens)]
            keys.insert(-1, self.embedding[tokens] + w["age.weight"][age] + places)
        return np.concatenate(keys)

    def start(self, point: Array, room: int, memory: Array, count: int) -> State:
        """Before the end of a line of so many syllables, `count` times."""
        w = self.weights
        given = np.concatenate((memory.mean(0), w["counted.weight"][room], point))
        first = np.tanh(w["begin.weight"] @ given + w["begin.bias"])
        hidden = np.repeat(first[None], count, 0)
        return State(hidden, np.zeros_like(hidden) if self.is_lstm else None)

    def step(
        self, tokens: Sequence[int], rooms: Sequence[int], point: Array, memory: Array, state: State
    ) -> tuple[Array, State]:
        """(N, tokens): how likely each is to come next, unnormalised; and the state after it."""
        w = self.weights
        given = self._by_token[list(tokens)] + self._by_count[list(rooms)] + self._by_point @ point
        kept = state.hidden @ w["layer.weight_hh_l0"].T + w["layer.bias_hh_l0"]
        after = self._lstm(given + kept, state) if self.is_lstm else _gru(given, kept, state)
        asked = after.hidden @ w["asked.weight"].T + w["asked.bias"]
        shares = _softmax(asked @ memory.T / math.sqrt(EMBEDDED))
        both = np.concatenate((after.hidden, shares @ memory), 1)
        said = np.tanh(both @ w["said.weight"].T + w["said.bias"])
        return said @ self.embedding.T + w["bias"], after

    def _lstm(self, gates: Array, state: State) -> State:
        into, forget, new, out = np.split(gates, 4, 1)
        assert state.cell is not None
        cell = _sigmoid(forget) * state.cell + _sigmoid(into) * np.tanh(new)
        return State(_sigmoid(out) * np.tanh(cell), cell)

    def mean(self, tokens: Sequence[int]) -> Array:
        """(LATENT,): the point of words in no order (see `VerseModel.encode`)."""
        w = self.weights
        inner = self.embedding[list(tokens)] @ w["bag.0.weight"].T + w["bag.0.bias"]
        erf = np.vectorize(math.erf, otypes=[np.float32])
        bag = (inner * 0.5 * (1 + erf(inner / math.sqrt(2)))).mean(0)
        both: Array = w["point.weight"] @ bag + w["point.bias"]
        return both[: len(both) // 2]

    def subject(self, point: Array) -> Array:
        """(tokens,): how much more each belongs to the point's stanzas than to all others."""
        w = self.weights
        told: Array = self.embedding @ (w["told.weight"] @ point)
        return told


def _gru(given: Array, kept: Array, state: State) -> State:
    size = state.hidden.shape[1]
    gates = _sigmoid(given[:, : 2 * size] + kept[:, : 2 * size])
    new = np.tanh(given[:, 2 * size :] + gates[:, :size] * kept[:, 2 * size :])
    keep = gates[:, size:]
    return State((1 - keep) * new + keep * state.hidden, None)


def _sigmoid(x: Array) -> Array:
    found: Array = 0.5 * (1 + np.tanh(0.5 * x))
    return found


def _softmax(x: Array) -> Array:
    shares = np.exp(x - x.max(1, keepdims=True))
    found: Array = shares / shares.sum(1, keepdims=True)
    return found
