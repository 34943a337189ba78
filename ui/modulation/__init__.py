"""The window's side of modulation: the row of modulators, the page that edits one, how they are
connected to controls, and what is seen of it on those controls.

`views` is the way in; what modulators do is in `studio.modulation`.
"""

__all__ = ["views"]
