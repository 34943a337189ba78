"""Points of a latent space: blends, directions, variations, walks and maps.

Pure functions from a deck or from arrays to arrays; nothing here knows an engine or a session.
"""

__all__ = ["atlas", "blending", "mixing", "steering", "variations"]
