"""Engraved music in the window and on paper.

`view` is the score below the piano roll; `pdf` prints pages without a window, too.
"""

__all__ = ["pdf", "view"]
