"""Engraved music in the window and on paper.

`view` is the score below the piano roll, `printer` writes scores to files; `pdf` prints pages
without a window, too.
"""

__all__ = ["pdf", "printer", "view"]
