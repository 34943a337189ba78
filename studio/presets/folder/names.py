"""File names that every system takes, out of whatever an artist calls a thing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\u2028\u2029]+')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?\Z", re.IGNORECASE)
_LIMIT_BYTES = 120
"""Leaves room for endings and for a temporary file's own letters in the 255 that systems take."""


def safe(name: str, instead: str = "Untitled") -> str:
    """`name` as a file name without its ending; `instead` where nothing of it can stay."""
    text = unicodedata.normalize("NFC", name.encode("utf-8", "ignore").decode())
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cs", "Co", "Cn"))
    text = _FORBIDDEN.sub("-", text).strip(" .")
    text = _shortened(text).strip(" .")
    if _RESERVED.match(text):
        text = f"_{text}"
    return text if text.strip("-_ .") else instead


def free(stem: str, taken: Collection[str]) -> str:
    """`stem`, or the first of "stem 2", "stem 3"... that is not `taken` (a set of `folded`)."""
    tried, number = stem, 1
    while folded(tried) in taken:
        number += 1
        tried = f"{_shortened(stem, _LIMIT_BYTES - 8)} {number}"
    return tried


def folded(stem: str) -> str:
    """What two names must differ in, so that no system takes them for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", stem).casefold())


def _shortened(text: str, limit: int = _LIMIT_BYTES) -> str:
    return text.encode()[:limit].decode("utf-8", "ignore")
