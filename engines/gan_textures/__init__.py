"""Seamless materials from a convolutional GAN that tile, blend and can be painted with.

What draws stands here; how the model learns and how good it is are packages of their own.
"""

__all__ = [
    "drawing",
    "encoder",
    "engine",
    "evaluation",
    "gain",
    "looking",
    "mapping",
    "measures",
    "model",
    "noise",
    "painting",
    "palettes",
    "picture",
    "recolouring",
    "shipped",
    "spec",
    "styles",
    "training",
    "warping",
]
