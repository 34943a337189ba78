"""Run by test_contents: imports what the packaged program does, where what it lacks is hidden."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder

from installers.contents import LEFT_OUT
from studio.engine.registry import find_engines


class Hidden(MetaPathFinder):
    def find_spec(self, name: str, path: Sequence[str] | None, target: object = None) -> None:
        if any(f"{name}.".startswith(f"{left}.") for left in LEFT_OUT):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


if __name__ == "__main__":
    sys.meta_path.insert(0, Hidden())
    registry = find_engines()
    print(*(type(registry.create(spec.name)).__name__ for spec in registry.specs))
    import ui.app

    print(ui.app.__name__)
