"""How good the model is, on verse that it has not learnt from and in the lines that it writes."""

__all__ = ["cells", "evaluate", "measures", "ngram"]
