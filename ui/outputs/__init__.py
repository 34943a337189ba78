"""The output picture on screens: its windows, their corner pins and test card, and the mixer.

What is mixed is in `studio.outputs`; the windows show its frames and keep the computer awake.
"""

__all__ = ["mixer_page", "screen_dialog", "screens", "test_card", "views", "window", "windows"]
