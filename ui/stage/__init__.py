"""The middle of the window: the front deck's picture or notes, and what lies over them."""

__all__ = ["canvas", "comparison", "stage"]
