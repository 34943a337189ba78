"""All models of the gallery, by their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engines.digits.gallery.autoencoder import AutoEncoder
from engines.digits.gallery.conditional_vae import ConditionalVae
from engines.digits.gallery.page import Page
from engines.digits.gallery.vae import Plane, VariationalAutoEncoder

PAGES: Mapping[str, Callable[[], Page]] = {
    "plane": Plane,
    "autoencoder": AutoEncoder,
    "vae": VariationalAutoEncoder,
    "conditional_vae": ConditionalVae,
}
