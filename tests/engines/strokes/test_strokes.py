"""The pen: what it learns from, how probable movements are, how it draws, and what comes out."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engines.strokes import mixture, shipped
from engines.strokes.drawings import Drawing, Strokes, bounds, packed, unpacked
from engines.strokes.engine import StrokeEngine
from engines.strokes.evaluation.evaluate import evaluate
from engines.strokes.ink import curve, inked
from engines.strokes.kinds import CATEGORIES, HANDS, HELD_OUT_HANDS, RADICALS, is_whole
from engines.strokes.likeness import found, nearest
from engines.strokes.lines import framed, thinned
from engines.strokes.looking import SIDE_PX, looked_at, seen
from engines.strokes.mixture import DRAWS, ENDS, LIFTS
from engines.strokes.models import END, PLANS, WRITTEN
from engines.strokes.network import BEGINNING, LAST, Pen, Shape, begins, inputs
from engines.strokes.playing import MOST_A_CHARACTER, Hand, Player, chosen
from engines.strokes.setting import in_rows, lined, so_far
from engines.strokes.spec import SPEC
from engines.strokes.training import data_set
from engines.strokes.training.batches import Batches, Pictures, Words
from engines.strokes.training.recipe import doodles
from engines.strokes.training.train import train
from engines.strokes.training.trainee import missed
from studio.engine import EngineError, Job, Resources
from studio.export.plotting import travel

CPU = Resources(device="cpu", threads=1)
SQUARE: Strokes = (np.asarray([[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]], np.float32),)


def few(model: str) -> Batches:
    plan = PLANS[model]
    if plan.shape.characters:
        return Words(plan, data_set.training("letters"))
    return Pictures(plan, data_set.training(model)[::90])


# -- what is learnt from ---------------------------------------------------------------------------


def test_every_kind_and_every_hand_is_there_to_learn_from_and_some_are_held_out() -> None:
    for name, kinds in (("doodles", CATEGORIES), ("signs", RADICALS)):
        told = [d.kind for d in data_set.training(name)]
        assert all(told.count(kind) >= 10 for kind in kinds), name
        assert sum(d.kind in kinds for d in data_set.held_out(name)) > 120
        learnt = {d.name.rpartition(" ")[2] for d in data_set.training(name)}
        assert not learnt & {d.name.rpartition(" ")[2] for d in data_set.held_out(name)}
    assert {d.kind for d in data_set.training("letters")} == set(HANDS)
    assert {d.kind for d in data_set.held_out("letters")} == set(HELD_OUT_HANDS)


def test_drawings_are_packed_to_the_grid_and_back() -> None:
    drawings = [
        Drawing("a", "x", (*SQUARE, np.asarray([[0.25, -0.5]], np.float32)), 0.5),
        Drawing("b", "y", (np.asarray([[1.5, 0], [-1.5, 0.75]], np.float32),)),
    ]
    for one, again in zip(drawings, unpacked(packed(drawings, 20)), strict=True):
        assert (again.name, again.kind, again.advance) == (one.name, one.kind, one.advance)
        for a, b in zip(one.strokes, again.strokes, strict=True):
            assert np.abs(a - b).max() <= 0.026


def test_a_line_is_thinned_to_what_it_needs() -> None:
    angles = np.linspace(0, np.pi, 200)
    arc = np.stack([np.cos(angles), np.sin(angles)], 1)
    thin = thinned(arc, 0.02)
    assert 6 <= len(thin) <= 12
    drawn = curve(thin.astype(np.float32), 16)
    assert np.abs(np.hypot(*drawn.T) - 1).max() < 0.02, "and the curve through that is the same"


def test_the_recipe_reads_icons_as_their_packages_have_them(tmp_path: Path) -> None:
    tabler = {
        "heart-plus": [["path", {"d": "M4 4h8v8z"}], ["path", {"d": "M12 12l4 4"}]],
        "heart-off": [["path", {"d": "M4 4h8"}]],
        "brand-x": [["path", {"d": "M4 4h8"}]],
    }
    told = {name: {"category": "Brand" if "brand" in name else "Health"} for name in tabler}
    lucide = {"sun": [["circle", {"cx": "12", "cy": "12", "r": "6"}]]}
    for name, data in (
        ("tabler-nodes-outline", tabler),
        ("icons", told),
        ("icon-nodes", lucide),
    ):
        (tmp_path / f"{name}.json").write_text(json.dumps(data))
    heart, sun = doodles(tmp_path, tmp_path)
    assert (heart.name, heart.kind) == ("tabler heart-plus", "heart")
    assert not is_whole(heart.name)
    assert [len(s) for s in heart.strokes] == [4, 2]
    assert sun.kind == "star"
    (circle,) = sun.strokes
    assert np.abs(np.hypot(*curve(circle).T) - 0.5).max() < 0.03


# -- how probable a movement is --------------------------------------------------------------------


def test_the_density_of_movements_sums_to_one_and_falls_away_from_the_middle() -> None:
    torch.manual_seed(0)
    told = torch.randn(mixture.size(3)) * 0.3
    line = torch.linspace(-8, 8, 321)
    places = torch.stack(torch.meshgrid(line, line, indexing="ij"), -1).reshape(-1, 2)
    states = torch.zeros(len(places), dtype=torch.int64)
    nats = mixture.nats(told.expand(len(places), -1), places, states)
    share = torch.softmax(told[:3], 0)[0]
    assert float((-nats).exp().sum() * 0.05**2) == pytest.approx(float(share), rel=0.01)


def test_the_pen_in_play_follows_the_network_that_was_trained() -> None:
    """numpy's steps are torch's: at temperature 0 each movement is the likeliest one's middle."""
    torch.manual_seed(1)
    for shape in (Shape(latent=4, hidden=12, kinds=3), Shape(latent=4, hidden=12, characters=7)):
        pen = Pen(shape).eval().requires_grad_(False)
        pen.head.bias[ENDS] = -9  # it goes on, and each character has its most movements
        code = torch.randn(1, 4)
        shares = torch.tensor([[0.0, 1, 0]]) if shape.kinds else None
        text = torch.tensor([[2, 5, 3, 6]]) if shape.characters else None
        given = [None if t is None else t[0].numpy() for t in (shares, text)]
        drawn = Player(pen, 1.0).draw(code[0].numpy(), Hand(0.0), *given)
        points = torch.from_numpy(np.concatenate(drawn.strokes))[None]
        movements = torch.diff(points, dim=1, prepend=torch.zeros(1, 1, 2))
        states = torch.zeros(movements.shape[:2], dtype=torch.int64)
        states[0, np.cumsum([len(s) for s in drawn.strokes]) - 1] = LIFTS
        if shape.characters:
            states[0, MOST_A_CHARACTER - 1 :: MOST_A_CHARACTER] = ENDS
        steps = inputs(movements, states, text is not None)
        places = torch.full(movements.shape[:2], BEGINNING)
        for step in range(1, movements.shape[1] if shape.characters else 1):
            moves = pen.moves(pen.hidden(code, steps, None, text, places))
            letter = places[0, step - 1].floor()
            goes_on = (places[0, step - 1] + moves[0, step - 1]).clamp_max(letter + LAST)
            ended = states[0, step - 1] == ENDS
            places[0, step] = letter + 1 + BEGINNING if ended else goes_on
        told = pen(pen.hidden(code, steps, shares, text, places if shape.characters else None))
        assert movements.shape[1] > 10
        for movement, numbers in zip(movements[0].numpy(), told[0].numpy(), strict=True):
            likeliest, _ = chosen(numbers, 0.0, np.zeros(2), np.zeros(2))
            assert np.abs(likeliest - movement).max() < 1e-3


