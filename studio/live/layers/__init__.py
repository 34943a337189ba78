"""The pictures of the layers that no engine draws: the piano roll, and the text of the preset.

Both are light on black, so that screen and luma key let what lies below them through. They are
drawn without Qt, on the mixing thread and in a take that is played again.
"""

__all__ = ["drawn", "painter", "roll_bars", "roll_scale"]
