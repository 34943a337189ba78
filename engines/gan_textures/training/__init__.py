"""How the texture model learns, and from which materials; the weights file at the end.

Nothing here is needed to draw.
"""

__all__ = [
    "blend_gain",
    "critic",
    "export",
    "learning",
    "materials",
    "painted",
    "plots",
    "statistics",
    "train",
    "trainee",
]
