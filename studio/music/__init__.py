"""Notes and what is known about them: metres, keys, chords, genres.

Pure theory without time or devices; harmony, the band, wishes in words and files are packages of
their own.
"""

__all__ = [
    "band",
    "chords",
    "editing",
    "files",
    "genres",
    "harmony",
    "keys",
    "metres",
    "modes",
    "notes",
    "phrases",
    "pulses",
    "roll",
    "taps",
    "tune_forms",
    "typed_chords",
    "wishes",
]
