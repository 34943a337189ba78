"""Pictures and films into files, made on the engine thread while the playing goes on.

`plans` says what can be exported of a deck, `exports` runs it, `writers` knows the formats.
"""

__all__ = ["exports", "plans", "plotting", "sound_files", "writers"]
