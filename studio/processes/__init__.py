"""Child processes: starting and supervising them, and framed bytes over pipes.

Used by the MIDI player and by the sound; the standard library only.
"""

__all__ = ["child", "framing", "messages", "packaged", "pipes", "supervisor"]
