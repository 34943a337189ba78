"""The Band tab: a line to wish in, the parts and their levels, MIDI files."""

__all__ = ["page"]
