"""Which ports there are, in words, and which of them are meant by names from elsewhere.

Names are the stable ones of `studio.live.player._system`: without the numbers that a system gives
anew each time. A port that is wanted by its name is opened whenever it is there, so to remember a
port is to keep its name.
"""

from __future__ import annotations

from collections.abc import Sequence

from studio.live.player.protocol import PortsSeen

NO_MIDI = (
    "There is no MIDI on this machine: melodies sound here and can be saved, controllers wait."
)


def in_words(seen: PortsSeen) -> str:
    """The state of MIDI on this machine; none is a state, not an error."""
    if not seen.system:
        return NO_MIDI
    if not seen.inputs and not seen.outputs:
        return f"{seen.system} is there, and nothing is connected."
    return f"{seen.system}: {_some(seen.outputs, 'output')}, {_some(seen.inputs, 'input')}."


def choose(preferred: Sequence[str], present: Sequence[str]) -> str | None:
    """The first of `preferred` that is present; else one that is nearly called so; else None.

    Nearly: another case, or the device's part of the name, before the colon. A scene from another
    computer, or the same synthesiser behind another driver, finds its port by that.
    """
    for same in (_exactly, _folded, _device):
        for name in preferred:
            for candidate in present:
                if same(name) == same(candidate):
                    return candidate
    return None


def _exactly(name: str) -> str:
    return name


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _device(name: str) -> str:
    return _folded(name.partition(":")[0])


def _some(names: Sequence[str], what: str) -> str:
    return f"{len(names) or 'no'} {what}{'' if len(names) == 1 else 's'}"
