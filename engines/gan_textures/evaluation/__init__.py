"""How good the textures are, and how fast they are drawn.

Nothing here is needed to draw.
"""

__all__ = ["bench", "evaluate", "likeness"]
