"""Files and folders of this computer: atomic writes, strict JSON, places, logs.

Nothing here knows what is stored.
"""

__all__ = ["files", "folders", "logs", "strict_json"]
