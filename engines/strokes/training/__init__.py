"""How the pens learn: the recipe for what they learn from, batches of it, and the command."""

__all__ = ["batches", "data_set", "export", "recipe", "showing", "train", "trainee"]
