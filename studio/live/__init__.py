"""What plays in time: the conductor, its sources of notes, and the rig that wires it to a session.

The clock, the ensemble, the player process, controllers and OSC are packages of their own.
"""

__all__ = [
    "clock",
    "conductor",
    "connector",
    "controllers",
    "device_states",
    "ensemble",
    "jumps",
    "layers",
    "listening",
    "metronome",
    "modulation_source",
    "note_messages",
    "osc",
    "part_mix",
    "picture_output",
    "player",
    "rig",
]
