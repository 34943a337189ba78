"""Sound out: a child process with a SoundFont, and the app's end of it; in `listening`, sound in.

`client` asks, `process` plays; what crosses is in `messages` and `protocol`.
"""

__all__ = [
    "app_pipe",
    "block_clock",
    "client",
    "device_client",
    "device_process",
    "font",
    "fonts",
    "listening",
    "messages",
    "offline",
    "output",
    "priority",
    "process",
    "protocol",
]
