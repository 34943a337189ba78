"""Bundles: presets that travel between people, and are believed nothing.

`sharing` is the way in; unpacking is bounded before and checked after.
"""

__all__ = ["bundles", "importing", "model_files", "sharing", "unpacking"]
