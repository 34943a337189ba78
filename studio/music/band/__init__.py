"""The band: bass, chords and drums that follow a melody bar by bar.

Pure functions from a melody's bars and its harmony to notes; `accompaniment` is the way in.
"""

__all__ = ["accompaniment", "players"]
