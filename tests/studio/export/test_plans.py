"""Which pictures a file takes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from studio.document.parameters import Choice
from studio.document.scene import Deck, Stroke, Walk
from studio.engine import EngineError
from studio.export.exports import FILM_RATE, GIF_RATE
from studio.export.plans import SUFFIXES, ExportPlan, can_walk, free_file, sizes, times
from studio.latent.mixing import point_of
from tests.fakes import LEAN, PARAMETERS, fake, filled_deck
from tests.texture_fakes import textured, textures

SIZE = Choice(name="size", label="Size", options=("8", "16", "64"), default="8")
GUEST = fake(parameters=(*PARAMETERS, SIZE), size="size")
LEANS = {LEAN.name: np.eye(6, dtype=np.float32)[0]}


def plan(slots: int = 3, model: str = "first", **changes: object) -> ExportPlan:
    deck: Deck = filled_deck(GUEST, slots=slots, model=model).but(**changes)
    directions = LEANS if model == "wide" else {}
    return ExportPlan(deck, GUEST.spec, directions, {"size": "64"})


def test_a_picture_is_what_the_deck_shows_at_the_size_that_was_asked_for() -> None:
    wanted = plan(model="wide")
    wanted.deck.parameters["lean"] = 2.0
    (job,) = wanted.jobs("picture")
    assert (job.latent == point_of(wanted.deck, 6, LEANS)).all()
    assert job.parameters["size"] == "64"
    assert job.parameters["contrast"] == 1.0
    assert not job.thumbnail


def test_an_outline_is_of_the_same_picture() -> None:
    assert (plan().jobs("outline")[0].latent == plan().jobs("picture")[0].latent).all()


def test_a_sheet_takes_its_points_as_they_are() -> None:
    points = [np.full(4, n, np.float32) for n in range(9)]
    jobs = plan().jobs("sheet", points)
    assert all((job.latent == point).all() for job, point in zip(jobs, points, strict=True))
    assert {job.parameters["size"] for job in jobs} == {"64"}


@pytest.mark.parametrize(("what", "rate"), [("film", FILM_RATE), ("gif", GIF_RATE)])
def test_a_walk_ends_as_it_began_and_is_as_long_as_it_says(what: str, rate: int) -> None:
    jobs = plan(walk=Walk(seconds=2)).jobs(what)
    assert len(jobs) == 2 * rate + 1
    assert (jobs[0].latent == jobs[-1].latent).all()
    assert (jobs[0].latent != jobs[rate].latent).any()


def test_a_walk_is_steered_like_everything_else() -> None:
    wanted = plan(model="wide", fixed={"lean": 7.0}, walk=Walk(seconds=1))
    assert [round(float(job.latent[0]), 4) for job in wanted.jobs("film")] == [7.0] * 31


def test_without_two_slots_there_is_no_walk() -> None:
    assert not can_walk(plan(slots=1).deck)
    with pytest.raises(EngineError, match="at least two filled slots"):
        plan(slots=1).jobs("gif")


def test_sizes_are_those_of_the_choice_that_the_spec_names() -> None:
    assert sizes(GUEST.spec) == ("8", "16", "64")
    assert sizes(fake().spec) == ()
    assert [times(option, SIZE.options) for option in SIZE.options] == ["1×", "2×", "8×"]
    assert times("large", ("small", "large")) == "large"


def test_a_free_file_is_the_first_that_is_not_there(tmp_path: Path) -> None:
    assert free_file(tmp_path, "Portraits", SUFFIXES["film"]).name == "Portraits 1.mp4"
    (tmp_path / "Portraits 1.mp4").touch()
    assert free_file(tmp_path, "Portraits", SUFFIXES["film"]).name == "Portraits 2.mp4"


# -- drift and paint -------------------------------------------------------------------------------

PAINTED = (Stroke(slot=1, points=((0.5, 0.5),)),)


def texture_plan(seconds: float = 2.0, **changes: object) -> ExportPlan:
    guest = textures()
    deck = textured(guest, **changes)
    return ExportPlan(deck, guest.spec, seconds=seconds)


@pytest.mark.parametrize(("what", "rate"), [("drift film", FILM_RATE), ("drift gif", GIF_RATE)])
def test_a_drift_closes_after_whole_turns(what: str, rate: int) -> None:
    wanted = texture_plan(drift={"across": 31.0, "morph": -1.0})
    assert wanted.turns == {"across": 1, "morph": -1}
    jobs = wanted.jobs(what)
    assert len(jobs) == 2 * rate + 1
    assert dict(jobs[0].parameters) == dict(jobs[-1].parameters) == wanted.deck.parameters
    assert jobs[rate].parameters["across"] == pytest.approx(0.5)
    assert (jobs[0].latent == jobs[rate].latent).all()


def test_where_nothing_drifts_there_is_no_loop() -> None:
    for changes in ({}, {"drift": {"across": 0.0}}, {"drift": {"gone": 5.0}}):
        with pytest.raises(EngineError, match="Nothing drifts"):
            texture_plan(**changes).jobs("drift film")


def test_films_and_tiles_keep_what_was_painted_and_a_sheet_does_not() -> None:
    wanted = texture_plan(strokes=PAINTED, drift={"across": 30.0}, walk=Walk(seconds=0.5))
    for what in ("tile", "height", "normal", "picture", "film", "drift film"):
        first, *_, last = [*wanted.jobs(what), *wanted.jobs(what)]
        assert first.blend_map is not None, what
        assert (last.blend_map.points[0] == last.latent).all(), what
    sheet = wanted.jobs("sheet", [np.zeros(4, np.float32)] * 9)
    assert {job.blend_map for job in sheet} == {None}, "or all nine were the same"


def test_what_is_painted_stays_round_on_pictures_that_are_not_square() -> None:
    wanted = texture_plan(strokes=PAINTED)
    wide = wanted.deck.but(parameters={**wanted.deck.parameters, "shape": "2:1"})
    for deck, proportion in ((wanted.deck, 1.0), (wide, 2.0)):
        painted = ExportPlan(deck, wanted.spec).jobs("tile")[0].blend_map
        assert painted is not None
        rows, columns, _ = painted.shares.shape
        assert columns / rows == pytest.approx(proportion, rel=0.05)
