"""Scenes in play: recalling, morphing, snapshots, the set list and the history panel.

`repertoire` wires all that an artist has saved to a session.
"""

__all__ = ["history", "morphing", "recalling", "repertoire", "snapshots"]
