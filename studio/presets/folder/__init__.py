"""The artist's folder of presets, which other programs write to as well.

`library` is the way in: documents, set lists, versions, trash and thumbnails.
"""

__all__ = [
    "entries",
    "finding",
    "librarian",
    "library",
    "names",
    "places",
    "set_lists",
    "thumbnails",
    "trash",
    "versions",
]
