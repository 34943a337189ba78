"""Learning from a folder of the artist's own, beside the playing: what a folder holds, what of it
is learnt and how, the training as a child process, and what comes of it while it goes on.

No engine is known here by name: each says in its spec what it can learn from (`EngineSpec.learns`).
"""

__all__ = [
    "client",
    "folder",
    "looking",
    "preparing",
    "process",
    "runs",
    "samples",
    "trainings",
    "watching",
]
