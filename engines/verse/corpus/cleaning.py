"""From a printed line to the words that the model reads and writes: small letters, few marks."""

from __future__ import annotations

import re

MARKS = ",.;:!?"
"""What may stand behind a word."""
SPELT = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "`": "'", "æ": "ae", "œ": "oe"})
WHOLE = {
    "thro'": "through", "tho'": "though", "altho'": "although", "heav'n": "heaven",
    "heav'nly": "heavenly", "ev'ry": "every", "ev'ning": "evening", "pow'r": "power",
    "pow'rs": "powers", "flow'r": "flower", "flow'rs": "flowers", "show'r": "shower",
    "show'rs": "showers", "tow'r": "tower", "tow'rs": "towers", "hour's": "hour's",
    "giv'n": "given", "driv'n": "driven", "ev'n": "even", "stol'n": "stolen", "fall'n": "fallen",
    "wand'ring": "wandering", "i'th": "in the", "to-day": "today", "to-night": "tonight",
    "to-morrow": "tomorrow", "vext": "vexed", "drest": "dressed", "blest": "blessed",
    "wrapt": "wrapped", "past": "past", "colour": "colour", "color": "colour",
    "honor": "honour", "splendor": "splendour", "vapor": "vapour", "ardor": "ardour",
}  # fmt: skip
"""Spellings of one word that become one."""
_REFUSED = re.compile(r"[^A-Za-z',.;:!?\" -]")
_DASH = re.compile(r"\s*(?:--+|—|–|\.\.\.+)\s*")
_TOKEN = re.compile(r"[a-z']+|[,.;:!?]")


def cleaned(line: str, common: frozenset[str] | None = None) -> tuple[str, ...] | None:
    """Words and marks of a line; None for one with digits, brackets or other writing.

    Where `common` is given, "turn'd" becomes "turned" where that is one of these words.
    """
    text = _DASH.sub(", ", line.translate(SPELT).strip())
    if _REFUSED.search(text):
        return None
    small = re.sub(r"\b(to)-(day|night|morrow)\b", r"\1\2", text.lower())
    found: list[str] = []
    for token in _TOKEN.findall(small.replace('"', " ").replace("-", " ")):
        if token in MARKS:
            if found and found[-1] in MARKS:
                found.pop()
            if found:
                found.append(token)
        elif word := _word(token, common):
            found.extend(word.split())
    if found and found[-1] == "," and re.search(r"[-—–.]$", line.strip()):
        found.pop()  # a dash that ended the line
    return tuple(found)


def _word(token: str, common: frozenset[str] | None) -> str:
    if len(token) > 2 and token[0] == token[-1] == "'":
        token = token[1:-1]
    token = token if token.strip("'") else ""
    token = WHOLE.get(token, token)
    if common is None or token in common:
        return token
    if token.startswith("'") and token[1:] in common:
        return token[1:]
    if token.endswith("'") and token[:-1] in common:
        return token[:-1]
    if token.endswith("'d"):
        for full in (f"{token[:-2]}ed", f"{token[:-2]}d"):
            if full in common:
                return full
    return token


def text_of(tokens: tuple[str, ...]) -> str:
    """The line as it is kept: small letters, marks at their words."""
    return re.sub(r" (?=[,.;:!?])", "", " ".join(tokens))
