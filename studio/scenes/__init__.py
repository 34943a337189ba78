"""Scenes in play: called up, morphed, snapped, remembered; all that is saved, wired up."""
