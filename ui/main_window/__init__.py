"""The window itself: where every part stands, who listens to what, and what it does as a whole.

What a part shows and does is in the part's own package.
"""

__all__ = ["status", "window"]
