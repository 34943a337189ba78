"""All models of the gallery, by their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engines.digits.gallery.adversarial_autoencoder import AdversarialAutoEncoder
from engines.digits.gallery.autoencoder import AutoEncoder
from engines.digits.gallery.conditional_gan import ConditionalGan
from engines.digits.gallery.conditional_vae import ConditionalVae
from engines.digits.gallery.dcgan import Dcgan
from engines.digits.gallery.draw import Draw
from engines.digits.gallery.infogan import InfoGan
from engines.digits.gallery.lapgan import LaplacianGan
from engines.digits.gallery.page import Page
from engines.digits.gallery.pixelcnn import PixelCnn
from engines.digits.gallery.pixelrnn import PixelRnn
from engines.digits.gallery.vae import Plane, VariationalAutoEncoder
from engines.digits.gallery.vae_gan import VaeGan

PAGES: Mapping[str, Callable[[], Page]] = {
    "plane": Plane,
    "autoencoder": AutoEncoder,
    "vae": VariationalAutoEncoder,
    "conditional_vae": ConditionalVae,
    "adversarial_autoencoder": AdversarialAutoEncoder,
    "vae_gan": VaeGan,
    "dcgan": Dcgan,
    "conditional_gan": ConditionalGan,
    "infogan": InfoGan,
    "lapgan": LaplacianGan,
    "draw": Draw,
    "pixelcnn": PixelCnn,
    "pixelrnn": PixelRnn,
}
