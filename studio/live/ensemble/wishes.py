"""Pages that are wanted, with all that they depend on, so that two wishes can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from studio.document.parameters import Value
from studio.document.scene import Deck
from studio.document.score import BAND
from studio.engine import EngineSpec, Latent, Passage
from studio.live.ensemble._bar_plans import Begun
from studio.music.band.accompaniment import is_pickup
from studio.music.band.players import BandSetting
from studio.music.chords import ChordNames
from studio.music.metres import Bar, Metre
from studio.music.phrases import Phrase

COMING, OPENING = "coming", "opening"
"""The bar after the one that sounds; the one that play begins with."""

PAST_BARS = 16
"""So much of the past an engine is told."""


@dataclass(frozen=True, eq=False)
class TuneRequest:
    """A page that is wanted."""

    kind: str
    bar: Bar
    passage: Passage
    setting: BandSetting
    before: Any = None
    """Where the band has got to."""
    opens: bool = False
    answers: bool = False
    given: Phrase | None = None
    """The melody, where it is known already: of a song that is performed, or the artist's own."""
    chords: ChordNames = ()
    """Those that the artist has chosen, each with its beat; the band finds others."""
    rests: bool = False
    """Whether the lead is silent: it is somebody else's turn."""


@dataclass(frozen=True)
class Song:
    """A tune that was composed before, played bar by bar from the next bar on."""

    bars: tuple[Phrase, ...]
    begun: int = 0
    """So many of its bars have begun."""
    start_beats: float = 0.0
    """Where the first one did, from the transport's beat 0."""

    @property
    def number(self) -> int:
        """Of the bar to come, as the band counts: a pickup bar is bar -1."""
        return self.begun - (len(self.bars) > 1 and is_pickup(self.bars[0]))

    def after(self, begun: Begun) -> Song | None:
        """What is left of it when a bar has begun; None where that is another tune's, or comes
        after its last one."""
        if self.begun == len(self.bars):
            return None
        if begun.page.lead is self.bars[self.begun]:
            start = self.start_beats if self.begun else begun.bar.start_beats
            return replace(self, begun=self.begun + 1, start_beats=start)
        return None if self.begun and begun.opens else self


@dataclass(frozen=True, eq=False)
class Asked:
    """A wish on its way to the engine of this epoch: a newer one of its kind replaces it."""

    wish: TuneRequest
    epoch: int


@dataclass(frozen=True)
class Answer:
    """The deck goes on from what somebody has played, for so many bars."""

    past: tuple[Phrase, ...]
    left: int
    given: tuple[Phrase, ...] = ()

    @property
    def bars(self) -> tuple[Phrase, ...]:
        """What the next bar goes on from."""
        return (*self.past, *self.given)[-PAST_BARS:]

    def after(self, begun: Begun) -> Answer | None:
        """What is left of it after a bar; a tune that begins ends it."""
        if not begun.page.answers or begun.again:
            return None if begun.opens else self
        rest = replace(self, left=self.left - 1, given=(*self.given, begun.page.lead))
        return rest if rest.left > 0 else None


def passage_of(
    deck: Deck, point: Latent, metre: Metre, number: int, past: tuple[Phrase, ...], *, free: bool
) -> Passage:
    """The bar `number` of a tune by `deck`, which shows `point`."""
    return Passage(
        latent=point,
        parameters=MappingProxyType(deck.parameters),
        seed=deck.seed,
        metre=metre,
        number=number,
        past=past,
        free=free,
    )


def setting_of(deck: Deck, spec: EngineSpec, score: Mapping[str, Value]) -> BandSetting:
    """What the band of `deck`, whose engine `spec` declares, goes by in a scene with `score`."""
    values = {p.name: score[p.name] for p in BAND if p.name in score}
    genre, part = spec.told("genre", deck.parameters), spec.told("part", deck.parameters)
    plain = BandSetting(seed=deck.seed, values=values)
    return replace(
        plain,
        genre=plain.genre if genre is None else str(genre),
        part=int(part) if isinstance(part, (int, float)) and part >= 1 else plain.part,
    )


def same_notes(a: TuneRequest, b: TuneRequest) -> bool:
    """Whether the engine would say the same to both."""
    if a.given is not b.given:
        return False
    if a.kind == COMING and a.bar != b.bar:
        return False
    p, q = a.passage, b.passage
    alike = (p.seed, p.metre, p.number, p.free) == (q.seed, q.metre, q.number, q.free)
    if not alike or p.parameters != q.parameters or (p.past, p.kept) != (q.past, q.kept):
        return False
    return np.array_equal(p.latent, q.latent)


def same_band(a: TuneRequest, b: TuneRequest) -> bool:
    """Whether the band would play the same to the same melody."""

    def all_of(wish: TuneRequest) -> tuple[object, ...]:
        return wish.bar, wish.setting, wish.before, wish.chords, wish.rests

    return all_of(a) == all_of(b)
