"""The measurements: what `latentloom bench` runs. Not collected by pytest."""
