"""A pen that writes and draws: text in hands of its own, signs that never existed, doodles.

What draws stands here; how the models learn and how good they are are packages of their own.
"""

__all__ = [
    "drawings",
    "engine",
    "evaluation",
    "ink",
    "inks",
    "kinds",
    "likeness",
    "lines",
    "looking",
    "mixture",
    "models",
    "network",
    "own_drawing",
    "playing",
    "setting",
    "shipped",
    "spec",
    "tracing",
    "training",
]
