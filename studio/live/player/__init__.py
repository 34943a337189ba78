"""The player, the child process that alone touches MIDI ports, and the app's end of it (`client`).

The standard library and rtmidi only, so that it starts at once and nothing holds it up.
"""

__all__ = ["client", "ledger", "protocol", "schedule", "timing"]
