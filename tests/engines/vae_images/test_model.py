from __future__ import annotations

import pytest
import torch
from safetensors.torch import load_file, save_file

from engines.vae_images import shipped
from engines.vae_images.model import Vae, VaeConfig, decoder_flops, fold_norms
from studio.engine import WeightsError
from tests.engines.vae_images import tiny


def test_shapes_there_and_back():
    vae = Vae(tiny.CONFIG).eval()
    mean, log_variance = vae.encoder(torch.rand(3, 3, 16, 16))
    assert mean.shape == log_variance.shape == (3, 6)
    assert vae.decoder(mean).shape == (3, 3, 16, 16)


def test_the_default_model_is_128_px():
    config = VaeConfig()
    assert (config.size_px, config.out_shuffle, config.in_shuffle) == (128, 2, 4)
    assert decoder_flops(config) > 1e9


def test_a_model_may_be_told_what_to_draw_and_give_measures():
    vae = Vae(tiny.LETTERS).eval()
    told = torch.tensor([0, 7, 7])
    mean, _ = vae.encoder(torch.rand(3, 1, 64, 64), told)
    met = vae.decoder.meet(mean[:1].expand(3, -1), told)
    drawn = vae.decoder.draw(met)
    assert drawn.shape == (3, 1, 64, 64)
    assert vae.decoder.measure(met).shape == (3, 1)
    assert not torch.equal(drawn[0], drawn[1])
    torch.testing.assert_close(drawn[1], drawn[2])
    with pytest.raises(ValueError, match="told what to draw"):
        vae.decoder(mean)


def test_conditions_need_somewhere_to_meet():
    with pytest.raises(ValueError, match="hidden layers"):
        VaeConfig(conditions=3)


def test_folding_changes_nothing_but_the_layers():
    torch.manual_seed(0)
    vae = Vae(tiny.CONFIG)
    for _ in range(5):
        vae.decoder(torch.randn(16, 6))  # in training mode: the norms' statistics move
    vae.eval()
    for parameter in vae.parameters():
        parameter.data.add_(0.05 * torch.randn_like(parameter))
    points = torch.randn(4, 6)
    before = vae.decoder(points)
    fold_norms(vae)
    assert not any(isinstance(m, torch.nn.BatchNorm2d) for m in vae.modules())
    torch.testing.assert_close(vae.decoder(points), before, rtol=1e-4, atol=1e-5)


def test_config_survives_the_weights_file(tmp_path):
    model = tiny.write(tmp_path / "tiny.safetensors")
    vae, space = shipped.read(model.weights)
    assert vae.config == tiny.CONFIG
    assert space.axes.shape == (6, 6)


@pytest.mark.parametrize(
    "fields",
    [{"latent_size": 7}, {"decoder_channels": (8, 16)}, {"encoder_channels": (12,)}],
)
def test_weights_of_the_wrong_shape_get_one_sentence(tmp_path, fields):
    path = tmp_path / "tiny.safetensors"
    tiny.write(path)
    other = VaeConfig(**{**tiny.CONFIG.to_json(), **fields})
    theirs = Vae(other).state_dict()
    tensors = load_file(path)
    for name in theirs:
        if theirs[name].is_floating_point():
            tensors[f"vae.{name}"] = theirs[name].contiguous()
    _rewrite(path, tensors)
    with pytest.raises(
        WeightsError, match=r"^The weights file tiny.safetensors was made for .*\.$"
    ):
        shipped.read(path)


def test_truncated_weights_get_one_sentence(tmp_path):
    path = tmp_path / "tiny.safetensors"
    tiny.write(path)
    whole = path.read_bytes()
    for length in (0, 5, 300, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(WeightsError, match="damaged or cut short"):
            shipped.read(path)


def test_other_bad_weights_get_one_sentence(tmp_path):
    path = tmp_path / "tiny.safetensors"
    with pytest.raises(WeightsError, match="missing"):
        shipped.read(path)
    save_file({"a": torch.zeros(2)}, path)
    with pytest.raises(WeightsError, match="does not say"):
        shipped.read(path)
    tiny.write(path)
    tensors = load_file(path)
    tensors["vae.decoder.head.weight"].fill_(float("nan"))
    _rewrite(path, tensors)
    with pytest.raises(WeightsError, match="not finite"):
        shipped.read(path)
    tiny.write(path)
    tensors = load_file(path)
    del tensors["space.axes"]
    _rewrite(path, tensors)
    with pytest.raises(WeightsError, match=r"space\.axes"):
        shipped.read(path)


def test_a_config_that_makes_no_model_is_refused():
    with pytest.raises(ValueError, match="do not lead"):
        VaeConfig(size_px=100)
    with pytest.raises(ValueError, match="its blocks"):
        VaeConfig(decoder_blocks=(1,))


def _rewrite(path, tensors):
    from safetensors import safe_open

    with safe_open(path, framework="pt") as file:
        metadata = file.metadata()
    save_file({n: t.contiguous() for n, t in tensors.items()}, path, metadata)
