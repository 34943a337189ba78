"""Why nothing is heard while it plays, in one sentence: the first thing that a stranger asks."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from studio.audio.messages import SoundState
from studio.document.routes import METRONOME_TRACK, SOUND, Route
from studio.live.device_states import DeviceStates
from studio.settings.model import SoundSettings

_ELSE = "see Sound and MIDI outputs in the settings"


class Silence:
    """Says why nothing is heard, once for the same reason."""

    def __init__(self) -> None:
        self._said = ""

    def news(
        self, playing: bool, routes: Sequence[Route], sound: SoundSettings, devices: DeviceStates
    ) -> str:
        """What to tell now, or ""; nothing before the sound has had its say."""
        if not playing or (sound.on and not devices.sound_started):
            return ""
        why = why_silent(routes, sound, devices.sound_state, devices.open_outputs())
        before, self._said = self._said, why
        return "" if why == before else why


def why_silent(
    routes: Sequence[Route], sound: SoundSettings, state: SoundState, outputs: Collection[str]
) -> str:
    """What to tell somebody who plays; empty where something can be heard, or nothing would be.

    `outputs` are the MIDI outputs that are open. A metronome alone is not counted as music.
    """
    parts = [route for route in routes if route.track != METRONOME_TRACK]
    playing = [route for route in parts if not route.mute]
    if not parts or any(route.port in outputs for route in playing):
        return ""
    if not playing:
        return "Nothing is heard: every part is mute."
    if all(route.port != SOUND for route in playing):
        return f"Nothing is heard: no port that a part plays to is connected; {_ELSE}."
    return _why_no_sound(sound, state)


def _why_no_sound(sound: SoundSettings, state: SoundState) -> str:
    if not sound.on:
        return f"Nothing is heard, since this computer's sound is switched off; {_ELSE}."
    if not state.open:
        return f"Nothing is heard: {_inside(state.sentence)}; {_ELSE}."
    if sound.volume == 0:
        return "Nothing is heard: the volume is at zero."
    return ""


def _inside(sentence: str) -> str:
    """A sentence as a part of another one: a name at its beginning stays as it is."""
    words = sentence.rstrip(".")
    first = words.split(" ", 1)[0]
    return words[:1].lower() + words[1:] if first in ("The", "There", "No", "Nothing") else words
