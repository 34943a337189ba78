"""The session: the one object that the window and a program without one talk to.

`Session` owns the scene and its history; what a hand can do to them are methods of its parts, each
a module here: `session.slots`, `session.pads`, `session.decks`, `session.motion`,
`session.modulation`, `session.gestures`, `session.painting`, `session.mixer`,
`session.own_bars` and `session.words`.
"""

from studio.session._session import Session

__all__ = [
    "Session",
    "decks",
    "gestures",
    "mixer",
    "modulation",
    "motion",
    "own_bars",
    "pads",
    "painting",
    "shown",
    "slots",
    "words",
]
