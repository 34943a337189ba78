"""The SoundFont that comes along, and the recipe that made it (LICENCE.md states its terms)."""
