"""How good the melody model is, beside real tunes and plainer models, and how fast.

Nothing here is needed to play.
"""

__all__ = [
    "bench",
    "blends",
    "copying",
    "evaluate",
    "in_time",
    "joins",
    "judge",
    "ngram",
    "plain",
    "recovery",
    "scoring",
    "shape",
    "songbook",
]
