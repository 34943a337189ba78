"""Everything that MIDI, OSC, keys and modulation can move, by its address.

`controls` is the mechanism; the other modules declare the addresses of decks, drift, the mixer,
modulation and transport.
A package with controls of its own declares them in a module called `controls`.
"""

__all__ = [
    "controls",
    "deck_controls",
    "drift_controls",
    "mix_controls",
    "modulation_controls",
    "transport_controls",
]
