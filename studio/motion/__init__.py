"""What moves by itself: walks through slots, and cyclic parameters that drift.

Pure arithmetic on time; `studio.session` puts it into the scene.
"""

__all__ = ["drifting", "walking"]
