"""The tunes that the model learns from: out of music21's books or an artist's own files.

Reading them takes music21; what has been read lies in `data/tunes.xz`.
"""

__all__ = ["archive", "book_forms", "corpora", "own", "prepare"]
