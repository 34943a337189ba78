"""Which slot holds which place of a picture, and what a tile is like.

Pure functions from pins and strokes to maps over the picture; the commands are in `studio.session`.
"""

__all__ = ["blend_maps", "layers", "tile_maps"]