def test_the_window_goes_to_the_next_letter_when_the_pen_has_ended_one_and_at_its_most() -> None:
    torch.manual_seed(2)
    shape = Shape(latent=4, hidden=12, characters=7)
    text = np.asarray([2, 5, 3, 6])
    for bias, count in ((9.0, 1), (-9.0, MOST_A_CHARACTER)):
        pen = Pen(shape).eval().requires_grad_(False)
        pen.head.bias[ENDS] = bias
        drawn = Player(pen, 1.0).draw(np.zeros(4, np.float32), Hand(0.0), text=text)
        knots = [0, 0, 0]
        for stroke, letter in zip(drawn.strokes, drawn.letters, strict=True):
            knots[letter] += len(stroke)
        assert knots == [count] * 3


def test_where_the_pen_is_in_text_is_told_from_where_its_letter_began() -> None:
    movements = torch.tensor([[[1.0, 1], [2, 0], [3, -1], [1, 0], [1, 0]]])
    states = torch.tensor([[DRAWS, ENDS, DRAWS, LIFTS, ENDS]])
    assert begins(states)[0].tolist() == [True, False, True, False, False]
    places = inputs(movements, states, along=True)[0, :, 2:4]
    assert places.tolist() == [[0, 0], [0, 1], [2, 1], [0, 0], [1, 0]]
    assert inputs(movements, states, along=False)[0, 3, 2] == 6


