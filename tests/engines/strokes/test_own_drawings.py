"""An artist's own lines: traced, kept, shown as they were drawn, and gone on with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from engines.strokes.drawings import Strokes
from engines.strokes.engine import StrokeEngine
from engines.strokes.ink import curve, inked
from engines.strokes.likeness import found
from engines.strokes.lines import framed, from_above, in_order
from engines.strokes.own_drawing import OwnDrawing, begun
from engines.strokes.spec import SPEC
from engines.strokes.tracing import MOST_KNOTS, TOLERANCE, traced
from engines.strokes.training import data_set
from studio.engine import EngineError, Job, Pixels, Resources

CPU = Resources(device="cpu", threads=1)
HOUSE: Strokes = tuple(
    np.asarray(line, np.float32)
    for line in (
        [(-0.8, 0.9), (-0.8, -0.2), (0, -0.9), (0.8, -0.2), (0.8, 0.9), (-0.8, 0.9)],
        [(-0.3, 0.9), (-0.3, 0.3), (0.2, 0.3), (0.2, 0.9)],
    )
)


def picture(strokes: Strokes, side_px: int = 280) -> Pixels:
    ink = inked(tuple(curve(s) for s in strokes), side_px, 0.05)
    return np.repeat(255 - ink[..., None], 3, 2)


# -- tracing ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["doodles", "signs"])
def test_traced_lines_are_those_of_the_picture_and_none_besides(name: str) -> None:
    real = [framed(d.strokes) for d in data_set.held_out(name)[::40]]
    again = [traced(picture(strokes)) for strokes in real]
    assert found(real, again) > 0.97
    assert found(again, real) > 0.97
    assert sum(map(len, again)) < 1.5 * sum(map(len, real)), "crossed lines are whole again"


def test_lines_that_cross_are_two_and_a_ring_is_closed() -> None:
    cross = tuple(np.asarray(s, np.float32) for s in ([(-0.9, 0), (0.9, 0)], [(0, -0.9), (0, 0.9)]))
    assert len(traced(picture(cross))) == 2
    angles = np.linspace(0, 2 * np.pi, 13)
    ring = (0.9 * np.stack([np.cos(angles), np.sin(angles)], 1).astype(np.float32),)
    (line,) = traced(picture(ring))
    assert np.abs(line[0] - line[-1]).max() < 0.05
    assert np.abs(np.hypot(*line.T) - 0.9).max() < 3 * TOLERANCE


def test_a_picture_without_lines_or_with_too_many_is_refused() -> None:
    with pytest.raises(EngineError, match="no lines"):
        traced(np.full((64, 64, 3), 200, np.uint8))
    noise = np.random.default_rng(0).integers(0, 256, (160, 160, 1), np.uint8)
    with pytest.raises(EngineError, match="too many"):
        traced(np.repeat(noise, 3, 2))


# -- what is kept ----------------------------------------------------------------------------------


def test_an_own_drawing_comes_back_from_its_file_and_no_other_model_takes_it() -> None:
    own = OwnDrawing(np.arange(4, dtype=np.float32), HOUSE)
    data = own.to_bytes("doodles")
    again = OwnDrawing.from_bytes(data, "doodles", 4)
    assert np.array_equal(again.point, own.point)
    assert all(np.array_equal(a, b) for a, b in zip(again.strokes, HOUSE, strict=True))
    for model, size in (("signs", 4), ("doodles", 5)):
        with pytest.raises(EngineError, match="another model"):
            OwnDrawing.from_bytes(data, model, size)
    far, many = (np.full((2, 2), 9.0), np.zeros((MOST_KNOTS + 1, 2)))
    for knots in (far, many, far * np.nan):
        bad = OwnDrawing(own.point, (knots.astype(np.float32),)).to_bytes("doodles")
        with pytest.raises(EngineError, match="damaged"):
            OwnDrawing.from_bytes(bad, "doodles", 4)
    with pytest.raises(EngineError, match="damaged"):
        OwnDrawing.from_bytes(data[:-9], "doodles", 4)


def test_the_further_a_point_is_the_less_is_there_of_the_nearest() -> None:
    a, b = (OwnDrawing(np.asarray(p, np.float32), HOUSE[:1]) for p in ((2, 0), (0, 3)))

    def share(*point: float, kept: float = 1.0) -> float:
        there = begun([a, b], np.asarray(point, np.float32), kept)
        return 0.0 if there is None else there.share

    assert (share(2, 0), share(2, 0, kept=0.5)) == (1, 0.5)
    assert 1 > share(2, 0.5) > share(2, 1) > 0
    assert share(0, 0) == 0, "the average drawing"
    assert share(9, 9) == 0
    assert begun([], a.point, 1.0) is None


# -- in play ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["doodles", "signs"])
def engine(request: pytest.FixtureRequest) -> Iterator[StrokeEngine]:
    engine = StrokeEngine()
    engine.load(SPEC.model(request.param), CPU)
    yield engine
    engine.close()


def own_job(engine: StrokeEngine, **told: float) -> Job:
    """The house, drawn into a slot and made one's own."""
    point = engine.encode(picture(HOUSE), {})
    (data,) = engine.own_picture(point, picture(HOUSE), {})
    return Job(latent=point, parameters=told, own_pictures=(data,))


