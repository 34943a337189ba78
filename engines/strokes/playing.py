"""The pen in play: one movement after the other, on numpy alone.

A step is a few products of a vector and a matrix; torch's calls would take longer than they.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engines.strokes.drawings import Stroke, Strokes
from engines.strokes.mixture import DRAWS, ENDS, LEAST_DEVIATION, LIFTS, NUMBERS, STATES
from engines.strokes.network import BEGINNING, FASTEST, INPUTS, LAST, SLOW, Pen, Shape

Array = npt.NDArray[np.float32]

MOST_MOVEMENTS = 100
MOST_A_CHARACTER = 48
"""A drawing or a character ends after so many at the latest."""


@dataclass(frozen=True)
class Hand:
    """How it is drawn."""

    temperature: float = 0.0
    """0: always the likeliest movement; 1: as they were learnt."""
    seed: int = 0
    kept: float = 1.0
    """Which share of the movements follows the point; then it goes on from `other`."""


@dataclass(frozen=True)
class Begun:
    """A hand's strokes: the pen goes on from a share of their knots. After all of them it rests."""

    strokes: Strokes
    share: float = 1.0


@dataclass(frozen=True)
class Drawn:
    """What came of it."""

    strokes: Strokes
    letters: tuple[int, ...] = ()
    """Of text: to which character each stroke belongs."""


class Player:
    """A trained pen."""

    def __init__(self, pen: Pen, unit: float) -> None:
        self.shape: Shape = pen.shape
        self.unit = unit
        w = {n: t.detach().float().numpy() for n, t in pen.state_dict().items()}
        self._begin, self._begin_bias = w["begin.weight"].T.copy(), w["begin.bias"]
        told = self._begin.shape[0]
        given = w["cell.weight_ih_l0"].T
        self._steps = given[:INPUTS]
        self._told = given[INPUTS : INPUTS + told]
        self._cell = np.ascontiguousarray(
            np.concatenate([given[:INPUTS], w["cell.weight_hh_l0"].T, given[INPUTS + told :]])
        )
        self._bias = w["cell.bias_ih_l0"] + w["cell.bias_hh_l0"]
        self._head, self._head_bias = np.ascontiguousarray(w["head.weight"].T), w["head.bias"]
        self._w: Mapping[str, Array] = w

    def draw(
        self,
        code: Array,
        hand: Hand,
        shares: Array | None = None,
        text: npt.NDArray[np.int64] | None = None,
        other: Array | None = None,
        begun: Begun | None = None,
    ) -> Drawn:
        """From a code (latent,) to strokes. `text` (C,) ends with the end."""
        most = MOST_MOVEMENTS if text is None else MOST_A_CHARACTER * len(text)
        movements, states, looks = [], [], []
        first = [] if begun is None else self._done(begun)
        most += len(first)
        kept = len(first) or round(hand.kept * TYPICAL)
        turn = kept if other is not None and hand.kept < 1 else None
        for movement, state, look in self._run(code, hand, shares, text, other, turn, first):
            movements.append(movement)
            states.append(state)
            looks.append(look)
            if len(states) >= most:
                break
        return _assembled(np.asarray(movements) * self.unit, states, looks)

    def _done(self, begun: Begun) -> list[tuple[Array, int]]:
        """Movements and states that lead to the first knots of some strokes."""
        knots = np.concatenate(begun.strokes) / self.unit
        movements = np.diff(knots, axis=0, prepend=np.zeros((1, 2), np.float32))
        states = [state for s in begun.strokes for state in [DRAWS] * (len(s) - 1) + [LIFTS]]
        states[-1] = ENDS
        done = list(zip(movements.astype(np.float32), states, strict=True))
        return done[: round(begun.share * len(done))]

    def _told_of(self, code: Array, shares: Array | None) -> Array:
        return code if shares is None else np.concatenate([code, self._w["kinds.weight"] @ shares])

    def _run(
        self,
        code: Array,
        hand: Hand,
        shares: Array | None,
        text: npt.NDArray[np.int64] | None,
        other: Array | None,
        turn: int | None,
        first: Sequence[tuple[Array, int]] = (),
    ) -> Iterator[tuple[Array, int, int]]:
        """Movements in units, the state after each, the character that it was drawn for."""
        hidden = self.shape.hidden
        told = self._told_of(code, shares)
        h, memory = np.split(np.tanh(told @ self._begin + self._begin_bias), 2)
        constant = told @ self._told + self._bias
        window = None if text is None else Window(self._w, text)
        chance = np.random.default_rng(hand.seed)
        rolls = chance.random((64, 2)), chance.standard_normal((64, 2))
        at = 0
        width = self._cell.shape[0] - INPUTS - hidden
        x = np.zeros(INPUTS + hidden + width, np.float32)
        x[4 + LIFTS] = 1
        place = np.zeros(2, np.float32)
        step, begun = 0, True
        while True:
            if step == turn and other is not None:
                constant = self._told_of(other, shares) @ self._told + self._bias
            x[INPUTS : INPUTS + hidden] = h
            if window is not None:
                x[INPUTS + hidden :] = window.shown()
                at = int(window.place)
            gates = x @ self._cell + constant
            squashed = 1 / (1 + np.exp(-gates))
            memory = squashed[hidden : 2 * hidden] * memory + squashed[:hidden] * np.tanh(
                gates[2 * hidden : 3 * hidden]
            )
            h = squashed[3 * hidden :] * np.tanh(memory)
            if step % 64 == 0 and step:
                rolls = chance.random((64, 2)), chance.standard_normal((64, 2))
            movement, state = chosen(
                h @ self._head + self._head_bias,
                hand.temperature,
                rolls[0][step % 64],
                rolls[1][step % 64],
            )
            if step < len(first):
                movement, state = first[step]
            if window is not None:
                state = window.move(h, state)
            yield movement, state, at
            if state == ENDS and (window is None or window.is_over):
                return
            place = place + movement
            if window is not None and begun:
                place[0] = 0
            begun = state == ENDS
            x[:2], x[2:4] = movement, place
            x[4:INPUTS] = 0
            x[4 + state] = 1
            step += 1


