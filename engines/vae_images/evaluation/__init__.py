"""How good the picture models are, on pictures that they never saw, and how fast.

Nothing here is needed to draw.
"""

__all__ = [
    "bench",
    "blends",
    "closeness",
    "edges",
    "evaluate",
    "exams",
    "features",
    "letter_edges",
    "own_pictures",
    "peer_statistics",
    "runtimes",
    "sharpness",
]
