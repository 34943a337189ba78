"""The chords that a melody implies.

`changes` finds them by dynamic programming over what `_evidence` hears in the melody and what
`progressions` likes to follow what.
"""

__all__ = ["changes", "progressions"]
