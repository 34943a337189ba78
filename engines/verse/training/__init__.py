"""How the models learn: lines as numbers, the trainee, the command, and what is written after."""

__all__ = ["data_set", "export", "train", "trainee"]