def knots(engine: StrokeEngine, job: Job) -> np.ndarray:
    """Of the drawing before it is placed on the page."""
    (size,) = {engine.model.read.plan.shape.latent}
    shares = engine._shares({})
    code = engine.model.read.prior.code(np.asarray(job.latent, np.float32), shares)
    owns = [OwnDrawing.from_bytes(d, engine.model.name, size) for d in job.own_pictures]
    first = begun(owns, np.asarray(job.latent, np.float32), float(job.parameters.get("kept", 1)))
    from engines.strokes.playing import Hand

    drawn = engine.model.player.draw(code, Hand(), shares, other=code, begun=first)
    return np.concatenate(drawn.strokes)


def test_a_drawing_of_one_s_own_stays_as_it_was_drawn(engine: StrokeEngine) -> None:
    job = own_job(engine)
    order = in_order if engine.model.read.plan.in_order else from_above
    own = order(traced(picture(HOUSE)))
    assert np.abs(knots(engine, job) - np.concatenate(own)).max() < 1e-5
    assert found([framed(HOUSE)], [engine._lines(job)]) == 1.0
    bare = replace(job, own_pictures=())
    assert engine.render(job).tobytes() != engine.render(bare).tobytes()
    assert engine.outline(job) != engine.outline(bare)
    small, bare_small = (replace(each, thumbnail=True) for each in (job, bare))
    assert engine.render(small).tobytes() != engine.render(bare_small).tobytes()


def test_the_pen_goes_on_from_the_artist_s_own_lines(engine: StrokeEngine) -> None:
    job = own_job(engine, kept=0.5)
    own = OwnDrawing.from_bytes(job.own_pictures[0], engine.model.name, len(job.latent)).strokes
    count = round(0.5 * len(np.concatenate(own)))
    goes_on = knots(engine, job)
    assert np.abs(goes_on[:count] - np.concatenate(own)[:count]).max() < 1e-5
    whole = np.concatenate(own)
    assert goes_on.shape != whole.shape or np.abs(goes_on - whole).max() > 0.1
    pictures = {engine.render(replace(job, seed=seed)).tobytes() for seed in range(4)}
    assert len(pictures) > 1, "by the seed"


def test_somewhere_else_the_model_draws_alone(engine: StrokeEngine) -> None:
    job = replace(own_job(engine), latent=engine.sample(3, 1, 24)[0])
    bare = replace(job, own_pictures=())
    assert engine.render(job).tobytes() == engine.render(bare).tobytes()


def test_handwriting_has_no_lines_to_keep() -> None:
    engine = StrokeEngine()
    engine.load(SPEC.model("handwriting"), CPU)
    with pytest.raises(EngineError, match="a hand from a picture"):
        engine.own_picture(np.zeros(8, np.float32), picture(HOUSE), {})
