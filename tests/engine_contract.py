"""What every engine has to keep, as tests: `tests/test_contract.py` runs them on each one.

An author of a plug-in runs them from a checkout of this repository, in an environment in which the
plug-in is installed: `pytest tests/test_contract.py` finds it by its entry point.
"""

from __future__ import annotations

import gc
import json
import struct
import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from studio.document.parameters import (
    Choice,
    Float,
    Parameter,
    Text,
    Toggle,
    Value,
    initial_values,
    validated,
)
from studio.document.score import SCORE
from studio.engine import (
    BlendMap,
    DeviceError,
    Engine,
    EngineError,
    EngineSpec,
    Job,
    Latent,
    Loaded,
    ModelSpec,
    Passage,
    Pixels,
    Resources,
    WeightsError,
)
from studio.engine.decks import fresh_deck
from studio.engine.registry import resolve
from studio.live.ensemble.wishes import setting_of
from studio.music.band.players import BandSetting
from studio.music.metres import Metre
from studio.music.phrases import Phrase, joined
from studio.music.wishes.wish import parse
from tests.fakes import Guest, Pump, filled_deck, is_one_sentence, scene_of
from tests.witness import loaded_by

CPU = Resources(device="cpu", threads=1)


@dataclass(frozen=True)
class Case:
    """An engine's spec, one of its models, and where the spec lies ("package.module")."""

    spec: EngineSpec
    model: ModelSpec
    module: str

    @property
    def controls(self) -> tuple[Parameter, ...]:
        """What the engine is told of; the directions are the instrument's affair."""
        return (*self.model.parameters, *self.spec.parameters)

    def make(self) -> Engine:
        engine = resolve(self.spec.factory, self.spec.title)()
        assert isinstance(engine, Engine)
        return engine

    def point(self, seed: int) -> Latent:
        """A sample of the normal prior."""
        drawn = np.random.default_rng(seed).standard_normal(self.model.latent_size)
        return drawn.astype(np.float32)

    def job(self, seed: int = 1, /, **values: Value) -> Job:
        """A job as the session would make it, which is to say one that cannot be written to."""
        given = self.values(**values)
        return Job(latent=self.point(seed), parameters=MappingProxyType(given), seed=5)

    def passage(self, seed: int = 1, /, *, number: int = 0, **values: Value) -> Passage:
        """Four bars in the metre of most music."""
        return Passage(
            latent=self.point(seed),
            parameters=MappingProxyType(self.values(**values)),
            seed=5,
            number=number,
            bars=4,
        )

    def values(self, **values: Value) -> dict[str, Value]:
        """Every parameter of the deck, as the session would hand them over."""
        return {**initial_values(self.spec.controls(self.model.name)), **values}


def travel(parameter: Parameter) -> list[Value]:
    """The ends of a control, or each of the words that it can be set to."""
    if isinstance(parameter, Choice):
        return list(parameter.options)
    if isinstance(parameter, Toggle):
        return [False, True]
    if isinstance(parameter, Text):
        return [parameter.default, parameter.alphabet[:1] or "x"]
    if isinstance(parameter, Float) and parameter.cyclic:
        return [parameter.at(0.4), parameter.at(1)]  # its ends are one
    return [parameter.at(0), parameter.at(1)]


def assert_picture(pixels: Any) -> None:
    """uint8 (H, W, 3), C-contiguous."""
    assert isinstance(pixels, np.ndarray)
    assert pixels.dtype == np.uint8
    assert pixels.ndim == 3
    assert pixels.shape[2] == 3
    assert 0 not in pixels.shape
    assert pixels.flags.c_contiguous


def outcome(case: Case, engine: Engine, seed: int, **values: Value) -> tuple[object, ...]:
    """All that a control could change: the picture, and the bars of an engine that composes."""
    picture = engine.render(case.job(seed, **values)).tobytes()
    if not case.spec.composes:
        return (picture,)
    heard = (engine.compose(case.passage(seed, number=n, **values)) for n in (0, 6))
    return (picture, *heard)


