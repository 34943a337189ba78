"""The command line: `latentloom` and each of its commands.

`cli` declares them; a command of its own size has a module.
"""

__all__ = ["cli", "doctor", "presets", "report"]
