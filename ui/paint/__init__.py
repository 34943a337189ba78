"""Painting with slots on a picture, drift, and how it tiles."""
