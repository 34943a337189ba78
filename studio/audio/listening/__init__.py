"""What is heard in a sound input or in the instrument's own sound: levels of bands, and onsets.

`analysis` is pure; `listener` runs it beside a stream, in the sound process and in one that has a
sound input open, `process`; `client` is the app's end of that one, and `messages` what crosses.
"""

__all__ = ["analysis", "client", "listener", "messages", "process"]
