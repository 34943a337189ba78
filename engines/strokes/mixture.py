"""How probable a movement of the pen is: a mixture of Gaussians, and what the pen does then.

A. Graves: Generating sequences with recurrent neural networks. 2013, section 4.1. D. Ha, D. Eck: A
neural representation of sketch drawings. ICLR 2018, section 3.2.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

DRAWS, LIFTS, ENDS = range(3)
"""What the pen does after a movement: the next one is drawn, is none, or does not come."""
STATES = 3
NUMBERS = 6
"""That describe one component: weight, two means, two deviations, correlation."""
LEAST_DEVIATION = 0.01
"""Of the movements' own. A drawing program's lines repeat to the digit; hands do not."""


def size(components: int) -> int:
    """How many numbers describe a whole mixture and the pen's state."""
    return NUMBERS * components + STATES


def nats(told: Tensor, movement: Tensor, state: Tensor) -> Tensor:
    """(..., size), (..., 2) and (...) -> (...): -log p of the movement and the state after it."""
    return nats_of_movement(told[..., STATES:], movement) + F.cross_entropy(
        told[..., :STATES].flatten(0, -2), state.flatten(), reduction="none"
    ).view(state.shape)


def nats_of_movement(told: Tensor, movement: Tensor) -> Tensor:
    """Graves' equations 23 to 26; deviations no less than `LEAST_DEVIATION`."""
    weight, x, y, log_a, log_b, rho = told.unflatten(-1, (NUMBERS, -1)).unbind(-2)
    a = log_a.exp() + LEAST_DEVIATION
    b = log_b.exp() + LEAST_DEVIATION
    rho = 0.98 * torch.tanh(rho)
    u, v = (movement[..., :1] - x) / a, (movement[..., 1:] - y) / b
    rest = 1 - rho * rho
    exponent = -(u * u + v * v - 2 * rho * u * v) / (2 * rest)
    density = exponent - torch.log(2 * math.pi * a * b * rest.sqrt())
    return -torch.logsumexp(F.log_softmax(weight, -1) + density, -1)
