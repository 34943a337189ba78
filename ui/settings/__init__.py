"""The settings dialog: a page for each subject, a search over all of them and over the keys.

Everything applies at once; nothing here but the routes is part of a scene.
"""

__all__ = ["dialog", "general_midi", "keys"]
