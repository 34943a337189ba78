"""Makes the typefaces in which verse is set: Latin letters of open fonts, as small TrueType files.

npm pack @fontsource/eb-garamond@5.3.0 @fontsource/jost@5.3.0
for name in eb-garamond jost; do tar xzf fontsource-$name-5.3.0.tgz && mv package $name; done
python -m engines.verse.corpus.typefaces .
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from engines.verse.page import FACES, file_of

CHARACTERS = "".join(map(chr, range(32, 127))) + "’‘“”–—…"


def made(source: Path, out: Path) -> None:
    """The letters of a web font with its kerning and ligatures, and no more."""
    font = TTFont(source)
    options = subset.Options(layout_features=["kern", "liga", "mark"], hinting=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=CHARACTERS)
    subsetter.subset(font)
    font.flavor = None
    out.parent.mkdir(parents=True, exist_ok=True)
    font.save(out)


if __name__ == "__main__":
    for name, web_font in FACES.items():
        made(Path(sys.argv[1]) / web_font, file_of(name))
