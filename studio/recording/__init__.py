"""Recording: the take of a performance, its film and notes; and whatever plays a take again.

A take is every change of the scene against time. `recorder` makes one while somebody plays, `take`
reads it.
"""

__all__ = [
    "errors",
    "film",
    "film_client",
    "layers",
    "notes",
    "process",
    "recorder",
    "replay",
    "take",
    "take_reader",
    "take_writer",
    "words",
]
