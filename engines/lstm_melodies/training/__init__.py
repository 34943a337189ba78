"""How the melody model learns: batches, steps and the weights file at the end.

Nothing here is needed to play.
"""

__all__ = ["batches", "directions", "export", "train", "trainee"]
