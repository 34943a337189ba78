"""What the textures are learnt from: the shipped set, or a folder of an artist's own."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engines.gan_textures.engine import TextureEngine
from engines.gan_textures.measures import SIDE_PX, coloured
from engines.gan_textures.spec import SPEC
from engines.gan_textures.training.materials import DATA, read_folder, read_shipped, seamless
from engines.gan_textures.training.painted import painted
from studio.engine import BlendMap, EngineError, Job, Resources
from studio.engine.picture_files import open_picture
from tests.engines.gan_textures import textures
from tests.fakes import is_one_sentence


@pytest.mark.parametrize(("model", "count"), [("materials", 23), ("bright", 19)])
def test_a_shipped_set_is_whole(model, count):
    known = read_shipped(model)
    assert len(known.names) == count
    assert known.pictures.shape == (count, 3, SIDE_PX, SIDE_PX)
    luminance = known.pictures[:, 0].flatten(1)
    torch.testing.assert_close(luminance.std(1), torch.ones(count), rtol=0.01, atol=0.01)
    assert float(luminance.mean(1).abs().max()) < 1e-3


def test_a_blend_of_shipped_materials_has_the_contrast_of_its_ends():
    engine = TextureEngine()
    engine.load(SPEC.models[0], Resources(device="cpu", threads=1))
    points, names = engine.model.points, engine.model.names

    def contrast(point, **more):
        job = Job(latent=point, parameters={"size": "256", "keep_contrast": 1.0}, **more)
        return float(engine.render(job).mean(2).std())

    for one, other in (("brush-marks", "tissue"), ("paper", "potatoes"), ("fur", "tissue")):
        ends = points[[names.index(one), names.index(other)]]
        wanted = (contrast(ends[0]) * contrast(ends[1])) ** 0.5
        painted = BlendMap(ends, np.full((4, 4, 2), 0.5, np.float32))
        assert contrast(ends.mean(0)) / wanted > 0.9
        assert contrast(ends[0], blend_map=painted) / wanted > 0.9
    engine.close()


def test_own_measures_lead_back_to_the_picture():
    known = textures.some()
    means, contrasts = known.colours.means, known.colours.contrasts
    back = coloured(known.pictures, means[..., None, None], contrasts[..., None, None])
    wanted = textures.pixels("checks").astype(np.float32) / 255
    assert np.abs(back[0].permute(1, 2, 0).numpy() - wanted).max() < 0.01


def test_crops_come_from_everywhere_round_the_edges():
    known = textures.some()
    crops = known.crops(torch.tensor([2, 0]), 96, torch.Generator().manual_seed(0))
    assert crops.shape == (2, 3, 96, 96)
    whole = known.crops(torch.tensor([1]), SIDE_PX, torch.Generator().manual_seed(1))
    torch.testing.assert_close(whole.mean(), known.pictures[1].mean())


def test_a_folder_names_what_it_cannot_use_and_goes_on(tmp_path):
    said: list[str] = []
    known = read_folder(textures.write_folder(tmp_path / "own"), said.append)
    assert sorted(known.names) == sorted(textures.NAMES)
    left = [sentence.split(" ")[0] for sentence in said]
    assert left == ["broken.jpg", "flat.png", "notes.txt", "tiny.png"]
    assert all("left out" in sentence for sentence in said)


def test_a_folder_with_no_picture_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "notes.txt").write_text("nothing")
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(EngineError) as refusal:
            read_folder(folder, lambda _: None)
        assert is_one_sentence(str(refusal.value))


def test_one_picture_is_a_set():
    assert textures.some(1).pictures.shape[0] == 1


def test_a_picture_whose_edges_do_not_fit_is_made_to():
    y, x = np.mgrid[:96, :128]
    noise = np.random.default_rng(0).integers(0, 30, (96, 128, 3))
    slope = np.asarray(noise + (40 + x + y / 2)[..., None], np.uint8)

    def seam(pixels):
        grey = pixels.astype(float)
        return np.abs(grey[:, 0] - grey[:, -1]).mean() / np.abs(np.diff(grey, axis=1)).mean()

    assert seam(slope) > 5
    assert seam(seamless(slope)) < 1.3
    assert np.abs(seamless(slope)[24:72, 32:96].std() - slope[24:72, 32:96].std()) < 15


def test_what_formulas_paint_is_what_the_model_learns_from():
    picture = np.asarray(painted("confetti"), int)
    kept = open_picture(DATA / "bright" / "confetti.webp").astype(int)
    assert np.abs(picture - kept).mean() < 0.5
