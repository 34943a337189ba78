"""The built-in SoundFont and the recipe that makes it again, byte for byte."""

__all__ = ["recipe", "riff", "subset"]