def assert_phrase(phrase: Any, passage: Passage) -> None:
    """As many bars as were asked for, nothing before them and nothing begun after them."""
    assert isinstance(phrase, Phrase)
    length = passage.bars * passage.metre.bar_beats
    assert phrase.length_beats == pytest.approx(length)
    assert phrase.metre == passage.metre
    assert all(is_one_sentence(remark) for remark in phrase.remarks)
    for note in phrase.notes:
        assert 0 <= note.start_beats < length
        assert 0 < note.length_beats <= length - note.start_beats + 1e-6
        assert 0 <= note.pitch < 128
        assert 1 <= note.velocity < 128
        assert not note.tied or note.start_beats == 0


# -- weights that are not what they should be ------------------------------------------------------

Spoil = Callable[[Path, Path], None]


def _rewritten(change: Callable[[str, Any], tuple[str, Any]]) -> Spoil:
    """A spoiler that changes what a safetensors file says of its tensors, not their bytes."""

    def spoil(source: Path, target: Path) -> None:
        data = source.read_bytes()
        (size,) = struct.unpack("<Q", data[:8])
        entries = json.loads(data[8 : 8 + size])
        kept = {name: entries.pop(name) for name in ("__metadata__",) if name in entries}
        changed = dict(change(name, entry) for name, entry in entries.items())
        header = json.dumps({**kept, **changed}).encode()
        header += b" " * (-len(header) % 8)
        target.write_bytes(struct.pack("<Q", len(header)) + header + data[8 + size :])

    return spoil


def _written(change: Callable[[bytes], bytes]) -> Spoil:
    """A spoiler that writes other bytes than the file has."""

    def spoil(source: Path, target: Path) -> None:
        target.write_bytes(change(source.read_bytes()))

    return spoil


