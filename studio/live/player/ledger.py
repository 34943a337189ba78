"""What sounds on one port, so that nothing is left hanging there."""

from __future__ import annotations

from dataclasses import dataclass

NOTE_OFF, NOTE_ON, CONTROL, PROGRAM = 0x80, 0x90, 0xB0, 0xC0
_PEDAL, _SOUND_OFF, _NOTES_OFF = 64, 120, 123
_RESET = b"\xff"

Pitch = tuple[int, int]
"""Channel 0-15 and pitch."""


@dataclass(slots=True)
class _HeldPitch:
    ends: int = 0
    """Note offs still to come: overlapping notes of one pitch end with the last of them."""
    skipped: int = 0
    """Note offs still to come of notes that were not played, if they come at all."""
    sounds: bool = False


class Ledger:
    """Sounding notes and held pedals of one output.

    A pitch that is struck again gets its off first, and then the note lasts until as many offs as
    ons have come. A skipped note takes its off with it, but what sounds is ended first: better a
    note too short than one that hangs. An off for a pitch that has been ended is left out; one for
    a pitch of which we know nothing is passed on: it costs nothing, a hanging note costs the
    evening.
    """

    def __init__(self) -> None:
        self._held: dict[Pitch, _HeldPitch] = {}
        self._ended_pitches: set[Pitch] = set()
        self._pedals: set[int] = set()
        self._programs: dict[int, int] = {}

    @property
    def sounding(self) -> list[Pitch]:
        """The notes that sound now, in the order in which they were first struck."""
        return [pitch for pitch, held in self._held.items() if held.sounds]

    def admit(self, data: bytes) -> list[bytes]:
        """What to send in the place of `data`: it, preceded by offs where needed, or nothing."""
        if is_note_on(data):
            return self._struck((data[0] & 15, data[1]), data)
        if is_note_off(data):
            return self._ended((data[0] & 15, data[1]), data)
        if len(data) == 3 and data[0] & 0xF0 == CONTROL:
            return self._controlled(data[0] & 15, data)
        if len(data) == 2 and data[0] & 0xF0 == PROGRAM:
            channel, before = data[0] & 15, self._programs.get(data[0] & 15)
            self._programs[channel] = data[1]
            return [*(self._mute(channel) if before != data[1] else ()), data]
        return [*self.silence(), data] if data == _RESET else [data] if data else []

    def skip(self, data: bytes) -> None:
        """What is not to be played: a note on, whose off is then left out, or such an off."""
        if is_note_on(data):
            self._held.setdefault((data[0] & 15, data[1]), _HeldPitch()).skipped += 1
        elif is_note_off(data):
            self._ended((data[0] & 15, data[1]), data)

    def silence(self) -> list[bytes]:
        """The offs of all that sounds and the release of held pedals; nothing is expected after."""
        self._ended_pitches.update(self.sounding)
        offs = [off(*pitch) for pitch in self.sounding]
        offs += [bytes((CONTROL | channel, _PEDAL, 0)) for channel in sorted(self._pedals)]
        self._held.clear()
        self._pedals.clear()
        return offs

    def _struck(self, pitch: Pitch, data: bytes) -> list[bytes]:
        held = self._held.setdefault(pitch, _HeldPitch())
        again, held.sounds = held.sounds, True
        self._ended_pitches.discard(pitch)
        held.ends += 1
        return [off(*pitch), data] if again else [data]

    def _ended(self, pitch: Pitch, data: bytes) -> list[bytes]:
        held = self._held.get(pitch)
        if held is None:
            known = pitch in self._ended_pitches
            self._ended_pitches.add(pitch)
            return [] if known else [data]
        last = held.ends == 1 and held.sounds
        if held.ends:
            held.ends -= 1
        else:
            held.skipped -= 1
        if last:
            held.sounds = False
            self._ended_pitches.add(pitch)
        if not held.ends and not held.skipped:
            del self._held[pitch]
        return [data] if last else []

    def _controlled(self, channel: int, data: bytes) -> list[bytes]:
        if data[1] == _PEDAL:
            (self._pedals.add if data[2] >= 64 else self._pedals.discard)(channel)
        silencing = data[1] == _SOUND_OFF or data[1] >= _NOTES_OFF
        return [*(self._mute(channel) if silencing else ()), data]

    def _mute(self, channel: int) -> list[bytes]:
        """Offs now for what sounds on `channel`; the offs that are under way are swallowed."""
        muted = [pitch for pitch in self.sounding if pitch[0] == channel]
        for pitch in muted:
            self._held[pitch].sounds = False
        return [off(*pitch) for pitch in muted]


def off(channel: int, pitch: int) -> bytes:
    """A note off; channel 0 to 15."""
    return bytes((NOTE_OFF | channel, pitch, 64))


def is_note_on(data: bytes) -> bool:
    """Whether `data` strikes a note."""
    return len(data) == 3 and data[0] & 0xF0 == NOTE_ON and data[2] > 0


def is_note_off(data: bytes) -> bool:
    """Whether `data` ends a note; a note on with velocity 0 does."""
    return (
        len(data) == 3
        and (data[0] & 0xF0 == NOTE_OFF or data[0] & 0xF0 == NOTE_ON)
        and (data[0] & 0xF0 == NOTE_OFF or data[2] == 0)
    )


def all_quiet() -> list[bytes]:
    """What a panic tells a port: no sound, no notes, no pedal, on each of the 16 channels."""
    return [
        bytes((CONTROL | channel, controller, 0))
        for channel in range(16)
        for controller in (_PEDAL, _NOTES_OFF, _SOUND_OFF)
    ]


def notes_off() -> list[bytes]:
    """ "All notes off" on each of the 16 channels: for notes that nobody keeps a ledger of."""
    return [bytes((CONTROL | channel, _NOTES_OFF, 0)) for channel in range(16)]
