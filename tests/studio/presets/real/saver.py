"""A process that saves until it is killed: `python -m tests.studio.presets.real.saver FOLDER`.

It says every change and every save on its standard output before and after it is made.
"""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

from studio.presets import Library
from studio.presets.autosave import Autosave
from studio.presets.working_state import WorkingState
from tests.studio.presets.makers import PICTURE, preset, scene

COUNT = 6


def main(folder: Path) -> None:
    """Save over six presets in turn, the number of the save in the notes, and autosave it too."""
    library = Library(folder / "presets")
    library.refresh()
    while len(library.entries) < COUNT:
        library.add(preset(f"No {len(library.entries)}", notes="0"))
    saved = max(int(entry.notes) for entry in library.entries)
    autosave = Autosave(folder / "working")
    autosave.start()
    chance = random.Random()
    while True:
        saved += 1
        autosave.changed(WorkingState(scene=scene(saved)))
        print("changed", saved, time.time(), flush=True)
        opened = library.open(chance.choice(library.entries).id)
        print("saving", saved, opened.preset.id, opened.preset.notes, flush=True)
        made = opened.preset.but(notes=str(saved), scene=scene(saved))
        result = library.update(made, opened.stamp, PICTURE)
        assert not result.remark
        print("saved", saved, opened.preset.id, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
