"""What is saved: the scene with its parameters, score, routes and history.

Everything here is immutable or pure and imports no other package; a new field of the scene is one
declaration in `scene`.
"""

__all__ = [
    "addresses",
    "arrays",
    "errors",
    "field_rules",
    "frozen",
    "history",
    "mix",
    "mix_crossing",
    "modulation",
    "own_bars",
    "parameters",
    "routes",
    "scene",
    "score",
    "seeds",
]
