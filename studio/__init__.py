"""The instrument without a window: no Qt anywhere in it, and no torch at import."""

__version__ = "0.1.0"
