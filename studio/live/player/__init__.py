"""The player: the child process that alone touches MIDI ports.

The standard library and rtmidi only, so that it starts at once and nothing holds it up.
"""

__all__ = ["ledger", "protocol", "schedule"]
