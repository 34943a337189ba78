"""The transport row: play, tempo, beat, what changes wait for, and the sound's volume."""

__all__ = ["bar_parts", "live", "score_fields", "sound_corner"]
