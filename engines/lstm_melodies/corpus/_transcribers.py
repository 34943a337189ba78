"""Who typed a tune in: the names out of its `Z:` lines."""

from __future__ import annotations

import re

REMARKS = frozenset(
    [
        *("the", "a", "an", "of", "in", "at", "is", "to", "be", "no", "not", "do", "i", "this"),
        *("that", "these", "those", "should", "probably", "are", "p", "#", "&", "over", "up"),
        *("key", "bar", "bars", "note", "notes", "part", "sign", "sharps", "slurs", "c's", "meter"),
        *("ornament", "ornaments", "ornamets", "fermata", "d.c.", "d.c", "segno", "dal"),
        *("see", "also", "usually", "played", "related", "version", "similar", "end", "right"),
        *(
            "left",
            "down",
            "second",
            "first",
            "both",
            "couple",
            "couples",
            "opera",
            "money",
            "swing",
        ),
        *("there", "assume", "june", "irtrad-l", "collected", "proofread", "guess", "placed"),
        *("dmi", "forward", "back"),
    ]
)
"""Words of which names are not made."""
SAME = {
    "Trish O'Nei": "Trish O'Neil",
    "Trish So'Nei": "Trish O'Neil",
    "A.Lee Worman": "A. Lee Worman",
    "Lee Worman": "A. Lee Worman",
    "J.B.Walsh": "John B. Walsh",
    "J.B. Walsh": "John B. Walsh",
    "John Walsh": "John B. Walsh",
}
ADDRESSES = {"henrik.norbeck@mailbox.swipnet.se": "Henrik Norbeck"}
"""Who signed with an address alone."""


def names_in(lines: str) -> str:
    """The transcribers named in `Z:` lines (joined by semicolons), without addresses, dates, and
    remarks, some of which name tunes. Empty if there is none."""
    for address, name in ADDRESSES.items():
        lines = lines.replace(address, name)
    names: list[str] = []
    for line in re.split(r"[;,]|--|\(", lines):
        line = re.sub(r"\S*(?:[@:/<~)]|casc\.com)\S*|\*.*|\d\S*", "", line.replace('"', ""))
        line = re.sub(r"(?i)^.*\b(transcri\w+|contributed|edited|corrected|by)\b", "", line)
        name = " ".join(line.split()).rstrip(".").title()
        name = re.sub(r"'([A-Z])\b", lambda found: found[0].lower(), name)
        name = SAME.get(name, name)
        words = name.lower().split()
        if 2 <= len(words) <= 4 and not REMARKS.intersection(words) and name not in names:
            names.append(name)
    return ", ".join(names)