SPOILED: dict[str, Spoil] = {
    "missing": lambda source, target: None,
    "a folder": lambda source, target: target.mkdir(),
    "empty": _written(lambda data: b""),
    "a web page": _written(lambda data: b"<!doctype html>" * 100),
    "cut short": _written(lambda data: data[: 2 * len(data) // 3]),
    "cut in its header": _written(lambda data: data[:20]),
    "a header without end": _written(lambda data: b"\xff" * 8 + data[8:]),
    "other shapes": _rewritten(lambda name, e: (name, {**e, "shape": [1, *e["shape"]]})),
    "other names": _rewritten(lambda name, e: (f"stranger.{name}", e)),
}


# -- the contract ----------------------------------------------------------------------------------


class EngineContract:
    """Tests of one `case`, and of its `engine` with the model loaded on the CPU.

    Whoever inherits them provides these two fixtures.
    """

    # -- the spec

    def test_the_spec_is_read_without_torch_and_without_qt(self, case: Case) -> None:
        assert loaded_by([case.module])[case.module] == []

    def test_the_spec_tells_people_what_they_have_before_them(self, case: Case) -> None:
        assert case.spec.title
        assert is_one_sentence(case.spec.summary)
        assert case.model.title
        assert case.model.licence
        for parameter in case.spec.controls(case.model.name):
            assert parameter.label
            assert is_one_sentence(parameter.help), f"{parameter.name} wants a help sentence"

    def test_the_weights_are_there(self, case: Case) -> None:
        assert case.model.weights.is_absolute()
        assert case.model.weights.is_file()
        assert case.model.latent_size > 0

    # -- load

    def test_load_says_where_the_engine_runs(self, case: Case) -> None:
        engine = case.make()
        try:
            loaded = engine.load(case.model, CPU)
            assert isinstance(loaded, Loaded)
            assert "CPU" in loaded.device.upper()
            assert loaded.notice == "" or is_one_sentence(loaded.notice)
        finally:
            engine.close()

    def test_load_may_be_called_again_with_other_resources(self, case: Case) -> None:
        engine = case.make()
        try:
            engine.load(case.model, CPU)
            first = engine.render(case.job())
            engine.load(case.model, CPU)
            assert engine.render(case.job()).tobytes() == first.tobytes()
            engine.load(case.model, Resources(device="auto", threads=2))
            assert engine.render(case.job()).shape == first.shape
        finally:
            engine.close()

    @pytest.mark.parametrize("device", ["cuda", "mps"])
    def test_a_device_that_is_missing_is_a_device_error_and_the_cpu_still_works(
        self, case: Case, device: Any
    ) -> None:
        """It is what the engine thread answers by going on with the CPU, on the same engine."""
        engine = case.make()
        try:
            try:
                engine.load(case.model, Resources(device=device, threads=1))
            except DeviceError as error:
                sentence = str(error)
            else:
                sentence = "This machine has one."
            assert is_one_sentence(sentence)
            engine.load(case.model, CPU)
            assert_picture(engine.render(case.job()))
        finally:
            engine.close()

    # -- render

    def test_a_picture_is_uint8_rgb_in_one_piece(self, case: Case, engine: Engine) -> None:
        assert_picture(engine.render(case.job()))

    def test_the_same_job_is_the_same_picture_to_the_byte(self, case: Case, engine: Engine) -> None:
        first = engine.render(case.job())
        engine.render(case.job(2))
        assert engine.render(case.job()).tobytes() == first.tobytes()

    def test_the_same_job_is_the_same_picture_from_another_instance(
        self, case: Case, engine: Engine
    ) -> None:
        other = case.make()
        try:
            other.load(case.model, CPU)
            engine.use_threads(CPU.threads)
            assert other.render(case.job()).tobytes() == engine.render(case.job()).tobytes()
        finally:
            other.close()

    def test_another_point_is_another_picture(self, case: Case, engine: Engine) -> None:
        pictures = {engine.render(case.job(seed)).tobytes() for seed in range(4)}
        assert len(pictures) == 4

    def test_a_picture_is_not_touched_again(self, case: Case, engine: Engine) -> None:
        first = engine.render(case.job())
        kept = first.copy()
        engine.render(case.job(2))
        engine.render(replace(case.job(3), thumbnail=True))
        assert np.array_equal(first, kept)

    def test_a_job_is_left_as_it_was(self, case: Case, engine: Engine) -> None:
        job = case.job()
        latent, parameters = job.latent.copy(), dict(job.parameters)
        engine.render(job)
        assert np.array_equal(job.latent, latent)
        assert dict(job.parameters) == parameters

    def test_missing_parameters_are_at_their_defaults_or_as_their_absence_is_declared(
        self, case: Case, engine: Engine
    ) -> None:
        bare = replace(case.job(), parameters={})
        absent = {p.name: p.absent for p in case.controls if p.absent is not None}
        assert engine.render(bare).tobytes() == engine.render(case.job(**absent)).tobytes()

    def test_the_origin_and_far_out_are_pictures_too(self, case: Case, engine: Engine) -> None:
        for scale in (0, 10, -10):
            job = case.job()
            assert_picture(engine.render(replace(job, latent=scale * job.latent)))

    def test_both_ends_of_every_control_can_be_drawn(self, case: Case, engine: Engine) -> None:
        for parameter in case.controls:
            for value in travel(parameter):
                assert_picture(engine.render(case.job(**{parameter.name: value})))

    def test_all_controls_at_once_at_either_end(self, case: Case, engine: Engine) -> None:
        for end in (0, 1):
            values = {p.name: p.at(end) for p in case.controls}
            assert_picture(engine.render(case.job(**values)))

    def test_every_control_does_something(self, case: Case, engine: Engine) -> None:
        instruments = {p.told_by for p in case.controls if isinstance(p, Text)}
        for parameter in (p for p in case.controls if p.name not in instruments):
            noticed = 1
            for seed, others in ((1, 0), (2, 0), (1, 1)):  # one may rest until another is set
                if noticed > 1:
                    break
                rest = {p.name: p.at(1) for p in case.controls} if others else {}
                results = {
                    outcome(case, engine, seed, **{**rest, parameter.name: value})
                    for value in [parameter.initial, *travel(parameter)]
                }
                noticed = len(results)
            assert noticed > 1, f"{parameter.label} does nothing that one could see or hear"

    def test_a_thumbnail_is_no_larger_than_the_picture(self, case: Case, engine: Engine) -> None:
        picture = engine.render(case.job())
        thumbnail = engine.render(Job(latent=case.point(1), seed=5, thumbnail=True))
        assert_picture(thumbnail)
        assert thumbnail.shape[0] <= picture.shape[0]
        assert thumbnail.shape[1] <= picture.shape[1]
        other = engine.render(Job(latent=case.point(2), seed=5, thumbnail=True))
        assert other.tobytes() != thumbnail.tobytes()

    # -- sample and encode

    def test_samples_are_points_of_the_model(self, case: Case, engine: Engine) -> None:
        points = engine.sample(7, 8, case.model.latent_size)
        assert points.dtype == np.float32
        assert points.shape == (8, case.model.latent_size)
        assert np.isfinite(points).all()
        assert len({p.tobytes() for p in points}) == 8
        assert_picture(engine.render(replace(case.job(), latent=points[0])))

    def test_a_sample_depends_on_the_seed_and_its_number_alone(
        self, case: Case, engine: Engine
    ) -> None:
        size = case.model.latent_size
        points = engine.sample(7, 8, size)
        for count in (1, 3, 8):
            assert engine.sample(7, count, size).tobytes() == points[:count].tobytes()
        other = engine.sample(8, 8, size)
        assert not any(np.array_equal(a, b) for a in points for b in other)

    def test_an_engine_encodes_if_and_only_if_its_spec_says_so(
        self, case: Case, engine: Engine
    ) -> None:
        picture = engine.render(case.job())
        if case.spec.composes:
            return  # it takes phrases in: see below
        if not case.spec.encodes:
            with pytest.raises(EngineError) as refusal:
                engine.encode(picture, case.values())
            assert is_one_sentence(str(refusal.value))
            return
        kept = picture.copy()
        point = engine.encode(picture, case.values())
        assert point.dtype == np.float32
        assert point.shape == (case.model.latent_size,)
        assert np.isfinite(point).all()
        assert np.array_equal(engine.encode(picture, case.values()), point)
        assert np.array_equal(picture, kept)

    def test_an_encoded_picture_is_nearer_to_itself_than_to_others(
        self, case: Case, engine: Engine
    ) -> None:
        if not case.spec.encodes or case.spec.composes:
            return  # see above: it refuses

        def distance(a: Pixels, b: Pixels) -> float:
            return float(np.abs(a.astype(float) - b.astype(float)).mean())

        picture = engine.render(case.job())
        again = engine.render(replace(case.job(), latent=engine.encode(picture, case.values())))
        others = [engine.render(case.job(seed)) for seed in (2, 3, 4)]
        assert distance(again, picture) < min(distance(other, picture) for other in others)

    def test_pictures_of_any_size_are_taken_in_or_refused_in_a_sentence(
        self, case: Case, engine: Engine
    ) -> None:
        if not case.spec.encodes or case.spec.composes:
            return
        rng = np.random.default_rng(0)
        for shape in ((1, 1, 3), (7, 300, 3), (300, 7, 3)):
            pixels = rng.integers(0, 256, shape, np.uint8)
            try:
                point, sentence = engine.encode(pixels, case.values()), "Taken."
            except EngineError as error:
                point, sentence = case.point(1), str(error)
            assert np.isfinite(point).all()
            assert is_one_sentence(sentence)
        pixels = rng.integers(0, 256, (640, 480, 3), np.uint8)
        assert np.isfinite(engine.encode(pixels, case.values())).all()

    def test_refining_comes_nearer_in_as_many_steps_as_the_spec_says(
        self, case: Case, engine: Engine
    ) -> None:
        wanted = engine.render(case.job(2))
        start = case.point(1)
        points = list(engine.refine(start.copy(), wanted, case.values()))
        assert len(points) == case.spec.refine_steps
        for point in points:
            assert point.dtype == np.float32
            assert point.shape == start.shape
            assert np.isfinite(point).all()
        if points:
            before, after = (
                engine.render(replace(case.job(), latent=latent)).astype(float)
                for latent in (start, points[-1])
            )
            assert np.abs(after - wanted).mean() < np.abs(before - wanted).mean()

    def test_a_refinement_may_be_dropped_at_any_step(self, case: Case, engine: Engine) -> None:
        before = engine.render(case.job()).tobytes()
        next(engine.refine(case.point(1), engine.render(case.job(2)), case.values()), None)
        assert engine.render(case.job()).tobytes() == before

    # -- blend maps

    def test_a_map_of_one_point_is_that_point(self, case: Case, engine: Engine) -> None:
        if not case.spec.blend_maps:
            return
        job, whole = case.job(), np.ones((8, 8, 1), np.float32)
        alone = replace(job, blend_map=BlendMap(job.latent[None], whole))
        difference = engine.render(alone).astype(float) - engine.render(job)
        assert np.abs(difference).mean() < 1

    def test_every_place_shows_what_holds_it(self, case: Case, engine: Engine) -> None:
        if not case.spec.blend_maps:
            return
        shares = np.zeros((16, 16, 2), np.float32)
        shares[:, :8, 0] = shares[:, 8:, 1] = 1
        points = engine.sample(3, 2, case.model.latent_size)
        both = engine.render(replace(case.job(), blend_map=BlendMap(points, shares)))
        left, right = (engine.render(replace(case.job(), latent=p)) for p in points)
        width = both.shape[1]
        for part, own, other in (
            (slice(width // 8, 3 * width // 8), left, right),
            (slice(5 * width // 8, 7 * width // 8), right, left),
        ):
            mean, mine, theirs = (p[:, part].astype(float).mean((0, 1)) for p in (both, own, other))
            assert np.abs(mean - mine).sum() < np.abs(mean - theirs).sum()

    # -- phrases

    def test_an_engine_composes_if_and_only_if_its_spec_says_so(
        self, case: Case, engine: Engine
    ) -> None:
        if case.spec.composes:
            assert_phrase(engine.compose(case.passage()), case.passage())
            return
        for asked in (
            lambda: engine.compose(case.passage()),
            lambda: engine.encode_phrase(Phrase(), case.values()),
        ):
            with pytest.raises(EngineError) as refusal:
                asked()
            assert is_one_sentence(str(refusal.value))

    def test_its_band_and_its_wishes_need_none_of_its_roles(self, case: Case) -> None:
        if not case.spec.composes:
            return
        bare = replace(case.spec, roles={})
        deck = fresh_deck(bare, case.model.name)
        setting = setting_of(deck, bare, initial_values(SCORE))
        assert (setting.genre, setting.part) == (BandSetting().genre, BandSetting().part)
        for role in case.spec.roles:
            assert case.spec.having(role) is not None
            assert case.spec.told(role, deck.parameters) is not None
        wish = parse("a sad busy jig in G, 16 bars, parts of 4", case.controls, case.spec.roles)
        validated(case.spec.controls(case.model.name), {**deck.parameters, **wish.values})

    def test_the_same_passage_is_the_same_phrase(self, case: Case, engine: Engine) -> None:
        if not case.spec.composes:
            return
        first = engine.compose(case.passage())
        engine.compose(case.passage(2))
        assert engine.compose(case.passage()) == first
        assert engine.compose(case.passage(2)) != first

    def test_bars_that_are_asked_for_one_by_one_go_on_from_those_before(
        self, case: Case, engine: Engine
    ) -> None:
        if not case.spec.composes:
            return
        played: list[Phrase] = []
        for number in range(4):
            asked = replace(case.passage(), bars=1, number=number, past=tuple(played))
            played.append(engine.compose(asked))
            assert_phrase(played[-1], asked)
        other = case.make()
        try:  # one that has not played the bars before knows them from the past alone
            other.load(case.model, CPU)
            last = replace(case.passage(), bars=1, number=3, past=tuple(played[:3]))
            assert other.compose(last) == played[3]
        finally:
            other.close()
        free = replace(case.passage(9), bars=2, number=4, past=tuple(played), free=True)
        assert_phrase(engine.compose(free), free)

    @pytest.mark.parametrize("metre", [(2, 4), (3, 4), (6, 8), (9, 8), (5, 4), (7, 8), (1, 4)])
    def test_every_bar_is_full_in_every_metre(
        self, case: Case, engine: Engine, metre: tuple[int, int]
    ) -> None:
        """One that was not learnt is filled all the same; the phrase's remarks may say how."""
        if case.spec.composes:
            passage = replace(case.passage(), metre=Metre(*metre))
            assert_phrase(engine.compose(passage), passage)

    def test_a_phrase_becomes_a_point_whose_phrase_is_near(
        self, case: Case, engine: Engine
    ) -> None:
        if not case.spec.composes:
            return
        phrase = joined(engine.compose(case.passage()).bars())
        point = engine.encode_phrase(phrase, case.values())
        assert point.shape == (case.model.latent_size,)
        assert point.dtype == np.float32
        assert np.isfinite(point).all()
        for odd in (replace(phrase, metre=Metre(5, 4)), phrase.transposed(30)):
            assert np.isfinite(engine.encode_phrase(odd, case.values())).all()
        with pytest.raises(EngineError) as refusal:
            engine.encode_phrase(replace(phrase, notes=()), case.values())
        assert is_one_sentence(str(refusal.value))

    # -- the space

    def test_every_direction_that_is_declared_comes_with_the_weights(self, case: Case) -> None:
        engine = case.make()
        try:
            loaded = engine.load(case.model, CPU)
            assert {d.name for d in case.model.directions} <= loaded.directions.keys()
            bare = engine.render(case.job()).tobytes()
            for declared in case.model.directions:
                step = loaded.directions[declared.name]
                assert step.dtype == np.float32
                moved = case.point(1) + declared.high * step
                assert engine.render(replace(case.job(), latent=moved)).tobytes() != bare
        finally:
            engine.close()

    def test_a_map_shows_points_of_the_model(self, case: Case) -> None:
        engine = case.make()
        try:
            atlas = engine.load(case.model, CPU).atlas
        finally:
            engine.close()
        if atlas is not None:
            assert atlas.points.shape == (len(atlas.points), case.model.latent_size)
            assert atlas.places.shape == (len(atlas.points), 2)
            assert np.abs(atlas.places).max() <= 1

    def test_an_outline_is_svg_where_the_model_has_outlines(
        self, case: Case, engine: Engine
    ) -> None:
        if case.model.outlines:
            assert engine.outline(case.job()).lstrip().startswith(("<svg", "<?xml"))
        else:
            with pytest.raises(EngineError) as refusal:
                engine.outline(case.job())
            assert is_one_sentence(str(refusal.value))

    # -- resources, and the end

    def test_threads_are_given_and_taken_during_play(self, case: Case, engine: Engine) -> None:
        for threads in (1, 2, 1):
            engine.use_threads(threads)
            assert_picture(engine.render(case.job()))

    def test_an_engine_that_loaded_nothing_can_be_closed(self, case: Case) -> None:
        case.make().close()

    def test_a_closed_engine_leaves_nothing_behind(self, case: Case) -> None:
        engine = case.make()
        engine.load(case.model, CPU)
        engine.render(case.job())
        engine.close()
        alive = weakref.ref(engine)
        del engine
        gc.collect()
        assert alive() is None, "somebody holds on to a closed engine"
        assert [t.name for t in threading.enumerate() if not t.daemon] == ["MainThread"]

    # -- weights

    @pytest.mark.parametrize("how", SPOILED)
    def test_weights_that_cannot_be_used_are_refused_by_one_sentence(
        self, case: Case, how: str, tmp_path: Path
    ) -> None:
        spoiled = tmp_path / "spoiled.safetensors"
        SPOILED[how](case.model.weights, spoiled)
        self.refuses(case, replace(case.model, weights=spoiled))

    def test_weights_of_another_size_are_refused_by_one_sentence(self, case: Case) -> None:
        self.refuses(case, replace(case.model, latent_size=case.model.latent_size + 1))

    def refuses(self, case: Case, model: ModelSpec) -> None:
        engine = case.make()
        try:
            with pytest.raises(WeightsError) as refusal:
                engine.load(model, CPU)
            assert is_one_sentence(str(refusal.value)), str(refusal.value)
            engine.load(case.model, CPU)  # none the worse for it
            assert_picture(engine.render(case.job()))
        finally:
            engine.close()

    # -- in the instrument

    def test_the_instrument_plays_it(self, case: Case) -> None:
        guest = Guest(case.make, name=case.spec.name)
        guest.spec = replace(case.spec, factory=guest.spec.factory)
        pump = Pump(guest, scene=scene_of(filled_deck(guest, slots=0, model=case.model.name)))
        try:
            pump.start()
            assert pump.notices == []
            assert all(pump.deck().slots)
            for step in range(10):
                pump.session.pads.move("deck1", (step / 10, -0.3))
            pump.settle()
            shown = pump.state().shown
            assert shown is not None
            assert shown.request.revision == pump.state().asked
            assert not list(pump.session.engines.thumbnails.missing(pump.deck()))
            if case.spec.encodes:
                own: Pixels | Phrase = shown.pixels
                if case.spec.composes:
                    own = pump.guests[0].engine.compose(case.passage())
                pump.change(lambda: pump.session.slots.encode("deck1", 0, own))
            assert pump.notices == []
        finally:
            pump.close()
