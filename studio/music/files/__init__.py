"""Melodies in files of other programs: MIDI, ABC and MusicXML.

Reading never trusts what it reads; writing goes beside the file and is renamed into place.
"""

__all__ = ["abc", "midi", "musicxml"]
