"""Time as beats: the transport, its tempo line, and somebody else's clock to follow.

Nothing here plays a note; all of it is tested on fake time.
"""

__all__ = ["clock_out", "following", "link", "movement", "scene_transport", "timeline", "transport"]
