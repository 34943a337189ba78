"""Landscapes by a formula: what stands in the place of a decoder for the model of that name.

The pictures that its encoder learns from are in `data_sets`.
"""

__all__ = ["painter", "palettes"]
