"""The piano roll: the stage of a deck that composes.

`stage` is the way in; `melody_edit` is what the roll and the score edit notes by.
"""

__all__ = ["bars", "melody_edit", "stage"]
