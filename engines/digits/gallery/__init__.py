"""The models: a page for each paper, with its network, its loss and how it draws.

`page` says what a page has to have, `parts` what they share, `pages` lists them all.
"""

__all__ = [
    "adversarial_autoencoder",
    "autoencoder",
    "by_pixel",
    "class_priors",
    "conditional_gan",
    "conditional_vae",
    "dcgan",
    "draw",
    "infogan",
    "lapgan",
    "masked",
    "page",
    "pages",
    "parts",
    "pixelcnn",
    "pixelrnn",
    "vae",
    "vae_gan",
]
