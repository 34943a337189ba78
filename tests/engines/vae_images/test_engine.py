from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from engines.common import engine as common
from engines.vae_images.art import fit_square
from engines.vae_images.engine import VaeEngine
from engines.vae_images.spec import PORTRAITS, SPEC
from studio.document.parameters import Float, initial_values, validated
from studio.engine import DeviceError, EngineError, Job, Resources, WeightsError
from tests.engines.vae_images import tiny

ON_CPU = Resources(device="cpu", threads=1)


@pytest.fixture
def engine(tmp_path):
    made = VaeEngine()
    made.load(tiny.write(tmp_path / "tiny.safetensors"), ON_CPU)
    yield made
    made.close()


def _picture(engine, seed=0, **values):
    point = np.random.default_rng(seed).normal(size=6).astype(np.float32)
    parameters = validated(SPEC.parameters, {"size": "128", **values})
    return engine.render(Job(latent=point, parameters=parameters))


def test_same_job_same_bytes(engine):
    first, second = _picture(engine), _picture(engine)
    assert first.dtype == np.uint8
    assert first.shape == (128, 128, 3)
    assert first.tobytes() == second.tobytes()
    assert first is not second
    assert first.tobytes() != _picture(engine, seed=1).tobytes()


def test_a_picture_is_never_touched_again(engine):
    kept = _picture(engine)
    copy = kept.copy()
    _picture(engine, seed=1)
    np.testing.assert_array_equal(kept, copy)


@pytest.mark.parametrize(
    ("name", "value"),
    [("spread", 0.3), ("sharpen", 0.8), ("contrast", 1.6), ("saturation", 0.0), ("hue", 90.0)],
)
def test_every_control_is_seen(engine, name, value):
    assert _picture(engine).tobytes() != _picture(engine, **{name: value}).tobytes()


def test_no_saturation_is_grey(engine):
    grey = _picture(engine, saturation=0.0).astype(int)
    assert np.abs(grey - grey[..., :1]).max() <= 2


def test_sizes(engine):
    for size in ("128", "256", "512", "1024"):
        assert _picture(engine, size=size).shape == (int(size), int(size), 3)


def test_a_thumbnail_is_the_bare_point_at_the_models_own_size(engine):
    job = Job(latent=np.zeros(6, np.float32), parameters=initial_values(SPEC.parameters))
    assert engine.render(job).shape == (128, 128, 3)
    small = engine.render(Job(latent=np.zeros(6, np.float32), thumbnail=True))
    assert small.shape == (16, 16, 3)


def test_samples(engine):
    points = engine.sample(3, 5, 6)
    assert points.dtype == np.float32
    np.testing.assert_array_equal(points[:2], engine.sample(3, 2, 6))
    with pytest.raises(EngineError):
        engine.sample(3, 2, 7)


def test_encoding_takes_any_shape(engine):
    for shape in ((16, 16, 3), (1, 1, 3), (30, 200, 3)):
        latent = engine.encode(np.full(shape, 128, np.uint8), {})
        assert latent.shape == (6,)
        assert latent.dtype == np.float32


def test_fit_square_takes_the_middle():
    wide = np.zeros((10, 30, 3), np.uint8)
    wide[:, 10:20] = 200
    assert (fit_square(wide, 5) > 150).all()


def test_directions_and_a_map_come_with_the_model(engine, tmp_path):
    """The instrument moves points along them; the engine never does."""
    model = replace(
        tiny.write(tmp_path / "tiny.safetensors"),
        directions=(_slider("glasses"), _slider("axis_3")),
    )
    loaded = engine.load(model, ON_CPU)
    np.testing.assert_array_equal(loaded.directions["glasses"], np.eye(6)[1])
    np.testing.assert_array_equal(loaded.directions["axis_3"], np.eye(6)[2])
    assert loaded.atlas.points.shape == (20, 6)
    assert loaded.atlas.places.shape == (20, 2)
    assert np.abs(loaded.atlas.places).max() <= 1
    job = Job(latent=np.zeros(6, np.float32))
    moved = replace(job, parameters={"glasses": 2.0})
    assert engine.render(job).tobytes() == engine.render(moved).tobytes()


