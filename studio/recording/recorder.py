"""Records what is played: a take, a film with sound, and in the end the notes, in a folder."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from subprocess import Popen
from typing import Any

from psygnal import Signal

from studio.audio.messages import FontSeen
from studio.audio.protocol import SetRoom, SetVolume, UseFont
from studio.control.controls import FixedPart, trigger
from studio.live.rig import Rig
from studio.presets.folder import places
from studio.presets.identities import Weights, identities
from studio.processes.messages import Due, Panic, Received, Stop
from studio.recording._asked import AskedPictures
from studio.recording._endings import Endings, notes_process
from studio.recording._wire import Begin, Ended, Progress
from studio.recording.errors import sentence_of
from studio.recording.film_client import Event, FilmClient
from studio.recording.layers import LayerLines
from studio.recording.take import SUFFIX, Header
from studio.recording.take_writer import TakeWriter
from studio.session import Session
from studio.settings.model import Settings

RATE = 30.0
"""Pictures a second of the film, at most; a take has all of them."""
LITTLE_BYTES = 2_000_000_000
"""With less left of the disk the artist is warned."""
WARNING = "Less than 2 GB of the disk are left; a recording ends by itself before it is full."

_SAID: dict[type, Callable[[Any], Any]] = {
    Stop: lambda _: "stop", Panic: lambda _: "panic",
    SetVolume: lambda said: {"volume": said.volume}, SetRoom: lambda said: {"room": said.amount},
}  # fmt: skip
_STANDS_S = 1.0
_OTHER_SIZE = "The output has another size: it is recorded anew, in another folder."


class PerformanceRecorder:
    """One recording at a time; for the window's thread.

    Signals: `changed()` when it begins or ends; `noticed(sentence)` for the artist. Call `collect`
    now and then: it tells what has happened since.
    """

    changed = Signal()
    noticed = Signal(str)

    def __init__(
        self,
        session: Session,
        rig: Rig,
        *,
        film: Callable[[Begin, Callable[[Event], None]], FilmClient] = FilmClient,
        notes: Callable[[Path], Popen[bytes]] = notes_process,
        now: Callable[[], datetime] = datetime.now,
    ) -> None:
        self._session, self._rig = session, rig
        self._film_of, self._now = film, now
        self._clock = rig.transport.clock
        self._weights = Weights()
        self._arrived: deque[tuple[Path | None, Event | Exception | str]] = deque()
        """With the folder of the recording that it is of."""
        self._endings = Endings(partial(self._hear, None), notes)
        self._film: FilmClient | None = None
        self._take: TakeWriter | None = None
        self._warned = False
        self._begun_s = self._resized_s = 0.0
        self._size = (0, 0)
        self._changes = 0
        self._asked, self._layers = AskedPictures(), LayerLines()
        self._heard: object = None
        rig.store.changed.connect(self._follow_settings)
        self.folder: Path | None = None
        """Of the present recording, or of the last one."""

    def controls(self) -> FixedPart:
        """`/record`: begins a recording, or ends it."""
        return FixedPart((trigger("/record", "Record", self.toggle, lambda: self.is_on),))

    # -- how it stands -------------------------------------------------------------------------

    @property
    def is_on(self) -> bool:
        """Whether it records."""
        return self._take is not None

    @property
    def seconds(self) -> float:
        """How long it has recorded."""
        return self._clock() - self._begun_s if self.is_on else 0.0

    @property
    def dropped(self) -> int:
        """Pictures that are not in the film; the take has them."""
        film = self._film
        return 0 if film is None else film.dropped + self._rig.picture.room.left_out(film)

    # -- what a hand does ----------------------------------------------------------------------

    def toggle(self) -> None:
        """Begin, or end."""
        self.stop() if self.is_on else self.start()

    def start(self) -> None:
        """Begin in a new folder; where that cannot be, say why."""
        if self.is_on:
            return
        try:
            folder = _new_folder(
                places.recordings(self._rig.settings.files.recordings_folder), self._now()
            )
            self._begin(folder)
        except OSError as error:
            self.noticed.emit(sentence_of(error, begun=False))
            return
        self._connect(True)
        if self._session.shown is not self._session.scene:
            self._follow_scene()  # a take begins with what the hand has set
        self._rig.sound.follow(self._follow_sound)
        self._rig.conductor.to_ports = self._follow_ports
        self._follow_transport()
        self._follow_layers(0.0)
        self._show_present()
        self.changed.emit()

    def _begin(self, folder: Path) -> None:
        scene, room = self._session.scene, self._rig.picture.room
        self.folder, self._warned, self._heard, self._layers = folder, False, None, LayerLines()
        self._begun_s, self._changes, self._asked = self._clock(), 0, AskedPictures()
        size = self._size = room.size
        models = partial(identities, scene, self._session.registry, self._weights)
        hear, file = partial(self._hear, folder), folder / f"take{SUFFIX}"
        font = self._rig.devices.font.path if self._rig.devices.font else ""
        header = lambda: Header(models=models(), size=size, rate=RATE, font=font)  # noqa: E731
        take = TakeWriter(file, header, scene, hear)
        begin = Begin(str(folder / "film.mp4"), *size, RATE, self._begun_s, font)
        try:
            film = self._film_of(begin, hear)
        except OSError:
            take.end()
            raise
        self._take, self._film = take, film
        room.add(film)
        if self._rig.settings.sound.record_input:
            self._rig.listening.record(folder / "input.wav", self._begun_s)

    def stop(self, why: str = "stopped") -> None:
        """End it; its files are made whole while whatever comes next goes on."""
        take, film, folder = self._take, self._film, self.folder
        if take is None or film is None or folder is None:
            return
        seconds, dropped = self.seconds, self.dropped
        self._connect(False)
        self._rig.sound.unfollow(self._follow_sound)
        self._rig.conductor.to_ports = lambda _: None
        self._rig.listening.record(None)
        self._rig.picture.room.remove(film)
        take.say(seconds, end=why)
        self._take = self._film = None
        said = f"Recorded {length_of(seconds)} in {folder}."
        if dropped:
            said += f" Pictures dropped from the film: {dropped}; the take has them."
        self._endings.end(take, film, folder, seconds, said)
        self.changed.emit()

    def _follow_settings(self, now: Settings, before: Settings) -> None:
        if now.output.size != before.output.size:
            self._resized_s = self._clock()

    def _keep_size(self) -> None:
        """A film has one size; a hand that draws along a width is waited for."""
        stood_s = self._clock() - self._resized_s
        if self.is_on and self._size != self._rig.picture.room.size and stood_s > _STANDS_S:
            self.stop("another size")
            self.start()
            self.noticed.emit(_OTHER_SIZE)

    def close(self) -> None:
        """End what is recorded, and wait until its files are whole."""
        self.stop("closed")
        self._endings.wait()

    def _hear(self, folder: Path | None, what: Event | Exception | str) -> None:
        """On any thread."""
        self._arrived.append((folder, what))

    def collect(self) -> None:
        """Tell what has happened."""
        self._keep_size()
        while self._arrived:
            match self._arrived.popleft():
                case folder, Progress(left_bytes=left) if left < LITTLE_BYTES:
                    if folder == self.folder and not self._warned:
                        self._warned = True
                        self.noticed.emit(WARNING)
                case folder, Ended(sentence) if sentence:
                    self._fail(folder, sentence)
                case folder, Exception() as error:
                    self._fail(folder, sentence_of(error))
                case _, str(sentence):
                    self.noticed.emit(sentence)

    def _fail(self, folder: Path | None, sentence: str) -> None:
        """A recording has ended by itself: the present one, or one that was closed meanwhile."""
        if folder == self.folder:
            self.noticed.emit(sentence)
            self.stop(sentence)
        elif folder is not None:
            self.noticed.emit(f"{folder.name}: {sentence}")

    # -- what is recorded ----------------------------------------------------------------------

    def _connect(self, on: bool) -> None:
        session, rig = self._session, self._rig
        for signal, slot in (
            (session.changed, self._follow_scene),
            (session.modulation.moved, self._follow_scene),
            (session.pictured, self._follow_picture),
            (rig.heard, self._follow_keys),
            (rig.transport.changed, self._follow_transport),
            (rig.picture.layers.changed, self._follow_layers),
            (rig.picture.room.faded, self._follow_fade),
        ):
            if on:
                signal.connect(slot)
            else:
                signal.disconnect(slot, missing_ok=True)

    def _show_present(self) -> None:
        """The picture that stands is seen from the beginning on, dark or frozen as it is."""
        room = self._rig.picture.room
        for what, on in (("blackout", room.is_dark), ("freeze", room.is_frozen)):
            if on:
                self._follow_fade(what, True, 0.0, self._begun_s, self._begun_s)
        for deck in self._session.scene.decks:
            self._follow_picture(deck.key)

    def _say(self, **said: Any) -> None:
        if (take := self._take) is not None:
            take.say(max(0.0, self._clock() - self._begun_s), **said)

    def _follow_scene(self, *_: object) -> None:
        take, session, at_s = self._take, self._session, self._clock()
        if take is None:
            return
        beat = self._rig.transport.movement.beat_at(at_s)
        take.scene(self.seconds, beat, session.scene, session.shown)
        self._changes += 1
        for deck in session.scene.decks:
            self._asked.note(deck.key, session.state(deck.key).asked, self._changes)
        sound = session.modulation.inputs.sound
        if sound is not self._heard:
            self._heard = sound
            onsets = [[round(o.at_s, 4), round(o.velocity, 4)] for o in sound.onsets]
            levels = {str(number): round(level, 4) for number, level in sound.levels.items()}
            self._say(heard={"levels": levels, "onsets": onsets})

    def _follow_picture(self, deck: str) -> None:
        shown = self._session.state(deck).shown
        take, since_s = self._take, self._rig.picture.room.since(deck)
        if shown is not None and take is not None and since_s is not None:
            changes = self._asked.changes_of(deck, shown.request.revision, self._changes)
            said = [deck, changes, shown.words] if shown.words else [deck, changes]
            take.say(max(0.0, since_s - self._begun_s), picture=said)

    def _follow_layers(self, seconds: float | None = None) -> None:
        layers, late_s = self._rig.picture.layers, self._rig.settings.sound.offset_ms / 1000
        at_s = self.seconds if seconds is None else seconds
        for said in self._layers.lines(layers.roll, layers.words, late_s):
            if (take := self._take) is not None:
                take.say(at_s, **said)

    def _follow_fade(self, what: str, on: bool, seconds: float, at_s: float, seen_s: float) -> None:
        if (take := self._take) is not None:
            seen_s = round(max(0.0, seen_s - self._begun_s), 6)
            take.say(max(0.0, at_s - self._begun_s), **{what: [on, seconds, seen_s]})

    def _follow_keys(self, event: Received) -> None:
        self._say(midi_in=[round(event.at_s - self._begun_s, 6), event.port, event.data.hex()])

    def _follow_transport(self) -> None:
        """On any thread."""
        movement, transport = self._rig.transport.movement, self._rig.transport
        beat = round(movement.beat_at(self._clock()), 6)
        self._say(transport={"playing": movement.playing, "bpm": transport.bpm, "at": beat})

    def _follow_ports(self, messages: Sequence[Due]) -> None:
        """On the clock thread."""
        transport, begun_s = self._rig.transport, self._begun_s
        movement, bpm = transport.movement, round(transport.bpm, 6)
        self._say(
            played=[
                [
                    round(max(0.0, due.due_s - begun_s), 6),
                    round(movement.beat_at(due.due_s), 6) if movement.playing else None,
                    due.port,
                    due.data.hex(),
                    bpm,
                    movement.cut,
                ]
                for due in messages
            ]
        )

    def _follow_sound(self, said: object) -> None:
        """On the thread that tells the sound something."""
        film = self._film
        if film is None:
            return
        match said:
            case list() if said:
                self._follow_ports(said)
                film.play(said)
            case Stop() | Panic() | SetVolume() | SetRoom():
                self._say(sound=_SAID[type(said)](said))
                film.tell(said)
            case FontSeen(path=path):
                self._say(sound={"font": path})
                film.tell(UseFont(path or None))


def length_of(seconds: float) -> str:
    """As a clock says it: "1:05", "1:00:00"."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _new_folder(parent: Path, now: datetime) -> Path:
    """By date and time. Raises OSError."""
    name = now.strftime("%Y-%m-%d %H.%M.%S")
    for number in range(1, 100):
        folder = parent / (name if number == 1 else f"{name} ({number})")
        with suppress(FileExistsError):
            parent.mkdir(parents=True, exist_ok=True)
            folder.mkdir()
            return folder
    raise FileExistsError(17, "there are too many recordings of this second", str(parent))
