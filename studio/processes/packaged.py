"""What differs in the packaged program, which brings its own Python and cannot be added to."""

from __future__ import annotations

import sys


def is_packaged() -> bool:
    """Whether this is the packaged program, made by `python -m installers.build`."""
    return bool(getattr(sys, "frozen", False))


def remedy(command: str) -> str:
    """What to do where `command`, as `pip install music21`, brings what is missing: that command,
    or in the packaged program what stands for it."""
    return "use Latent Loom under Python (see its README)" if is_packaged() else command
