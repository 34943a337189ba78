"""The player: the one process that touches the MIDI ports; standard library and rtmidi only."""
