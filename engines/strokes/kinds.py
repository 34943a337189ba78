"""What can be drawn: the categories of doodles, the radicals of signs, letters and fonts.

Imports no torch.
"""

from __future__ import annotations

import string
from collections.abc import Mapping

OTHER = "other"
"""The kind of what is of none of the kinds: it is learnt from, never asked for."""

CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "basket": ("basket", "shopping"),
    "bell": ("bell",),
    "book": ("book", "notebook"),
    "building": ("building",),
    "calendar": ("calendar",),
    "camera": ("camera",),
    "car": ("car", "truck", "bus"),
    "clock": ("clock", "alarm"),
    "cloud": ("cloud",),
    "cup": ("cup", "coffee", "mug", "glass", "teapot", "beer"),
    "droplet": ("droplet", "droplets"),
    "eye": ("eye",),
    "face": ("mood", "face", "smile", "laugh", "frown", "angry", "annoyed"),
    "file": ("file",),
    "flag": ("flag",),
    "flower": ("flower", "plant", "leaf", "clover", "tree", "trees", "seedling"),
    "folder": ("folder",),
    "hand": ("hand",),
    "heart": ("heart", "hearts"),
    "house": ("home", "house"),
    "letter": ("mail",),
    "lock": ("lock",),
    "music": ("music",),
    "pencil": ("pencil", "pen", "brush", "ballpen", "writing"),
    "person": ("user", "users"),
    "phone": ("phone",),
    "picture": ("photo", "image"),
    "shield": ("shield",),
    "speech": ("message", "bubble"),
    "star": ("star", "stars", "sun", "moon", "sparkles"),
}
"""The first words of the icons' names that belong to each."""

_BADGES = (
    "plus minus check cog dollar exclamation share search star heart bolt code down up pause pin "
    "question cancel edit bitcoin user discount import export infinity play record stop alert lock "
    "spark clock copy ban info help key settings download upload symlink scan reply forward badge "
    "warning pen pencil arrow day month week year"
)
BADGES = frozenset(_BADGES.split())
"""Words of an icon's name that put a small sign into a corner of it."""


def is_whole(name: str) -> bool:
    """Whether nothing is cut out of a drawing's corner for a badge."""
    return not BADGES & set(name.rpartition(" ")[2].split("-")[1:])


RADICALS: Mapping[str, frozenset[tuple[str, str]]] = {
    "water": frozenset({("氵", "left")}),
    "tree": frozenset({("木", "left")}),
    "grass": frozenset({("艹", "top")}),
    "person": frozenset({("亻", "left")}),
    "hand": frozenset({("扌", "left")}),
    "mouth": frozenset({("口", "left")}),
    "roof": frozenset({("宀", "top")}),
    "heart": frozenset({("忄", "left")}),
    "thread": frozenset({("糸", "left")}),
    "woman": frozenset({("女", "left")}),
    "moon": frozenset({("月", "left")}),
    "earth": frozenset({("土", "left")}),
    "knife": frozenset({("刂", "right")}),
    "speech": frozenset({("言", "left")}),
    "bamboo": frozenset({("竹", "top")}),
    "path": frozenset({("辶", "nyo"), ("⻌", "nyo"), ("⻍", "nyo")}),
}
"""Which part of a sign makes it one of the kind: what KanjiVG calls it, and where it stands."""

ALPHABET = string.ascii_letters + string.digits + " .,'!?-&:"

HANDS: tuple[str, ...] = (
    "EMSAllure",
    "EMSElfin",
    "EMSFelix",
    "EMSNixish",
    "EMSOsmotron",
    "EMSReadability",
    "EMSTech",
    "HersheySans1",
    "HersheyScript1",
)
"""Fonts of single strokes that the handwriting has learnt."""

HELD_OUT_HANDS: tuple[str, ...] = (
    "EMSNixishItalic",
    "EMSReadabilityItalic",
    "HersheySansMed",
    "HersheyScriptMed",
    "HersheySerifBold",
    "HersheySerifMed",
    "HersheySerifMedItalic",
)
"""Fonts that it has never seen, some of them drawn in double lines."""
