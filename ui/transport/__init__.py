"""The transport row: play, tempo, beat, what changes wait for, and the sound's volume."""

__all__ = ["bar_parts", "live_controls", "score_fields", "sound_controls"]
