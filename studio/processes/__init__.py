"""Child processes: starting and supervising them, and framed bytes over pipes.

Used by the player and by the sound; the standard library only.
"""

__all__ = ["framing", "messages", "pipes", "supervisor"]
