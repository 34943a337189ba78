"""An artist's own picture comes back as itself, and leaves all others as they were."""

from __future__ import annotations

import numpy as np
import pytest

from engines.vae_images.engine import VaeEngine
from engines.vae_images.refining import OwnPicture, shares
from engines.vae_images.spec import OWN_STEPS
from studio.engine import EngineError, Job, Resources
from tests.engines.vae_images import tiny

PICTURE = tiny.pictures(1)[0]
POINT = np.random.default_rng(0).normal(size=6).astype(np.float32)


@pytest.fixture
def model(tmp_path):
    model = tiny.write(tmp_path / "tiny.safetensors")
    tiny.write_sharpener(model)
    tiny.write_inker(model)
    return model


@pytest.fixture
def engine(model):
    engine = VaeEngine()
    engine.load(model, Resources(device="cpu", threads=1))
    yield engine
    engine.close()


def _own(engine) -> bytes:
    made = list(engine.own_picture(POINT, PICTURE, {}))
    assert 10 < len(made) <= OWN_STEPS
    return made[-1]


def _drawn(engine, point, *owns, **values):
    return engine.render(Job(latent=point, parameters=values, own_pictures=owns)).astype(float)


def _away(drawn, wanted) -> float:
    return float(np.abs(drawn - wanted).mean())


def test_it_is_seen_at_its_point_at_every_size_and_however_crisp(engine):
    own = _own(engine)
    plain = _away(_drawn(engine, POINT), PICTURE)
    assert _away(_drawn(engine, POINT, own), PICTURE) < 0.6 * plain
    assert _away(_drawn(engine, POINT, own, crisp=1.0), PICTURE) < 0.6 * plain
    large = PICTURE.repeat(4, 0).repeat(4, 1)
    assert _away(_drawn(engine, POINT, own, size="64"), large) < 0.6 * plain
    assert (_drawn(engine, POINT, own, hue=90.0) != _drawn(engine, POINT, own)).any()


def test_it_fades_on_the_way_and_other_pictures_stay(engine):
    own = _own(engine)
    changes = [
        _away(_drawn(engine, share * POINT, own), _drawn(engine, share * POINT))
        for share in (1.0, 0.7, 0.4, 0.0)
    ]
    assert changes == sorted(changes, reverse=True)
    assert changes[2] > 0 == changes[3]
    assert (_drawn(engine, -POINT, own) == _drawn(engine, -POINT)).all()


def test_two_own_pictures_do_not_show_in_each_other():
    first = OwnPicture(np.array([3.0, 0.0], np.float32), ())
    second = OwnPicture(np.array([3.0, 1.0], np.float32), ())
    assert shares([first, second], first.point) == [1.0, 0.0]
    assert shares([first, second], second.point) == [0.0, 1.0]
    assert 0 < shares([first, second], (first.point + second.point) / 2)[0] < 1


def test_one_of_another_model_or_a_damaged_one_is_one_sentence(engine, tmp_path):
    own = _own(engine)
    with pytest.raises(EngineError, match="damaged"):
        _drawn(engine, POINT, own[:-40])
    other = OwnPicture.from_bytes(own, engine._made_for, tiny.CONFIG, engine.placement.device)
    with pytest.raises(EngineError, match="another model"):
        _drawn(engine, POINT, other.to_bytes("another"))


def test_letters_have_none(tmp_path):
    engine = VaeEngine()
    engine.load(tiny.write_letters(tmp_path / "t.safetensors"), Resources(device="cpu", threads=1))
    with pytest.raises(EngineError, match="Letters"):
        engine.own_picture(POINT, PICTURE, {})
    engine.close()
