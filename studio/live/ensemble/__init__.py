"""Decks that compose, playing: asked one bar ahead, with a band around them."""
