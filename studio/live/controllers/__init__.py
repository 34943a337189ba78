"""MIDI controllers: learning, soft takeover, maps on the disk, and lamps.

`surfaces` is the way in; what can be bound is told by `studio.control`.
"""

__all__ = ["binding", "maps", "surfaces"]
