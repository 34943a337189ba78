"""The process with a sound input: `python -m studio.audio.listening.process`, started by
`InputClient`.

Four threads: the main one minds the device, a reader takes what the app sends, PortAudio's own
takes the sound, and the listener's analyses it. It leaves with the app, however that ends.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread, Timer
from time import perf_counter

from studio.audio import output, protocol
from studio.audio.app_pipe import events_pipe, read_commands
from studio.audio.listening import messages
from studio.audio.listening._input_keeper import InputGone, InputKeeper
from studio.audio.listening.listener import Listener
from studio.processes.framing import Kind
from studio.processes.messages import Alive, Leave

ALIVE_S = 0.5
"""How often the process says that it is alive."""
_WATCH_S = 0.1
_LEAVING_S = 0.2
_SWITCH_S = 1e-4
"""The callback waits for Python's lock at most so long for the thread that analyses."""


class InputProcess:
    """Does what the app says. `hear` and `leave` may be called on any thread, the rest on the main
    one."""

    def __init__(self, keeper: InputKeeper, tell: Callable[[object], object]) -> None:
        self._keeper, self._tell = keeper, tell
        self._wishes: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._told_s = perf_counter()

    def run(self) -> None:
        """Until `leave`. Raises `InputGone`."""
        while True:
            try:
                wish = self._wishes.get(timeout=_WATCH_S)
            except Empty:
                self._watch()
                continue
            if wish is None:
                break
            wish()
        self._keeper.close()
        output.shut()

    def leave(self) -> None:
        """End `run`; end the process in any case, whatever hangs."""
        last = Timer(_LEAVING_S, os._exit, (0,))
        last.daemon = True
        last.start()
        self._wishes.put(None)

    def hear(self, _: Kind, payload: bytes) -> None:
        """A frame from the app."""
        keeper = self._keeper
        match messages.COMMANDS.unpack(payload):
            case Leave():
                self.leave()
            case messages.Listen() as listen:
                self._wishes.put(lambda: keeper.listen(listen))
            case messages.UseInput(name):
                self._wishes.put(lambda: keeper.use_input(name))
            case messages.Look():
                self._wishes.put(keeper.look)

    def _watch(self) -> None:
        self._keeper.watch()
        if perf_counter() - self._told_s > ALIVE_S:
            self._told_s = perf_counter()
            self._tell(Alive())


def main() -> int:
    """Read commands from standard input, tell events on standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the app's affair, and it tells us
    sys.setswitchinterval(_SWITCH_S)
    events = events_pipe()

    def tell(event: object) -> bool:
        return events.post(messages.EVENTS.pack(event))

    listener = Listener(lambda heard: events.flush() and tell(heard))
    try:
        output.portaudio()
    except output.SoundDeviceError as error:
        tell(messages.InputState(False, None, str(error)))
        return protocol.HOPELESS
    process = InputProcess(InputKeeper(listener, tell), tell)
    signal.signal(signal.SIGTERM, lambda *_: process.leave())
    reader = (process.hear, process.leave)
    Thread(target=read_commands, args=reader, name="reader", daemon=True).start()
    try:
        process.run()
    except InputGone:
        return protocol.DEVICE_GONE
    return 0


if __name__ == "__main__":
    code = main()
    os._exit(code)  # a thread or a clean-up of PortAudio's may hang in a device that is gone
