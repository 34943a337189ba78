"""An app that holds a note: `python -m tests.studio.audio.real.app`. Prints the process's pid."""

from __future__ import annotations

from threading import Event
from time import perf_counter, sleep

from studio.audio.client import SoundClient
from studio.audio.messages import SoundEvent, SoundState
from studio.processes.messages import Due

OCARINA, A4 = 79, 69


def main() -> None:
    ready = Event()

    def hear(event: SoundEvent) -> None:
        if isinstance(event, SoundState) and event.open:
            ready.set()

    sound = SoundClient(hear)
    sound.start()
    assert ready.wait(20), sound.state.sentence
    now_s = perf_counter()
    on = bytes((0x90, A4, 100))
    sound.send([Due(now_s, "sound", bytes((0xC0, OCARINA))), Due(now_s + 0.1, "sound", on)])
    print(sound.pid, flush=True)
    sleep(60)


if __name__ == "__main__":
    main()
