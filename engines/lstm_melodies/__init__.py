"""Melodies from a recurrent network that composes, blends and goes on with what was played.

What plays stands here; where the tunes come from, how the model learns and how good it is are
packages of their own.
"""

__all__ = [
    "cells",
    "closing",
    "composing",
    "corpus",
    "engine",
    "evaluation",
    "features",
    "forms",
    "grid",
    "hearing",
    "metres",
    "model",
    "past",
    "playing",
    "points",
    "shipped",
    "snapping",
    "spec",
    "stepping",
    "training",
    "voicing",
    "wishes",
    "writing",
]
