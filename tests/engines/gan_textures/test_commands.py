"""Training, export, evaluation and bench, on a tiny model."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from engines.common.device import place
from engines.common.training import Habits, Limits, Training
from engines.gan_textures import model, shipped, styles
from engines.gan_textures.evaluation import bench, evaluate, likeness
from engines.gan_textures.spec import SPEC
from engines.gan_textures.training import blend_gain, export, plots, train
from engines.gan_textures.training.learning import EncoderTrainee
from engines.gan_textures.training.materials import Materials
from engines.gan_textures.training.trainee import Artist, Recipe, TextureTrainee
from studio.engine import EngineError
from tests.engines.gan_textures import textures

RECIPE = Recipe(at_once=2, each=1, size_px=128, critic_from=0.0)
RARELY = Habits(checkpoint_s=1e9, sheet_s=1e9, log_steps=1)


@pytest.fixture
def spec(tmp_path, monkeypatch):
    """The engine's spec with the tiny model for its only one."""
    made = replace(SPEC, models=(textures.write(tmp_path / "tiny.safetensors"),))
    for module in (bench, evaluate, export, train):
        monkeypatch.setattr(module, "SPEC", made)
    monkeypatch.setattr(blend_gain, "BLENDS", 8)
    monkeypatch.setattr(blend_gain, "STEPS", 8)
    return made


def _trainee(seed=0):
    torch.manual_seed(seed)
    return TextureTrainee(textures.CONFIG, textures.some(), place("cpu"), RECIPE)


def test_a_step_teaches_all(tmp_path):
    trainee = _trainee()
    before = {n: [p.clone() for p in m.parameters()] for n, m in trainee.modules.items()}
    figures = trainee.step(torch.Generator().manual_seed(0), 0.5)
    assert {"statistics", "critic", "verdict"} <= figures.keys()
    assert all(np.isfinite(float(figure)) for figure in figures.values())
    for name, module in trainee.modules.items():
        moved = [
            not torch.equal(a, b) for a, b in zip(before[name], module.parameters(), strict=True)
        ]
        assert sum(moved) > len(moved) // 2, name


def test_training_lowers_the_statistics_loss():
    recipe = replace(RECIPE, critic_from=1.1, generator_rate=8e-3, style_rate=1.6e-2)
    torch.manual_seed(0)
    trainee = TextureTrainee(textures.CONFIG, textures.some(), place("cpu"), recipe)
    batches = torch.Generator().manual_seed(0)
    losses = [float(trainee.step(batches, 0.1)["statistics"]) for _ in range(24)]
    assert np.mean(losses[-5:]) < 0.8 * losses[0]


def test_the_encoder_learns_to_name_materials():
    torch.manual_seed(0)
    trainee = EncoderTrainee(Artist(textures.CONFIG, 3), textures.some(), place("cpu"))
    batches = torch.Generator().manual_seed(0)
    figures = [trainee.step(batches, step / 20) for step in range(20)]
    assert np.mean([float(f["named"]) for f in figures[-5:]]) > 0.9


def test_a_killed_training_goes_on_where_it_was(tmp_path):
    limits = Limits(steps=4)
    whole = Training(_trainee(), tmp_path / "whole", limits, habits=RARELY)
    whole.run()
    broken = Training(_trainee(), tmp_path / "broken", limits, habits=RARELY)
    for _ in range(2):
        broken._one_step()
        broken.averages["artist"].update(broken.trainee.modules["artist"], broken.step)
    broken.save()
    again = Training(_trainee(9), tmp_path / "broken", limits, habits=RARELY)
    again.run()
    wanted = whole.averages["artist"].module.state_dict()
    for name, tensor in again.averages["artist"].module.state_dict().items():
        torch.testing.assert_close(tensor, wanted[name])
    assert (tmp_path / "whole" / "0000004.png").exists()


def test_train_writes_weights_that_the_engine_can_load(spec, tmp_path, capsys):
    folder = textures.write_folder(tmp_path / "own")
    path = train.train(
        "tiny",
        data=folder,
        out=tmp_path / "run",
        steps=4,
        device="cpu",
        threads=1,
        recipe=RECIPE,
        config=textures.CONFIG,
    )
    assert "broken.jpg is left out." in capsys.readouterr().out
    model = shipped.read(path)
    assert sorted(model.names) == sorted(textures.NAMES)
    assert model.gain is not None
    with Image.open(tmp_path / "run" / "losses.png") as plot:
        assert plot.size == plots.SIZE_PX
    assert list((tmp_path / "run").glob("*.png"))


def test_a_run_of_other_materials_is_not_mixed_up(spec, tmp_path):
    """Their files' names agree: what is in them counts."""

    def run_on(material):
        trainee = TextureTrainee(textures.CONFIG, material, place("cpu"))
        return Training(trainee, tmp_path / "run", Limits(steps=1))

    run_on(textures.some(3)).save()
    assert run_on(textures.some(3)).resume()
    other = replace(textures.some(3), pictures=textures.some(3).pictures + 0.1)
    with pytest.raises(EngineError, match="other material"):
        run_on(other).resume()


