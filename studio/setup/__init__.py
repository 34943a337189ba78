"""What `start.py` uses to set the project up: system libraries and the environment.

The standard library only.
"""

__all__ = ["install", "pip_output", "system", "torch_build"]
