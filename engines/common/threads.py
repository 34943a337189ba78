"""As many CPU threads as pay off at the moment.

Torch's threads wait for each other after every layer. On a machine that is also used for other
things that is ruinous: with one of two cores taken, two threads trained at a quarter of the speed
of one. So a training measures its own steps and changes over as the others come and go.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import torch


class AdaptiveThreads:
    """Call `before` and `after` around every step; it sets torch's thread count in between."""

    def __init__(
        self,
        most: int,
        *,
        retry_s: float = 12.0,
        clock: Callable[[], float] = time.perf_counter,
        use: Callable[[int], None] = torch.set_num_threads,
    ) -> None:
        self.most, self.retry_s = most, retry_s
        self.threads = 1
        self._clock, self._use = clock, use
        self._single_s: float | None = None
        """The usual time of a step on one thread; None until measured."""
        self._retry_at = clock()
        self._begun = clock()

    def before(self) -> None:
        now = self._clock()
        if self._single_s is not None and self.threads == 1 and now >= self._retry_at:
            self.threads = self.most
        self._use(self.threads)
        self._begun = now

    def after(self) -> None:
        now = self._clock()
        took = now - self._begun
        if self.threads == 1:
            known = self._single_s if self._single_s is not None else took
            self._single_s = min(took, 0.9 * known + 0.1 * took)
        elif self._single_s is not None and took > 0.95 * self._single_s:
            self.threads = 1
            self._retry_at = now + self.retry_s
