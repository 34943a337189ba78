"""The piano roll: the stage of a deck that composes.

`stage` is the way in; tiles are painted once and copied.
"""

__all__ = ["bars", "melody_edit", "stage"]
