"""Pictures and letterforms from variational auto-encoders.

What draws stands here; where the pictures come from, how the models learn and how good they are
are packages of their own.
"""

__all__ = [
    "alphabet",
    "art",
    "base_art",
    "clean_edges",
    "contours",
    "data_sets",
    "drawing",
    "engine",
    "evaluation",
    "fields",
    "inking",
    "kerning",
    "landscapes",
    "latent_space",
    "letterpress",
    "losses",
    "model",
    "refining",
    "sharpener",
    "sharpener_file",
    "shipped",
    "spec",
    "style",
    "training",
    "typesetting",
]
