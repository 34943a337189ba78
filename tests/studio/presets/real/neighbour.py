"""One of two copies that save to the same folder: `... real.neighbour FOLDER NUMBER`."""

from __future__ import annotations

import sys
from pathlib import Path

from studio.presets import Library, PresetError, Saved
from tests.studio.presets.makers import preset, scene

ADDS = 40
UPDATES = 4
SHARED = "Shared"


def main(folder: Path, number: int) -> None:
    """Add presets of one name, and save over one that both have, each with a seed of its own."""
    library = Library(folder)
    library.refresh()
    for n in range(ADDS):
        patient(lambda n=n: library.add(preset("Same", 1000 * number + n)))
    shared = next(entry for entry in library.entries if entry.name == SHARED)
    for n in range(UPDATES):
        seed = 1000 * number + 500 + n
        patient(lambda seed=seed: over(library, shared.id, seed))


def over(library: Library, id: str, seed: int) -> Saved:
    """Open and save over: between the two the neighbour may have done the same."""
    opened = library.open(id)
    return library.update(opened.preset.but(scene=scene(seed)), opened.stamp)


def patient(work: object) -> None:
    """Again while the other one writes."""
    while True:
        try:
            work()  # type: ignore[operator]
            return
        except PresetError as error:
            if "try again" not in str(error):
                raise


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