TYPICAL = 28
"""Movements of a usual drawing."""


class Window:
    """What the network sees of the text (see `network.Pen.seen`)."""

    def __init__(self, weights: Mapping[str, Array], text: npt.NDArray[np.int64]) -> None:
        self._weight, self._bias = weights["window.weight"][0], float(weights["window.bias"][0])
        self._letters = weights["characters.weight"][text]
        self._moves = 0
        self.place = BEGINNING

    def shown(self) -> Array:
        """Where it stands now."""
        here, angle = int(self.place), 2 * np.pi * self.place
        seen = self._letters[[here, min(here + 1, len(self._letters) - 1)]].ravel()
        return np.concatenate([seen, [np.cos(angle), np.sin(angle)]], dtype=np.float32)

    def move(self, h: Array, state: int) -> int:
        """As far as the network says, but to the next character only when the pen has ended this
        one. Returns the pen's state: at its most movements a character ends."""
        self._moves += 1
        letter = int(self.place)
        if state == ENDS or self._moves == MOST_A_CHARACTER:
            self._moves, self.place = 0, letter + 1 + BEGINNING
            return ENDS
        speed = float(self._weight @ h) + self._bias - SLOW
        self.place = min(self.place + FASTEST / (1 + np.exp(-speed)), letter + LAST)
        return state

    @property
    def is_over(self) -> bool:
        """Whether all characters are written."""
        return int(self.place) >= len(self._letters) - 1


def chosen(
    told: Array, temperature: float, roll: npt.NDArray[np.float64], normal: npt.NDArray[np.float64]
) -> tuple[Array, int]:
    """A movement and the state after it (sketch-rnn's equation 8): at temperature 0 the likeliest
    component's middle."""
    state = _one_of(told[:STATES], temperature, float(roll[1]))
    weight, x, y, log_a, log_b, rho = told[STATES:].reshape(NUMBERS, -1)
    k = _one_of(weight, temperature, float(roll[0]))
    root = np.sqrt(temperature)
    a = (np.exp(log_a[k]) + LEAST_DEVIATION) * root
    b = (np.exp(log_b[k]) + LEAST_DEVIATION) * root
    r = 0.98 * np.tanh(rho[k])
    u, v = normal
    return np.asarray(
        [x[k] + a * u, y[k] + b * (r * u + np.sqrt(1 - r * r) * v)], np.float32
    ), state


def _one_of(logits: Array, temperature: float, roll: float) -> int:
    if temperature < 1e-3:
        return int(logits.argmax())
    shares = np.exp((logits - logits.max()) / temperature)
    return min(int(np.searchsorted(np.cumsum(shares), roll * shares.sum())), len(logits) - 1)


def _assembled(movements: Array, states: list[int], looks: list[int]) -> Drawn:
    points = np.cumsum(movements, 0, dtype=np.float32)
    strokes: list[Stroke] = []
    letters: list[int] = []
    start = 0
    for end, state in enumerate(states, 1):
        if state != DRAWS or end == len(states):
            strokes.append(points[start:end])
            letters.append(looks[(start + end - 1) // 2])
            start = end
    return Drawn(tuple(strokes), tuple(letters))
