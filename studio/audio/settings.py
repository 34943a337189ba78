"""What an artist can set about the sound, each declared once (see studio.document.parameters)."""

from __future__ import annotations

from studio.document.parameters import Choice, Float, Parameter

VOLUME = Float(
    name="sound_volume",
    label="Volume",
    help="How loud the sound of this computer is; MIDI is not touched.",
    low=0,
    high=1,
    default=0.8,
)
ROOM = Float(
    name="sound_room",
    label="Reverb",
    help="How much reverb the instruments have.",
    low=0,
    high=1,
    default=0.25,
)
OFFSET = Float(
    name="sound_offset",
    label="Sound offset",
    help="Plays the sound later (+) or earlier (-) than the MIDI, for outboard gear that is late.",
    unit="ms",
    low=-50,
    high=200,
    default=0,
    decimals=0,
)
BUFFER = Choice(
    name="sound_buffer",
    label="Sound buffer",
    help="Small answers a key at once; larger ones never crackle. Notes in time stay in time.",
    options=("small", "medium", "large"),
    default="medium",
)

PARAMETERS: tuple[Parameter, ...] = (VOLUME, ROOM, OFFSET, BUFFER)
