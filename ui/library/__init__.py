"""The column of scenes: the shelf of all that are saved, the set list, and where one has been."""
