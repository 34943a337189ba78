"""How the picture models learn, what each of them learns, and the weights file at the end.

Nothing here is needed to draw.
"""

__all__ = [
    "export",
    "inker_train",
    "inker_trainee",
    "lessons",
    "mapping",
    "own",
    "peer",
    "sharpener_lessons",
    "sharpener_train",
    "sharpener_trainee",
    "train",
    "trainee",
]
