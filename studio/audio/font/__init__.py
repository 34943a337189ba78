"""The built-in SoundFont and the recipe that makes it again, byte for byte."""

__all__ = ["ranges", "recipe", "riff", "subset"]
