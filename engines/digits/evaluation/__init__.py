"""How good the models are: one table of all of them, on digits that none has learnt from."""

__all__ = ["evaluate", "judge"]
