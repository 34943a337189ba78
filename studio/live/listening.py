"""What a scene's modulators want to hear in the sound, asked of the processes that hear it, and
what these have heard, for the modulators."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, Protocol

from psygnal import Signal

from studio.audio.listening.messages import Band, Heard, InputState, Listen
from studio.audio.messages import SoundState
from studio.document.modulation import Modulator
from studio.live.modulation_source import ModulationSource
from studio.modulation.inputs import Sound, Strike
from studio.session import Session

Ear = Literal["input", "instrument"]
"""The chosen sound input, or the instrument's own sound: a sound modulator's `source`."""
EARS: tuple[Ear, ...] = ("input", "instrument")

UNCHOSEN = "A modulator listens to the sound input; choose one in the settings, under Sound."
UNRECORDED = "No sound input is recorded; choose one in the settings, under Sound."
_STRIKES = 16
_MOST_WAITING = 512


class Listens(Protocol):
    """What is asked of a client that listens."""

    def listen(self, listen: Listen) -> None: ...


class SoundInput(Listens, Protocol):
    """What is asked of `studio.audio.listening.client.InputClient`."""

    def start(self) -> None: ...
    def close(self) -> None: ...
    def use_device(self, name: str | None) -> None: ...
    def record(self, file: Path | None, begun_s: float = 0.0) -> None: ...
    def look(self) -> None: ...


class Listening:
    """Nothing is listened to unless a modulator wants it, and no input but the one that the artist
    has chosen. For the window's thread, but for `hear`.

    Signals: `heard(ear)` when `spectra` has a new one; `noticed(sentence)`.
    """

    heard = Signal(str)
    noticed = Signal(str)

    def __init__(
        self,
        session: Session,
        source: ModulationSource,
        *,
        sound: Listens,
        sound_input: SoundInput,
        wake: Callable[[], None],
    ) -> None:
        self._session, self._source = session, source
        self._clients: Mapping[Ear, Listens] = {"input": sound_input, "instrument": sound}
        self._input = sound_input
        self._wake = wake
        self.device: str | None = None
        """The chosen input."""
        self._asked: dict[Ear, Listen] = {ear: Listen() for ear in EARS}
        self._arrived: deque[tuple[Ear, Heard]] = deque(maxlen=_MOST_WAITING)
        self._levels: dict[Ear, dict[int, float]] = {ear: {} for ear in EARS}
        self._onsets: deque[Strike] = deque(maxlen=_STRIKES)
        self._watched: set[Ear] = set()
        self._modulators: tuple[Modulator, ...] = ()
        self._sounds: dict[Ear, tuple[int, ...]] = dict.fromkeys(EARS, ())
        """The sound modulators that listen to each ear, by their numbers."""
        self._wants_onsets = False
        self.spectra: dict[Ear, tuple[float, ...]] = {}
        """The last spectrum of each ear that is watched: dB at `analysis.SPECTRUM_HZ`."""

    # -- what is wanted ------------------------------------------------------------------------

    def use_device(self, name: str | None) -> None:
        """Listen to this input, as the settings say."""
        self.device = name
        self._input.use_device(name)
        self.follow()

    def look_for_inputs(self) -> None:
        """Have the process say which inputs there are; none is opened for that."""
        self._input.start()
        self._input.look()

    def record(self, file: Path | None, begun_s: float = 0.0) -> None:
        """Write the chosen input to a wav file that begins at a moment of `perf_counter`, whether
        anything listens to it or not; None ends that."""
        if file is not None and self.device is None:
            self.noticed.emit(UNRECORDED)
            return
        self._input.record(file, begun_s)
        if file is not None:
            self._input.start()

    def watch(self, ear: Ear, *, on: bool) -> None:
        """Whether the window draws the spectrum of an ear."""
        (self._watched.add if on else self._watched.discard)(ear)
        self.spectra.pop(ear, None)
        self.follow()

    def follow(self, _: object = None) -> None:
        """The scene, or how its modulators are set as they are played, may be different."""
        modulators = self._session.scene.modulators
        if modulators is not self._modulators:
            did, self._modulators = self._wants_input, modulators
            for ear in EARS:
                self._sounds[ear] = tuple(m.id for m in modulators if _listens(m, ear))
            self._wants_onsets = any(map(_wants_onsets, modulators))
            if self.device is None and not did and self._wants_input:
                self.noticed.emit(UNCHOSEN)
        for ear in EARS:
            wanted = self._wanted(ear)
            if wanted != self._asked[ear]:
                self._ask(ear, wanted)

    @property
    def _wants_input(self) -> bool:
        return self._wants_onsets or bool(self._sounds["input"])

    def _wanted(self, ear: Ear) -> Listen:
        if ear == "input" and self.device is None:
            return Listen()
        settings = self._session.modulation.values.settings
        return Listen(
            tuple(_band(id, settings(id)) for id in self._sounds[ear]),
            onsets=ear == "input" and self._wants_onsets,
            spectrum=ear in self._watched,
        )

    def _ask(self, ear: Ear, wanted: Listen) -> None:
        self._asked[ear] = wanted
        self._clients[ear].listen(wanted)
        if ear == "input" and wanted.wants_something:
            self._input.start()
        heard = self._levels[ear]
        self._levels[ear] = {b.number: heard.get(b.number, 0.0) for b in wanted.bands}
        self._tell()

    # -- what is heard -------------------------------------------------------------------------

    def hear(self, ear: Ear, heard: Heard) -> None:
        """On any thread."""
        was_empty = not self._arrived
        self._arrived.append((ear, heard))
        if was_empty:
            self._wake()

    def collect(self) -> None:
        """Take what was heard, the newest and all onsets."""
        if not self._arrived:
            return
        seen: set[Ear] = set()
        while self._arrived:
            ear, heard = self._arrived.popleft()
            self._levels[ear].update(heard.levels)
            if ear == "input":
                self._onsets.extend(Strike(at_s, strength) for at_s, strength in heard.onsets)
            if heard.spectrum:
                self.spectra[ear] = heard.spectrum
                seen.add(ear)
        self._tell()
        for ear in seen:
            self.heard.emit(ear)

    def take_state(self, ear: Ear, state: InputState | SoundState) -> None:
        """How the device of an ear stands: one that is not open is silent."""
        if not state.open and self.spectra.pop(ear, ()):
            self.heard.emit(ear)
        if not state.open and any(self._levels[ear].values()):
            self._levels[ear] = dict.fromkeys(self._levels[ear], 0.0)
            self._tell()

    def _tell(self) -> None:
        levels = {id: level for heard in self._levels.values() for id, level in heard.items()}
        self._source.hear_sound(Sound(levels, tuple(self._onsets)))


def _wants_onsets(modulator: Modulator) -> bool:
    return modulator.kind == "envelope" and modulator.settings["trigger"] == "onset"


def _listens(modulator: Modulator, ear: Ear) -> bool:
    return modulator.kind == "sound" and modulator.settings["source"] == ear


def _band(number: int, settings: Mapping[str, Any]) -> Band:
    return Band(
        number,
        settings["low"],
        settings["high"],
        settings["gain"],
        settings["auto_gain"],
        settings["attack"],
        settings["release"],
        settings["gate"],
    )
