"""The row of scenes: snapshots, crossfader, and what an earlier session left behind."""

__all__ = ["bar", "recovery"]
