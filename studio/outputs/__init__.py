"""The picture that leaves the window: decks mixed into frames, and the sinks that take them.

A screen, a stream, a recording and another program are all a `Sink`; none of them ever waits for
another one or holds up the mixing.
"""

__all__ = [
    "drawing",
    "fading",
    "keep_awake",
    "mixing",
    "opencv",
    "room",
    "screen_picture",
    "sink",
    "sinks",
]