def test_a_pen_that_has_missed_learns_the_way_to_the_next_right_place() -> None:
    batch = few("doodles").batch(range(4))
    did, wanted = missed(batch)
    right, stands = batch.movements.cumsum(1), did.cumsum(1)
    there = batch.counts > 0
    assert (stands - right)[there].abs().mean() > 0.01
    led = stands + torch.cat([wanted[:, 1:], wanted[:, :1]], 1)
    both = there[:, :-1] & there[:, 1:]
    assert (led[:, :-1] - right[:, 1:])[both].abs().max() < 1e-4


# -- how it learns ---------------------------------------------------------------------------------


@pytest.mark.parametrize("model", PLANS)
def test_every_model_learns_by_one_command_and_is_kept_whole(model: str, tmp_path: Path) -> None:
    plan = PLANS[model]
    path = train(model, out=tmp_path, steps=2, threads=1, device="cpu", batches=few(model))
    read = shipped.read(path)
    assert read.atlas.points.shape[1] == plan.shape.latent
    shares = np.eye(len(read.prior.means), dtype=np.float32)[0]
    code = read.prior.code(read.atlas.points[0], shares)
    assert np.abs(read.prior.point(code, shares) - read.atlas.points[0]).max() < 1e-2
    text = np.asarray([3, 4, END]) if plan.shape.characters else None
    drawn = Player(read.pen, plan.unit).draw(code, Hand(0.5), shares if plan.kinds else None, text)
    assert np.isfinite(np.concatenate(drawn.strokes)).all()
    assert list(tmp_path.glob("*.png")), "a sheet to look at"


def test_an_unknown_model_is_refused_by_a_sentence() -> None:
    with pytest.raises(EngineError, match="no model 'paint' of strokes"):
        train("paint")


# -- on the page -----------------------------------------------------------------------------------


def test_words_stand_in_lines_in_the_middle_and_long_text_goes_on_below() -> None:
    word = (np.asarray([[0, -0.5], [2, 0]], np.float32),)
    for count, lines in ((1, 1), (2, 2), (9, 3)):
        page = lined([word] * count)
        assert np.abs(np.concatenate(page)).max() <= 0.9
        left, top, right, bottom = bounds(page)
        assert abs(left + right) + abs(top + bottom) < 1e-4
        assert len({round(float(s[-1, 1]), 3) for s in page}) == lines
    assert lined([]) == ()
    grid = in_rows([SQUARE] * 5)
    assert len({tuple(np.rint(50 * s.mean(0))) for s in grid}) == 5


def test_progress_draws_from_nothing_to_the_whole_and_takes_it_away_again() -> None:
    lines = (*SQUARE, np.asarray([[0, 0], [0.5, 0]], np.float32))

    def ink(progress: float) -> float:
        there = so_far(lines, progress)
        return float(sum(np.hypot(*np.diff(s, axis=0).T).sum() for s in there))

    way = [ink(p) for p in np.linspace(0, 1, 21)]
    assert way[0] == way[-1] == 0
    assert max(way) == way[10] == pytest.approx(5.4 + 0.5)
    assert way[:10] == sorted(way[:10])
    assert way[10:] == sorted(way[10:], reverse=True)
    assert np.abs(so_far(lines, 0.1)[0][0] - SQUARE[0][0]).max() < 1e-6, "drawn from its start"