def test_training_starts_from_the_shipped_weights(spec):
    trainee = _trainee()
    train._start_from(spec.models[0].weights, trainee)
    known = shipped.read(spec.models[0].weights).generator
    noise = model.draw_noise(known.config, 1, 64, torch.Generator().manual_seed(0))
    style = torch.zeros(1, known.config.style)
    drawn = [each(noise, each.films(style)) for each in (trainee.artist.generator, known)]
    torch.testing.assert_close(*drawn, atol=1e-3, rtol=1e-3)


def test_styles_go_on_where_the_materials_are_the_same(spec):
    known = shipped.read(spec.models[0].weights)
    trainee = _trainee()
    trainee.materials = replace(trainee.materials, names=known.names)
    trainee.artist.styles.data = torch.zeros(len(known.names), known.generator.config.style)
    train._start_from(spec.models[0].weights, trainee)
    kept = styles.read(known.points).patterns
    assert np.allclose(trainee.artist.styles.detach().numpy(), kept, atol=1e-6)


def test_an_unknown_model_or_folder_is_refused(spec, tmp_path):
    with pytest.raises(EngineError):
        train.train("strange")
    with pytest.raises(EngineError):
        train.train("tiny", data=tmp_path / "nowhere")


def test_both_decoders_draw_the_same_kind_of_picture(spec):
    decoders = bench.decoders("tiny", "cpu")
    point = shipped.read(spec.models[0].weights).points[0]
    eager, tuned = decoders.eager(point), decoders.tuned(point)
    assert eager.shape == tuned.shape == (256, 256, 3)
    assert eager.dtype == tuned.dtype == np.uint8
    assert abs(float(eager.mean()) - float(tuned.mean())) < 8  # each draws its own noise
    assert decoders.flops > 0


def test_the_cost_of_the_shipped_generator():
    config = shipped.read(SPEC.models[0].weights).generator.config
    assert bench.generator_flops(config) / 1e9 == pytest.approx(3.9, abs=0.2)


def test_the_shipped_weights_are_small():
    assert SPEC.models[0].weights.stat().st_size < 3e6


# -- evaluation ------------------------------------------------------------------------------------


class Copyist:
    """An engine that has learnt its materials by heart: it rolls them."""

    def __init__(self, known: Materials, pictures) -> None:
        self.model = self
        self.names, self.points = known.names, np.eye(len(known.names), 8, dtype=np.float32)
        self.pictures = pictures

    def load(self, *_):
        pass

    def close(self):
        pass

    def render(self, job):
        side = int(job.parameters["size"])
        picture = self.pictures[int(job.latent.argmax())]
        turned = np.random.default_rng(job.seed).integers(0, 256, 2)
        return np.roll(picture, tuple(turned), (0, 1))[:side, :side]


def test_an_engine_that_copies_passes_but_for_its_seams(monkeypatch):
    known, pictures = textures.some(), [textures.pixels(n) for n in textures.NAMES]
    monkeypatch.setattr(evaluate, "TextureEngine", lambda: Copyist(known, pictures))
    monkeypatch.setattr(
        evaluate, "open_picture", lambda path: pictures[textures.NAMES.index(path.stem)]
    )
    rows = {r.name: r for r in evaluate.evaluate(SPEC.models[0].name, seeds=2, seam_seeds=2)}
    assert rows["materials_within_twice_real"].value == 3
    assert rows["right_material_share"].value == 1
    assert rows["diversity_over_real"].value > 0.7
    assert {"seam_max", "distance_grains"} <= rows.keys()
    assert rows["axis_energy_off"].value == pytest.approx(0)
    assert rows["coloured_materials"].value == 3


def test_waves_are_told_apart_by_their_direction():
    level, slanted = textures.pixels("stripes").swapaxes(0, 1), textures.pixels("grains")
    assert likeness.directions([level])[3] > 0.9
    assert likeness.directions([slanted]) == pytest.approx([1 / 6] * 6, abs=0.02)


def test_a_grey_picture_has_no_chroma():
    assert likeness.chroma(np.full((8, 8, 3), 90, np.uint8)) == pytest.approx(0, abs=0.1)
    assert likeness.chroma(textures.pixels("grains")) > evaluate.COLOURED


def test_seams_are_steps_over_the_edge():
    pixels = textures.pixels("grains", 64)
    over, inside = likeness.edge_steps(pixels)
    assert over / inside == pytest.approx([1, 1], abs=0.25)
    torn = pixels.copy()
    torn[32:] = torn[32:] // 2
    over, inside = likeness.edge_steps(torn)
    assert (over / inside)[0] > 1.3


def test_losses_are_plotted(tmp_path):
    assert plots.write(tmp_path) is None
    entries = [{"step": s, "critic": 1.0 / s, "verdict": 0.1 * s} for s in range(1, 40)]
    text = "\n".join(json.dumps(entry) for entry in entries)
    (tmp_path / "losses.jsonl").write_text(text)
    path = plots.write(tmp_path)
    assert path is not None
    with Image.open(path) as plot:
        colours = np.asarray(plot).reshape(-1, 3)
    for curve in ("critic", "verdict"):
        wanted = tuple(int(plots.CURVES[curve][i : i + 2], 16) for i in (1, 3, 5))
        assert (colours == wanted).all(1).sum() > 100
