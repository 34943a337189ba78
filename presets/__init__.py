"""Factory scenes: data only. `studio.presets` reads them."""
