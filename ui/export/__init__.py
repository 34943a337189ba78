"""The Export dialog and the line that shows files in the making."""

__all__ = ["dialog", "film_dialog", "progress"]
