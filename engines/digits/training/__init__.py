"""How the models learn: the one trainee for all pages, the command, and what is written after."""

__all__ = ["data_set", "export", "train", "trainee"]
