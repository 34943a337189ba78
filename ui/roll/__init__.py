"""The piano roll: the stage of a deck that composes."""