def test_a_direction_that_the_file_lacks_is_a_sentence(tmp_path):
    model = replace(tiny.write(tmp_path / "tiny.safetensors"), directions=(_slider("hat"),))
    with pytest.raises(WeightsError, match="lacks the direction hat"):
        VaeEngine().load(model, ON_CPU)


def _slider(name):
    return Float(name=name, label=name, low=-1, high=1, default=0.0, help="A slider.")


def test_refining_comes_nearer_and_may_be_dropped(engine):
    there = np.random.default_rng(4).normal(size=6).astype(np.float32)
    picture = engine.render(Job(latent=there))
    start = np.zeros(6, np.float32)
    points = list(engine.refine(start, picture, {}))
    assert len(points) == SPEC.refine_steps
    assert all(p.dtype == np.float32 and p.shape == (6,) for p in points)

    def distance(point):
        drawn = engine.render(Job(latent=point)).astype(int)
        return np.square(drawn - picture).mean()

    assert distance(points[-1]) < 0.7 * distance(start)
    assert np.array_equal(start, np.zeros(6))
    steps = engine.refine(start, picture, {})
    first = next(steps)
    engine.render(Job(latent=first))  # between two steps the engine is asked for other things
    steps.close()
    again = engine.refine(start, picture, {})
    np.testing.assert_array_equal([next(again) for _ in range(5)], points[:5])


def test_a_picture_without_outlines_says_so(engine):
    with pytest.raises(EngineError, match="no outlines"):
        engine.outline(Job(latent=np.zeros(6, np.float32)))


def test_nothing_loaded_is_a_sentence():
    engine = VaeEngine()
    with pytest.raises(EngineError, match="no model loaded"):
        engine.render(Job(latent=np.zeros(6, np.float32)))
    engine.close()


def test_loading_again_and_closing(engine, tmp_path):
    other = tiny.write(tmp_path / "other.safetensors")
    before = _picture(engine)
    engine.load(other, ON_CPU)
    np.testing.assert_array_equal(_picture(engine), before)
    engine.close()
    with pytest.raises(EngineError):
        _picture(engine)


def test_a_spec_that_does_not_fit_its_weights(tmp_path):
    model = replace(tiny.write(tmp_path / "tiny.safetensors"), latent_size=9)
    with pytest.raises(WeightsError, match="another model"):
        VaeEngine().load(model, ON_CPU)


def test_a_missing_device_is_a_sentence(tmp_path):
    if torch.cuda.is_available():
        pytest.skip("this machine has CUDA")
    model = tiny.write(tmp_path / "tiny.safetensors")
    with pytest.raises(DeviceError, match="no CUDA device"):
        VaeEngine().load(model, Resources(device="cuda"))


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB"),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate"),
    ],
)
def test_running_out_of_memory_is_a_device_error(engine, monkeypatch, error):
    def fail(job):
        raise error

    monkeypatch.setattr(engine, "_pixels", fail)
    with pytest.raises(DeviceError, match="memory"):
        _picture(engine)


def test_other_errors_stay_what_they_are():
    with pytest.raises(RuntimeError, match="shapes"), common._translated():
        raise RuntimeError("shapes do not fit")


def test_threads_follow_the_grant(engine):
    before = torch.get_num_threads()
    engine.use_threads(1)
    assert torch.get_num_threads() == 1
    engine.use_threads(before)


@pytest.mark.skipif(not PORTRAITS.weights.exists(), reason="no weights yet")
def test_a_portrait_survives_being_encoded():
    from engines.vae_images.data_sets import faces
    from engines.vae_images.evaluation import evaluate

    engine = VaeEngine()
    engine.load(PORTRAITS, ON_CPU)
    wanted = [faces.draw(faces.face(n), 128) for n in faces.HELD_OUT[:6]]
    drawn = [engine.render(Job(latent=engine.encode(picture, {}))) for picture in wanted]
    engine.close()
    assert evaluate.psnr_db(np.stack(drawn), np.stack(wanted)) > 20
