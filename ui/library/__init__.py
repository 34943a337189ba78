"""The library beside the stage: presets, set list and history."""

__all__ = ["library", "model"]
