"""The gallery of digits: what its models learn from, how they are asked, looked at and kept."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open

from engines.common.training import LOG
from engines.digits import shipped
from engines.digits.asked import Asked
from engines.digits.curves import POINTS, with_curves
from engines.digits.digits import SIDE_PX, Digits, binarised
from engines.digits.engine import DigitEngine, shares_of
from engines.digits.evaluation.evaluate import evaluate, information
from engines.digits.gallery.by_pixel import ByPixel
from engines.digits.gallery.class_priors import ClassPriors
from engines.digits.gallery.lapgan import LaplacianGan
from engines.digits.gallery.page import BoundedPage
from engines.digits.gallery.pages import PAGES
from engines.digits.looking import looked_at
from engines.digits.picture import ADVANCE_PX, inked
from engines.digits.spec import SPEC
from engines.digits.strip import MOMENTS
from engines.digits.training import data_set
from engines.digits.training.export import losses
from engines.digits.training.train import train
from engines.digits.training.trainee import asked_of
from studio.engine import Job, Resources

CPU = Resources(device="cpu", threads=1)


def few(count: int = 60) -> Digits:
    some = torch.arange(0, 9000, 9000 // count)[:count]
    digits = data_set.training()
    return Digits(digits.ink[some], digits.classes[some])


def test_nine_of_ten_digits_of_each_kind_are_learnt_and_one_is_held_out() -> None:
    learnt, held_out = data_set.training(), data_set.held_out()
    assert (len(learnt.ink), len(held_out.ink)) == (9000, 1000)
    for digits, least in ((learnt, 750), (held_out, 80)):
        assert digits.ink.shape[1:] == (1, SIDE_PX, SIDE_PX)
        assert torch.bincount(digits.classes, minlength=10).min() >= least
        assert 0 <= digits.ink.min() < digits.ink.max() <= 1


def test_the_packed_digits_are_those_of_the_package(tmp_path: Path) -> None:
    for digit in range(10):
        (tmp_path / f"{digit}.json").write_text(f'{{"data": {[digit / 255] * 2 * 784}}}')
    classes, ink = data_set.unpacked(data_set.packed(tmp_path))
    assert classes.tolist() == [d for d in range(10) for _ in range(2)]
    assert (ink == classes[:, None, None]).all()


@pytest.mark.parametrize("model", PAGES)
def test_every_model_learns_by_one_command_and_is_kept_whole(model: str, tmp_path: Path) -> None:
    path = train(model, out=tmp_path, steps=2, threads=1, device="cpu", digits=few())
    read = shipped.read(path)
    page, asked = read.page, asked_of(few().shares()[:3])
    points = torch.randn(3, page.latent_size, generator=torch.Generator().manual_seed(0))
    drawn = page.draw(points, asked)
    assert drawn.shape == (3, 1, SIDE_PX, SIDE_PX)
    assert 0 <= drawn.min() <= drawn.max() <= 1
    assert page.encode(drawn, asked).shape == points.shape
    with safe_open(path, "pt") as file:
        assert not any(name.split(".")[1] in page.teachers for name in file.keys())  # noqa: SIM118
    if isinstance(page, BoundedPage):
        assert page.bounds(few().binary()[:5]).shape == (5,)
    network = getattr(page, page.strip)
    assert int(read.strip.taken) >= 2, "the beginning, and what came after a step"
    for name, tensor in read.strip.at(1.0, network).items():
        assert torch.equal(tensor, network.state_dict()[name])


@pytest.fixture(scope="module")
def engine() -> DigitEngine:
    engine = DigitEngine()
    engine.load(SPEC.model("plane"), CPU)
    return engine


def test_the_training_can_be_scrubbed_from_chance_to_the_end(engine: DigitEngine) -> None:
    job = Job(latent=np.ones(2, np.float32))
    ends = [engine.render(replace(job, parameters={"training": t})) for t in (0, 1)]
    assert np.array_equal(ends[1], engine.render(job))
    assert np.abs(ends[0].astype(float) - ends[1]).mean() > 10
    moment = 5 / len(MOMENTS)
    near = [
        engine.render(replace(job, parameters={"training": t})).astype(float)
        for t in (moment - 1e-6, moment + 1e-6)
    ]
    assert np.abs(near[0] - near[1]).max() <= 2, "no jump at a moment"


def test_the_losses_of_a_training_stand_where_the_slider_finds_them(tmp_path: Path) -> None:
    """The slider goes through the moments of the strip, most of which are early."""
    log = [{"step": n, "seconds": 0.1, "critic": 1.0 - n / 1000} for n in range(10, 1010, 10)]
    lines = "".join(f"{json.dumps(entry)}\n" for entry in (*log, log[-1]))  # resumed: said twice
    (tmp_path / LOG).write_text(lines)
    (critic,) = losses(tmp_path).values()
    assert critic.shape == (POINTS,)
    for place in range(POINTS):
        done = np.interp(10 * place / (POINTS - 1), range(11), (*MOMENTS, 1.0))
        assert critic[place] == pytest.approx(1 - done, abs=0.05)
    assert losses(tmp_path / "none") == {}


def test_curves_stand_in_the_paper_below_the_digit_with_a_mark_where_one_is() -> None:
    falling = {"critic": torch.linspace(3, 1, POINTS), "generator": torch.linspace(0, 1, POINTS)}
    page = with_curves(torch.zeros(256, 256), falling, 0.25)
    assert page[: 256 - round(0.12 * 256)].max() == 0
    lane = page[-round(0.12 * 256) :]
    assert lane[:, 62:66].min(0).values.max() == 1, "the mark is a line across the lane"
    tops = [float(lane[:, x].argmax()) for x in (10, 128, 246)]
    assert tops == sorted(tops), "from above to below"
    assert lane[:8, 240].max() == pytest.approx(0.5, abs=0.05), "the second one is paler"


def test_digits_are_counted_up_and_blended() -> None:
    assert shares_of("42", 0).argmax(1).tolist() == [4, 2]
    assert shares_of("89", 3).argmax(1).tolist() == [1, 2]
    half = shares_of("7", 0.5)[0]
    assert half[7] == half[8] == 0.5
    assert torch.equal(shares_of("7", 10), shares_of("7", 0))
    assert shares_of("", 0).shape == (1, 10)


def test_two_digits_stand_in_a_line_in_one_picture() -> None:
    ink = torch.zeros(2, 1, SIDE_PX, SIDE_PX)
    ink[:, :, 8:20, 12:16] = 1
    picture = inked(ink, {"ink": "white on black"}, 200).mean(0)
    columns = picture.max(0).values > 0.5
    assert picture.shape == (200, 200)
    centres = [float(half.nonzero().float().mean()) for half in columns.chunk(2)]
    scale = 200 / (SIDE_PX + ADVANCE_PX)
    assert 100 + centres[1] - centres[0] == pytest.approx(ADVANCE_PX * scale, abs=2)


def test_a_digit_drawn_anywhere_at_any_size_in_any_colour_is_seen_as_one_of_mnists() -> None:
    """As a hand draws it on the canvas: larger, in a corner, light on dark or dark on light."""
    digit = data_set.held_out().ink[777]
    large = torch.nn.functional.interpolate(digit[None], scale_factor=9, mode="bilinear")[0, 0]
    canvas = np.zeros((400, 640), np.float32)
    canvas[20 : 20 + 252, 330 : 330 + 252] = large.numpy()
    for dark, light in (((0, 0, 0), (255, 255, 255)), ((250, 240, 220), (20, 30, 120))):
        colours = np.asarray([dark, light], np.float32)
        pixels = (colours[0] + canvas[..., None] * (colours[1] - colours[0])).astype(np.uint8)
        seen = looked_at(pixels)
        apart = (binarised(seen) - binarised(digit[None])).abs().sum()
        assert apart < 0.3 * binarised(digit).sum()


def test_a_digit_in_the_middle_that_is_a_little_smaller_stays_so() -> None:
    """A model's own picture goes into a slot as it is; only much smaller ones are enlarged."""
    digit = data_set.held_out().ink[777:778]
    for side, stays in ((23, True), (14, False)):
        small = torch.nn.functional.interpolate(digit, (side, side), mode="area")
        lines = [(SIDE_PX - side) // 2, SIDE_PX - side - (SIDE_PX - side) // 2] * 2
        ink = torch.nn.functional.pad(small, lines)[0, 0]
        pixels = (255 * ink[..., None].expand(-1, -1, 3)).to(torch.uint8).numpy()
        apart = (looked_at(pixels)[0, 0] - ink / ink.max()).abs().max()
        assert (float(apart) < 0.02) == stays, side


def test_one_table_tells_of_all_models() -> None:
    rows = {row.name: row for row in evaluate(None, "cpu", count=40, epochs=0)}
    for model in SPEC.models:
        assert 0 <= rows[f"{model.name}_precision"].value <= 1
        assert rows[f"{model.name}_picture"].value > 0
    assert rows["plane_bound"].value < 784 * np.log(2), (
        "nats of a picture of which nothing is known"
    )
    alone = {row.name: row.value for row in evaluate("plane", "cpu", count=40, epochs=0)}
    told = {name for name in rows if name.startswith(("plane_", "real_"))}
    assert alone.keys() == told
    assert alone["plane_bound"] == rows["plane_bound"].value


def test_a_pen_gives_back_the_very_digit_and_goes_on_from_its_upper_half() -> None:
    for name in ("pixelcnn", "pixelrnn"):
        page, digits = PAGES[name]().eval().requires_grad_(False), few().binary()[20:22]
        points = page.encode(digits, Asked())
        assert torch.equal(page.draw(points, Asked()), digits), name
        on = page.draw(points, Asked(kept=0.5, seed=3))
        assert torch.equal(on[:, :, :14], digits[:, :, :14])
        assert not torch.equal(on, page.draw(points, Asked(kept=0.5, seed=4)))
        assert page.draw(points, Asked(progress=0.5))[:, :, 14:].sum() == 0


def test_a_pen_says_of_every_pixel_what_its_network_says_of_the_whole() -> None:
    digits = few().binary()[20:23]
    for name in ("pixelcnn", "pixelrnn"):
        page = PAGES[name]().eval().requires_grad_(False)
        assert isinstance(page, ByPixel)
        network = page.network
        for number, weights in enumerate(network.parameters()):
            chance = torch.Generator().manual_seed(number)
            weights.copy_(0.4 * torch.randn(weights.shape, generator=chance))
        whole = network(digits)[:, 0].numpy()
        pen, said = network.pen(len(digits)), np.empty_like(whole)
        for row in range(SIDE_PX):
            pen.row(row)
            for column in range(SIDE_PX):
                said[:, row, column] = pen.logits(column)
                pen.drawn(column, digits[:, 0, row, column].numpy())
        assert np.ptp(whole) > 2, "it says something"
        assert np.abs(said - whole).max() < 1e-4 * np.ptp(whole), name


@pytest.mark.parametrize("model", ["conditional_vae", "adversarial_autoencoder"])
def test_points_of_every_class_are_those_of_one_prior_once_all_is_learnt(model: str) -> None:
    page, digits = PAGES[model]().eval().requires_grad_(False), few(600)
    assert isinstance(page, ClassPriors)
    ink = digits.binary() if page.binary else digits.ink
    _, variances = page.codes(ink, digits.shares())
    before = page.encode(ink, asked_of(digits.shares()))
    page.finish(digits)
    points = page.encode(ink, asked_of(digits.shares()))
    for digit in range(10):
        own = digits.classes == digit
        assert points[own].mean(0).abs().max() < 1e-3
        assert before[own].mean(0).abs().max() > 1e-2
        if not variances.any():  # codes without a cloud: all of the spread is theirs
            assert (torch.cov(points[own].T) - torch.eye(page.latent_size)).abs().max() < 0.05
    drawn = page.draw(points, asked_of(digits.shares()))
    codes, _ = page.codes(ink, digits.shares())
    assert torch.allclose(drawn, page.drawn(codes, digits.shares()), atol=1e-3)


def test_a_band_of_the_pyramid_brings_what_is_below_to_ink() -> None:
    """Whatever is below, the sum is ink or paper: what enlarging has spread can be taken back."""
    page = LaplacianGan().eval().requires_grad_(False)
    below = torch.rand(5, 1, SIDE_PX, SIDE_PX, generator=torch.Generator().manual_seed(0))
    band = page.generators[-1](below, torch.randn(5, 8))
    assert band.min() < 0 < band.max()
    assert 0 <= (below + band).min() <= (below + band).max() <= 1


def test_a_window_of_draw_begins_in_the_middle_and_covers_half_the_paper() -> None:
    page = PAGES["draw"]().eval().requires_grad_(False)
    ink = page.draw(torch.zeros(1, page.latent_size), Asked(progress=1 / 12, glimpses=True))
    rows, columns = torch.nonzero(ink[0, 0] > 0.5, as_tuple=True)
    for at in (rows, columns):
        assert abs(float(at.min() + at.max()) / 2 - SIDE_PX / 2) <= 2
        assert abs(float(at.max() - at.min()) - SIDE_PX / 2) <= 3


def test_mutual_information_is_what_its_formula_says() -> None:
    classes = torch.arange(100) % 10
    assert information(classes, classes) == pytest.approx(np.log(10))
    assert information(classes, torch.arange(100) // 10) == pytest.approx(0, abs=1e-9)
