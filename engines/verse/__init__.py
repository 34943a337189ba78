"""Lines of verse that follow a point: a small recurrent model of public-domain verse.

What writes and draws stands here; what the model learns from, how it learns and how good it is are
packages of their own.
"""

__all__ = [
    "copies",
    "corpus",
    "engine",
    "evaluation",
    "lexicon",
    "model",
    "page",
    "poem",
    "shipped",
    "spec",
    "spelling",
    "stepping",
    "training",
    "writing",
]
