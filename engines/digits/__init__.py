"""A gallery of generative models, one page each, that all draw handwritten digits.

What draws stands here and in `gallery`; how the models learn and how good they are are packages of
their own.
"""

__all__ = [
    "asked",
    "curves",
    "digits",
    "engine",
    "evaluation",
    "gallery",
    "looking",
    "picture",
    "shipped",
    "spec",
    "strip",
    "training",
]
