"""The Paint tab and the hand on the picture: brush, pins, drift, three-by-three preview."""

__all__ = ["tools", "wrap_preview"]
