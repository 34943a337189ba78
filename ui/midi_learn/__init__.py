"""MIDI learn on every control: the menu, the map and the outline while learning."""

__all__ = ["binding_map", "learn", "learn_inputs", "map_button"]
