"""Notes, phrases, keys and bands: what the instrument knows about music. No Qt, no torch."""
