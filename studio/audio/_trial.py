"""`python -m studio.audio._trial FONT`: does the synthesiser live through a stranger's font?

Synthesisers follow a font's numbers unchecked. `font/ranges.py` finds those that lead nowhere; what
nobody thought of ends here, in a process that plays into no device.
"""

from __future__ import annotations

import faulthandler
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from studio.audio._instrument import DRUMS, SoundFontInstrument
from studio.audio._synths import KITS
from studio.audio.font.riff import FontError
from studio.processes.child import module_command

_RATE_HZ = 48_000
_BLOCK = _RATE_HZ // 20
_KEYS, _VELOCITIES = range(1, 128, 9), (127, 40)
_LIMIT_S = 60.0
"""A large font beside a busy torch took 9 s to load."""
_LOOK_S = 0.05


def try_out(path: Path, meanwhile: Callable[[], None]) -> None:
    """Load and play the font in a process of its own; call `meanwhile` some times a second.

    Raises `FontError` when that process dies or comes to no end, and what `meanwhile` raises.
    """
    try:
        child = subprocess.Popen(
            (*module_command("studio.audio._trial"), str(path)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        raise FontError(f"The SoundFont {path.name} cannot be tried: {error.strerror}.") from error
    try:
        while child.poll() is None:
            meanwhile()
            with suppress(subprocess.TimeoutExpired):
                child.wait(_LOOK_S)
    finally:
        child.kill()
        child.wait()
    if child.returncode:
        raise FontError(f"The SoundFont {path.name} is damaged: the synthesiser cannot play it.")


def main(path: Path) -> None:
    """Every preset over all keys, soft and loud; nothing for a font that is refused anyway."""
    faulthandler.dump_traceback_later(_LIMIT_S, exit=True)
    with suppress(FontError):
        instrument = SoundFontInstrument(path, _RATE_HZ)
        block = memoryview(bytearray(8 * _BLOCK))
        for bank, program in instrument.presets:
            channel = DRUMS if bank == KITS else 0
            instrument.play(bytes((0xB0 | channel, 0, bank % KITS)))
            instrument.play(bytes((0xC0 | channel, program)))
            for velocity in _VELOCITIES:
                for key in _KEYS:
                    instrument.play(bytes((0x90 | channel, key, velocity)))
                instrument.render(_BLOCK, block)
            instrument.silence()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
