"""Searching and sorting the shelf."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, Literal

from studio.presets.folder.entries import PresetEntry

Order = Literal["name", "newest", "changed", "model"]
ORDERS: tuple[Order, ...] = ("name", "newest", "changed", "model")


def found(
    entries: Iterable[PresetEntry],
    words: str = "",
    *,
    tags: Sequence[str] = (),
    marked: bool = False,
    order: Order = "name",
) -> list[PresetEntry]:
    """Of `entries` in the order of their names, those that hold every one of `words` and have all
    `tags`, in `order`; the favourites alone if only the `marked` ones are wanted.

    A word is found in names, tags, authors, notes and models, as a part of a word too; case and
    accents do not count. "#slow" is found in tags only, at their beginning. Those that have the
    words as they were typed in their names come first, then those that have them so elsewhere.
    """
    wanted = folded(words).split()
    needed = {folded(tag) for tag in tags}
    kept = [
        entry
        for entry in entries
        if (entry.favourite or not marked)
        and all(word in entry.haystack for word in wanted)
        and (not needed or needed <= {folded(tag) for tag in entry.tags})
    ]
    key = _KEYS.get(order)
    kept = kept if key is None else sorted(kept, key=key, reverse=order != "model")
    phrase = " ".join(wanted)
    return sorted(kept, key=lambda entry: _fit(entry, phrase)) if phrase else kept


def _fit(entry: PresetEntry, phrase: str) -> int:
    """0 for a name that holds the phrase, 1 for anything else that does, 2 for words alone."""
    return 0 if phrase in folded(entry.name) else 1 if phrase in entry.haystack else 2


def by_name(entries: Iterable[PresetEntry]) -> list[PresetEntry]:
    """`entries` in the order of their names, numbers in them by their value."""
    return sorted(entries, key=lambda entry: natural(entry.name))


def tags_of(entries: Iterable[PresetEntry]) -> dict[str, int]:
    """Every tag, most used first, with how many presets have it."""
    counts: dict[str, int] = {}
    for entry in entries:
        for tag in entry.tags:
            counts[tag] = counts.get(tag, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], natural(item[0]))))


@lru_cache(maxsize=16_384)
def natural(text: str) -> tuple[Any, ...]:
    """A key that sorts "take 2" before "take 10"."""
    parts = re.split(r"([0-9]{1,18})", folded(text))
    return tuple((0, int(p), "") if i % 2 else (1, 0, p) for i, p in enumerate(parts) if p)


def folded(text: str) -> str:
    """`text` without case and accents."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in parts if not unicodedata.combining(c))


def haystack(entry: PresetEntry) -> str:
    """What a search looks through."""
    tags = " ".join(f"#{tag}" for tag in entry.tags)
    words = (entry.name, tags, entry.author, *entry.models, entry.notes)
    return " ".join(folded(" ".join(words)).split())


def _made(entry: PresetEntry) -> float:
    return (entry.made_at or entry.changed_at).timestamp()


_KEYS: dict[str, Callable[[PresetEntry], Any]] = {
    "newest": _made,
    "changed": lambda entry: entry.changed_at.timestamp(),
    "model": lambda entry: entry.models,
}
