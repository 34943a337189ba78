"""The generator tiles, is local, and draws the same by tiles as in one pass."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional as F

from engines.common.device import place
from engines.gan_textures.drawing import Drawer, TorusWindow, cut
from engines.gan_textures.model import (
    ROOT_TWO,
    STRIDE_PX,
    Generator,
    TextureConfig,
    draw_noise,
    wrapped,
)
from engines.gan_textures.noise import Noise
from engines.gan_textures.training import statistics
from engines.gan_textures.training.critic import Critic, critic_loss, generator_loss
from tests.engines.gan_textures.textures import CONFIG, some


@pytest.fixture
def generator():
    torch.manual_seed(0)
    made = Generator(CONFIG).eval()
    with torch.no_grad():  # as if it had learnt to make much of its styles
        for layer in made.layers:
            layer.film.weight.mul_(4)
    return made


def _noise(size_px=64, seed=0):
    return draw_noise(CONFIG, 1, size_px, torch.Generator().manual_seed(seed))


def _rolled(noise, cells):
    steps = [n.shape[-1] // noise[0].shape[-1] for n in noise]
    return [n.roll((cells[0] * s, cells[1] * s), (2, 3)) for n, s in zip(noise, steps, strict=True)]


def _drawer(generator):
    return Drawer(generator, place("cpu"))


def test_rolling_the_noise_by_cells_rolls_the_picture_by_strides(generator):
    films = generator.films(torch.randn(1, CONFIG.style))
    with torch.inference_mode():
        picture = generator(_noise(), films)
        moved = generator(_rolled(_noise(), (1, -2)), films)
    wanted = picture.roll((STRIDE_PX, -2 * STRIDE_PX), (2, 3))
    torch.testing.assert_close(moved, wanted, rtol=1e-5, atol=1e-6)


def test_every_size_that_is_a_multiple_of_the_stride_can_be_drawn(generator):
    noise = Noise(CONFIG, place("cpu"))
    films = _drawer(generator).films(torch.randn(1, CONFIG.style))
    for rows, columns in ((1, 1), (1, 5), (3, 2)):
        drawn = _drawer(generator).draw(noise.at(0, rows, columns, 0), lambda _: films)
        assert drawn.shape == (1, 3, rows * STRIDE_PX, columns * STRIDE_PX)
        assert bool(torch.isfinite(drawn).all())


def test_the_drawer_draws_what_the_generator_learnt(generator):
    drawer, style = _drawer(generator), torch.randn(1, CONFIG.style)
    noise = Noise(CONFIG, place("cpu")).at(3, 4, 6, 0.2)
    with torch.inference_mode():
        drawn = drawer.draw(noise, lambda _: drawer.films(style)).float()
        learnt = generator([n.float() for n in noise], generator.films(style))
    assert (drawn - learnt).abs().mean() < 0.02 * learnt.std()  # bf16 keeps eight bits


@pytest.mark.parametrize("tile", [1, 3, 4])
def test_tiles_join_exactly(generator, tile):
    drawer = _drawer(generator)
    films = drawer.films(torch.randn(1, CONFIG.style))
    noise = Noise(CONFIG, place("cpu")).at(1, 8, 5, 0)
    with torch.inference_mode():
        whole = drawer.draw(noise, lambda _: films, tile=8)
        parts = drawer.draw(noise, lambda _: films, tile=tile)
    torch.testing.assert_close(parts, whole, rtol=0, atol=1e-2 * float(whole.float().std()))


def test_a_cell_is_seen_only_near_to_it(generator):
    films = generator.films(torch.randn(1, CONFIG.style))
    noise = _noise(256)
    other = [noise[0].clone(), *noise[1:]]
    other[0][..., 0, 0] += 5
    with torch.inference_mode():
        changed = (generator(noise, films) - generator(other, films)).abs().sum(1)[0] > 0
    away = torch.arange(256).sub(STRIDE_PX // 2).abs()
    away = torch.minimum(away, 256 - away)
    reach = int(away[changed.any(1)].max())
    assert 8 < reach <= 5 * STRIDE_PX


def test_a_window_reaches_round_the_edges():
    field = torch.arange(12.0).reshape(1, 1, 3, 4)
    piece = cut(field, TorusWindow(0, 0, 3, 4), 1, 2)
    torch.testing.assert_close(piece, F.pad(field, (2, 2, 2, 2), mode="circular"))
    inside = cut(field, TorusWindow(1, 1, 1, 2), 1, 1)
    torch.testing.assert_close(inside, field[..., 0:3, 0:4])


def test_the_padding_and_its_gradient_are_torchs_own():
    x = torch.randn(2, 3, 5, 4, dtype=torch.double, requires_grad=True)
    weight = torch.randn(2, 3, 7, 6, dtype=torch.double)
    ours, theirs = wrapped(x), F.pad(x, (1, 1, 1, 1), mode="circular")
    torch.testing.assert_close(ours, theirs)
    grads = [torch.autograd.grad((p * weight).sum(), x)[0] for p in (ours, theirs)]
    torch.testing.assert_close(*grads)


def test_kernels_keep_their_length(generator):
    for layer in generator.layers:
        lengths = layer.kernel().flatten(1).norm(dim=1)
        torch.testing.assert_close(lengths, torch.ones_like(lengths))
    assert pytest.approx(2) == ROOT_TWO**2


def test_a_configuration_survives_json():
    assert TextureConfig.from_json(CONFIG.to_json()) == CONFIG


def test_noise_is_the_same_again_and_closes_its_way():
    noise = Noise(CONFIG, place("cpu"))
    first, again = noise.at(5, 3, 4, 0.0), Noise(CONFIG, place("cpu")).at(5, 3, 4, 1.0)
    for a, b in zip(first, again, strict=True):
        assert torch.equal(a, b)
    for seed in range(8):  # more than are kept
        assert not torch.equal(noise.at(seed + 6, 3, 4, 0.0)[0], first[0])
    middle = noise.at(5, 16, 16, 0.37)[-1].float()
    assert float(middle.std()) == pytest.approx(1, abs=0.05)


# -- what teaches it -------------------------------------------------------------------------------


def test_statistics_of_a_picture_are_those_of_its_material_wherever_it_is_rolled():
    known = some()
    norms = statistics.norms(known.pictures)
    wanted = statistics.measure(known.pictures, norms)
    rolled = statistics.measure(known.pictures.roll((32, 80), (2, 3)), norms)
    for name, numbers in wanted.items():
        torch.testing.assert_close(rolled[name], numbers, rtol=1e-3, atol=1e-3)
    assert float(wanted["moments"][:, 3].mean()) == pytest.approx(1, abs=0.01)  # the variance


def test_statistics_tell_materials_apart():
    known = some()
    norms = statistics.norms(known.pictures)
    own = statistics.measure(known.pictures, norms)
    other = statistics.measure(known.pictures.roll(1, 0), norms)
    for name in ("near", "sizes", "size_near", "across"):
        assert (own[name] - other[name]).abs().mean() > 0.02, name


def test_statistics_have_gradients():
    known = some()
    norms = statistics.norms(known.pictures)
    drawn = torch.randn(3, 3, 64, 64, requires_grad=True)
    groups = statistics.measure(drawn, norms)
    torch.stack([numbers.abs().mean() for numbers in groups.values()]).sum().backward()
    assert drawn.grad is not None
    assert bool(torch.isfinite(drawn.grad).all())
    assert float(drawn.grad.abs().sum()) > 0


def test_the_critic_judges_near_and_far():
    critic = Critic(3, width=4)
    seen = critic(torch.randn(2, 3, 96, 96), torch.tensor([0, 2]))
    assert [verdict.shape[:2] for verdict in seen] == [(2, 1), (2, 1)]
    assert seen[0].shape[-1] > seen[1].shape[-1]
    pleased, displeased = (torch.full((1,), 2.0),), (torch.full((1,), -2.0),)
    assert float(critic_loss(pleased, displeased)) == 0
    assert float(critic_loss(displeased, pleased)) == 6
    assert generator_loss(pleased) < generator_loss(displeased)
