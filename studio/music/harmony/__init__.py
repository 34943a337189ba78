"""The chords that a melody implies, or that somebody plays.

`changes` finds them by dynamic programming over what `_evidence` hears in the melody and what
`progressions` likes to follow what; `tracking` hears the chord that is played at this moment.
"""

__all__ = ["changes", "progressions", "tracking"]
