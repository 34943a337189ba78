"""Sinks that give the output to other programs: a stream, a virtual camera, NDI, Spout, Syphon.

Each is off until it is switched on. `declared` lists them; a new one is one declaration there.
"""

__all__ = ["camera", "declared", "sharing", "stream"]
