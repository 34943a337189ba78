"""The training room: a folder of the artist's own is looked through, learnt from and played.

A dialog that stops nothing: what there is to learn from, the training that goes on, and the models
that came of earlier ones.
"""

__all__ = ["dialog", "driver"]
