"""Seamless materials from a convolutional GAN that tile, blend and can be painted with."""
