"""The verse that the model learns from: read out of its package, cleaned, chosen and split.

Making it takes two packages of PyPI (see `prepare`); what is held out of it lies in `data/`.
"""

__all__ = ["books", "cleaning", "lines", "prepare", "pronouncing", "typefaces", "unwanted"]