def test_a_pen_is_as_wide_as_it_is_told_at_every_size_and_presses_where_it_comes_down() -> None:
    down = (np.asarray([[0, -0.9], [0, 0.9]], np.float32),)
    for size_px in (128, 512):
        ink = inked(down, size_px, 0.1).astype(float) / 255
        assert ink[size_px // 2].sum() == pytest.approx(0.05 * size_px, rel=0.1)
    pressed = inked(tuple(curve(s, 16) for s in down), 256, 0.1, 1.0)
    assert pressed[128].sum() > inked(down, 256, 0.1)[128].sum() * 0.9
    corner = curve(SQUARE[0])
    assert len(corner) == 4 + 3 * 7
    assert np.abs(np.abs(corner).max(1) - 0.9).max() < 1e-5, "corners stay corners, sides straight"


# -- looking ---------------------------------------------------------------------------------------


def test_a_drawing_is_seen_the_same_anywhere_at_any_size_in_any_colour() -> None:
    drawing = data_set.held_out("doodles")[7].strokes
    ink = inked(framed(drawing), 300, 0.086).astype(np.float32)[..., None] / 255
    wanted = seen(framed(drawing)).astype(float)
    for paper, colour in (((255, 255, 255), (0, 0, 0)), ((20, 30, 60), (250, 210, 90))):
        canvas = np.full((500, 700, 3), paper, np.float32)
        part = canvas[150:450, 40:340]
        part += ink * (np.asarray(colour, np.float32) - np.asarray(paper, np.float32))
        assert np.abs(looked_at(canvas.astype(np.uint8)) - wanted).mean() < 0.4 * wanted.mean()
    assert looked_at(np.full((9, 9, 3), 77, np.uint8)).shape == (SIDE_PX, SIDE_PX)


def test_likeness_is_of_what_is_drawn_and_not_of_how() -> None:
    a, b = (d.strokes for d in data_set.held_out("signs")[:2])
    assert found([a], [tuple(s[::-1] for s in a[::-1])]) == 1.0
    assert found([a], [b]) < 0.8
    assert float(nearest([a], [b, a])[0]) == 0.0
    assert float(nearest([a], [b])[0]) > 1


# -- the engine ------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=[model.name for model in SPEC.models])
def engine(request: pytest.FixtureRequest) -> StrokeEngine:
    engine = StrokeEngine()
    engine.load(SPEC.model(request.param), CPU)
    return engine


def test_the_same_point_in_another_size_is_the_same_drawing(engine: StrokeEngine) -> None:
    point = engine.sample(3, 1, engine.model.read.plan.shape.latent)[0]
    small, large = (
        engine.render(Job(latent=point, parameters={"size": size})) for size in ("256", "1024")
    )
    shrunk = large.reshape(256, 4, 256, 4, 3).mean((1, 3))
    assert np.abs(shrunk - small).mean() < 2


def test_an_outline_is_the_picture_s_lines_for_a_plotter(engine: StrokeEngine) -> None:
    point = engine.sample(3, 1, engine.model.read.plan.shape.latent)[0]
    job = Job(latent=point, parameters={"progress": 0.3})
    root = ET.fromstring(engine.outline(job))
    assert root.attrib["width"].endswith("mm")
    assert len(list(root.iter("{http://www.w3.org/2000/svg}path"))) == len(engine._lines(job))
    half = replace(job, parameters={"progress": 0.15})
    assert len(engine.outline(half)) < len(engine.outline(job))
    assert travel([(line + 1) / 2 for line in engine._lines(job)]) < 30


def test_handwriting_writes_what_it_is_told_and_has_no_letter_that_is_not_asked_for() -> None:
    engine = StrokeEngine()
    engine.load(SPEC.model("handwriting"), CPU)
    point = np.zeros(8, np.float32)
    text = np.asarray([*map(WRITTEN.index, "minimum"), END])
    code = engine.model.read.prior.code(point, np.ones(1, np.float32))
    drawn = engine.model.player.draw(code, Hand(0.0), text=text)
    assert set(drawn.letters) >= set(range(7)), "each letter has a stroke"
    empty = engine.render(Job(latent=point, parameters={"text": "", "size": "128"}))
    assert len(np.unique(empty.reshape(-1, 3), axis=0)) == 1
    nothing = engine.outline(Job(latent=point, parameters={"text": ""}))
    assert "<path" not in nothing


def test_what_is_kept_is_the_same_and_the_pen_goes_on_in_another_way() -> None:
    for spec in (model for model in SPEC.models if model.name != "handwriting"):
        engine = StrokeEngine()
        engine.load(spec, CPU)
        player, prior = engine.model.player, engine.model.read.prior
        shares = np.eye(len(prior.means), dtype=np.float32)[0]
        codes = prior.code(engine.sample(5, 2, 24), shares)
        whole = np.concatenate(player.draw(codes[0], Hand(), shares).strokes)
        part = player.draw(codes[0], Hand(kept=0.4), shares, other=codes[1]).strokes
        goes_on = np.concatenate(part)
        assert np.abs(whole[:11] - goes_on[:11]).max() < 1e-5
        assert goes_on.shape != whole.shape or np.abs(whole - goes_on).max() > 0.1


def test_one_table_tells_of_all_models() -> None:
    rows = {row.name: row for row in evaluate(None, "cpu", count=6, steps=1)}
    for model in SPEC.models:
        assert rows[f"{model.name}_nats"].value < rows[f"{model.name}_markov"].value
        assert rows[f"{model.name}_points"].value > 0
    for name in {model.name for model in SPEC.models} - {"handwriting"}:
        assert 0 <= rows[f"{name}_recognised"].value <= 1
        assert rows[f"{name}_found"].value > rows[f"{name}_found_in_others"].value
        assert rows[f"{name}_traced"].value > 0.95
    assert 0 <= rows["handwriting_legible"].value <= 1
