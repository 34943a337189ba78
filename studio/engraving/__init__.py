"""Scores engraved: MusicXML to pages of SVG, by Verovio where it is installed.

Verovio holds Python's lock for as long as it works, so beside a window it has a process of its own.
"""

__all__ = ["engraver", "messages", "pages", "process", "score_files"]
