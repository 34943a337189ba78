"""How good the pens are: the command, the judges that read what they draw, and simpler models."""

__all__ = ["evaluate", "judge", "simpler"]
