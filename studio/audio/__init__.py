"""Sound out: a child process with a SoundFont, and the app's end of it.

`client` asks, `process` plays; what crosses is in `messages` and `protocol`.
"""

__all__ = ["client", "font", "fonts", "messages", "output", "process", "protocol"]
