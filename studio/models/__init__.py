"""Models that are not the engines' own: those an artist has trained, and those that came in files.

Each is a safetensors file in the artist's models folder, with a JSON that says what it is and a
picture of the same name; it takes part in the playing like any model of its engine.
"""

__all__ = ["cards", "own_models"]
