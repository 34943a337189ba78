"""The Connections dialog: MIDI ports, routes, sound and OSC.

Everything applies at once; nothing here is part of a scene.
"""

__all__ = ["dialog", "general_midi"]
