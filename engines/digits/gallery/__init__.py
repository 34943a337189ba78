"""The models: a page for each paper, with its network, its loss and how it draws.

`page` says what a page has to have, `parts` what they share, `pages` lists them all.
"""

__all__ = ["autoencoder", "conditional_vae", "page", "pages", "parts", "vae"]
