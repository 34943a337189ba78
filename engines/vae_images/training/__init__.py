"""How the picture models learn, what each of them learns, and the weights file at the end.

Nothing here is needed to draw.
"""

__all__ = [
    "crisper_train",
    "crisper_trainee",
    "export",
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
