"""Keeps a sound input open while it is wanted: waits for it, opens it, notices when it goes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from studio.audio import output
from studio.audio.device_process import DeviceGone
from studio.audio.listening._input import Input
from studio.audio.listening._input_file import InputFile
from studio.audio.listening.listener import Listener
from studio.audio.listening.messages import InputEvent, InputsSeen, InputState, Listen, RecordInput
from studio.audio.messages import SoundDevice
from studio.audio.output import FoundDevice, SoundDeviceError

_STALLED_S = 1.5
"""A device that gives no block for so long is gone, though nobody said so."""
_RETRY_S, _LONGEST_RETRY_S = 1.0, 8.0
_RESTS = "Nothing listens to a sound input."


def _look() -> list[FoundDevice]:
    return output.look("input")


class InputKeeper:
    """Lives on its process's main thread alone, which calls `watch` some times a second."""

    def __init__(
        self,
        listener: Listener,
        tell: Callable[[InputEvent], object],
        *,
        clock: Callable[[], float] = perf_counter,
        look: Callable[[], list[FoundDevice]] = _look,
        opener: Callable[..., Input] = Input,
    ) -> None:
        self._listener, self._tell = listener, tell
        self._clock, self._look, self._opener = clock, look, opener
        self._input: Input | None = None
        self._name: str | None = None
        self._listens = self._wants = False
        self._file: InputFile | None = None
        self._devices: tuple[SoundDevice, ...] | None = None
        self._state: InputState | None = None
        self._retry_s, self._next_try_s = _RETRY_S, 0.0

    def use_input(self, name: str | None) -> None:
        """Listen to this one."""
        if name != self._name:
            self._name = name
            self._begin_anew()

    def listen(self, listen: Listen) -> None:
        """For what; the input is open only while that is something."""
        self._listener.listen(listen)
        self._listens = listen.wants_something
        self._want()

    def record(self, record: RecordInput) -> None:
        """Write it to a file; the input is open for that, too."""
        file, self._file = self._file, None
        if record.file:
            self._file = InputFile(Path(record.file), record.begun_s)
        self._listener.record(self._file)
        if file is not None:
            file.close()
        self._want()

    def _want(self) -> None:
        wants = self._listens or self._file is not None
        if wants != self._wants:
            self._wants = wants
            self._begin_anew()

    def look(self) -> None:
        """Say which inputs there are. A stream that is open would end with that, so not then."""
        if self._input is None:
            self._find()

    def watch(self) -> None:
        """Tell what changed, and open what came. Raises `DeviceGone`."""
        now_s = self._clock()
        if self._file is not None and self._file.problem:
            self._say(self._file.problem)
            self.record(RecordInput())
        if self._input is not None:
            if self._input.ended or now_s - self._input.last_block_s > _STALLED_S:
                self._say(f"{self._name} is gone; its modulators move again when it is back.")
                raise DeviceGone
            self._report(self._input)
        elif self._is_wanted and now_s >= self._next_try_s:
            self._open()

    def close(self) -> None:
        """Let the device go; what was recorded is whole."""
        self._release()
        file, self._file = self._file, None
        if file is not None:
            self._listener.record(None)
            file.close()

    def _release(self) -> None:
        taken, self._input = self._input, None
        if taken is not None:
            taken.close()

    @property
    def _is_wanted(self) -> bool:
        return self._wants and self._name is not None

    def _begin_anew(self) -> None:
        self._release()
        self._retry_s, self._next_try_s = _RETRY_S, 0.0
        if self._is_wanted:
            self._open()
        elif self._state is not None:
            self._tell_state(InputState(False, None, _RESTS))

    def _open(self) -> None:
        self._next_try_s = self._clock() + self._retry_s
        self._retry_s = min(2 * self._retry_s, _LONGEST_RETRY_S)
        found = next((f for f in self._find() if f.device.name == self._name), None)
        if found is None:
            self._say(f"{self._name} is not there; its modulators move when it is.")
            return
        try:
            self._input = self._opener(found, self._listener)
        except SoundDeviceError as error:
            self._say(str(error))
            return
        self._retry_s = _RETRY_S
        self._report(self._input)

    def _find(self) -> list[FoundDevice]:
        try:
            found = self._look()
        except SoundDeviceError as error:
            self._say(str(error))
            return []
        devices = tuple(each.device for each in found)
        if devices != self._devices:
            self._devices = devices
            self._tell(InputsSeen(devices))
        return found

    def _report(self, taken: Input) -> None:
        latency_ms = round(1000 * taken.latency_s)
        sentence = f"Listening to {self._name}."
        self._tell_state(InputState(True, self._name, sentence, latency_ms, taken.overruns))

    def _say(self, problem: str) -> None:
        self._tell_state(InputState(False, self._name, problem))

    def _tell_state(self, state: InputState) -> None:
        if state != self._state:
            self._state = state
            self._tell(state)
