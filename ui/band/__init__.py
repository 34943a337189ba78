"""The page of a deck that composes: a line to wish in, and the band."""
