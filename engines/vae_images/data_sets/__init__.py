"""The pictures and letters that the models learn from, drawn or read, and what is told of them.

The sources lie in `data/`; what is drawn from them is kept wherever the artist says.
"""

__all__ = [
    "dataset",
    "emoji",
    "faces",
    "inked_faces",
    "inker_pairs",
    "labels",
    "landscapes",
    "letters",
    "materials",
    "own",
    "sharpener_pairs",
]
