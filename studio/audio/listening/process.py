"""The process with a sound input: `python -m studio.audio.listening.process`, started by
`InputClient`.

Four threads: the main one minds the device, a reader takes what the app sends, PortAudio's own
takes the sound, and the listener's analyses it. It leaves with the app, however that ends.
"""

from __future__ import annotations

import os

from studio.audio import output, protocol
from studio.audio.app_pipe import events_pipe
from studio.audio.device_process import DeviceProcess, prepare
from studio.audio.listening import messages
from studio.audio.listening._input_keeper import InputKeeper
from studio.audio.listening.listener import Listener
from studio.processes.framing import Kind
from studio.processes.messages import Leave


class InputProcess(DeviceProcess):
    """Does what the app says."""

    _keeper: InputKeeper

    def hear(self, _: Kind, payload: bytes) -> None:
        match messages.COMMANDS.unpack(payload):
            case Leave():
                self.leave()
            case messages.Listen() as listen:
                self.later(lambda: self._keeper.listen(listen))
            case messages.UseInput(name):
                self.later(lambda: self._keeper.use_input(name))
            case messages.RecordInput() as record:
                self.later(lambda: self._keeper.record(record))
            case messages.Look():
                self.later(self._keeper.look)


def main() -> int:
    """Read commands from standard input, tell events on standard output."""
    prepare()
    events = events_pipe()

    def tell(event: object) -> bool:
        return events.post(messages.EVENTS.pack(event))

    listener = Listener(lambda heard: events.flush() and tell(heard))
    try:
        output.portaudio()
    except output.SoundDeviceError as error:
        tell(messages.InputState(False, None, str(error)))
        return protocol.HOPELESS
    return InputProcess(InputKeeper(listener, tell), tell).serve()


if __name__ == "__main__":
    code = main()
    os._exit(code)  # a thread or a clean-up of PortAudio's may hang in a device that is gone
