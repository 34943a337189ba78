"""The session: the one object that the window and the command line talk to.

It owns the scene and its history, and everything that a hand can do to them is one of its methods
or of its parts'.
"""

from studio.session._session import Session

__all__ = ["Session", "drifts", "painting"]
