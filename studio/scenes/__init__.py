"""Scenes in play: recalling, morphing, snapshots, the set list and the history panel.

`repertoire` wires all that an artist has saved to a session.
"""

__all__ = [
    "crash_recovery",
    "crossing",
    "history",
    "morphing",
    "preset_commands",
    "recalling",
    "repertoire",
    "set_list_commands",
    "snapshots",
]
