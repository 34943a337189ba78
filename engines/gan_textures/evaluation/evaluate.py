"""How good the textures are: like their materials, unlike each other, and without a seam.

latentloom evaluate gan_textures

Real crops are the four quarters of each material's picture; generated ones are quarters of
pictures of the same size from several seeds, as the instrument draws them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from engines.gan_textures.engine import TextureEngine
from engines.gan_textures.evaluation import likeness
from engines.gan_textures.evaluation.likeness import CROP_PX, Floats, LikenessStatistics
from engines.gan_textures.measures import OPPONENT, SIDE_PX
from engines.gan_textures.spec import SPEC
from engines.gan_textures.training.materials import DATA
from studio.commands.report import Row, at_least, at_most
from studio.document.parameters import Value
from studio.engine import DeviceChoice, Job, Latent, Pixels, Resources
from studio.engine.picture_files import open_picture

SEEDS = 4
SEAM_SEEDS = 96
"""A seam is a systematic step at the edge. One edge of one picture may by chance run along a
furrow; the mean over so many seeds tells that from a seam."""
BLENDS = 100
"""Random pairs of materials."""
COLOURED = 12.0
"""The least mean length of CIELAB's a and b of a material that counts as coloured."""
LESSONS = 24
"""Crops of each material that the classifier learns from."""


def evaluate(
    model: str,
    device: DeviceChoice = "auto",
    *,
    seeds: int = SEEDS,
    seam_seeds: int = SEAM_SEEDS,
) -> list[Row]:
    """All rows for `model`."""
    engine = TextureEngine()
    engine.load(SPEC.model(model), Resources(device=device))
    names = engine.model.names
    pictures = [open_picture(DATA / model / f"{name}.webp") for name in names]
    drawn = [
        [_render(engine, index, seed, SIDE_PX) for seed in range(seeds)]
        for index in range(len(names))
    ]
    rows = [
        *_nearness(names, pictures, drawn),
        _naming(names, pictures, drawn),
        *_diversity(names, pictures, drawn),
        *_seams(engine, names, seam_seeds),
        *_blends(engine, names),
        _axes(names, pictures, drawn),
        _colours(names, pictures),
    ]
    engine.close()
    return rows


def _render(engine: TextureEngine, index: int, seed: int, size_px: int) -> Pixels:
    told = {"size": str(size_px)}
    return engine.render(Job(latent=engine.model.points[index], parameters=told, seed=seed))


def _nearness(
    names: Sequence[str], pictures: Sequence[Pixels], drawn: Sequence[Sequence[Pixels]]
) -> list[Row]:
    """Portilla and Simoncelli's statistics, each by its deviation over all real crops."""
    model = LikenessStatistics()
    real = [model.of(_quarters(picture)) for picture in pictures]
    ours = [model.of([q for picture in some for q in _quarters(picture)]) for some in drawn]
    everything = np.concatenate(real)
    unit = np.maximum(everything.std(0), 1e-6)
    real, ours = [r / unit for r in real], [o / unit for o in ours]
    rows, within, own = [], 0, []
    for index, name in enumerate(names):
        usual = likeness.between(real[index])
        away = [float(likeness.distances(ours[index], other).mean()) for other in real]
        nearest = min((a, names[i]) for i, a in enumerate(away) if i != index)
        within += away[index] <= 2 * usual
        own.append(away[index] / usual)
        note = (
            f"real to real {usual:.3f}, ratio {away[index] / usual:.2f}; "
            f"nearest other: {nearest[1]}, {nearest[0]:.3f}"
        )
        rows.append(Row(f"distance_{name.replace('-', '_')}", away[index], note=note))
    goal = at_least(round(18 / 23 * len(names)))
    note = f"of {len(names)}; median ratio {np.median(own):.2f}, worst {max(own):.2f}"
    return [*rows, Row("materials_within_twice_real", within, "", goal, note)]


def _naming(
    names: Sequence[str], pictures: Sequence[Pixels], drawn: Sequence[Sequence[Pixels]]
) -> Row:
    """Whether a classifier that knows real crops names the generated ones."""
    rng = np.random.default_rng(0)
    lessons = [_crop(p, rng) for p in pictures for _ in range(LESSONS)]
    told = np.repeat(np.arange(len(names)), LESSONS)
    judge = make_pipeline(StandardScaler(), SVC(C=10))
    judge.fit(_features(lessons), told)
    asked = [[q for picture in some for q in _quarters(picture)] for some in drawn]
    answers = [judge.predict(_features(some)) == i for i, some in enumerate(asked)]
    known = np.mean([judge.predict(_features(_quarters(p))) == i for i, p in enumerate(pictures)])
    missed = [
        f"{names[i]} {np.mean(right):.0%}" for i, right in enumerate(answers) if right.mean() < 0.9
    ]
    note = f"real quarters: {known:.0%}" + (f"; below 90%: {', '.join(missed)}" if missed else "")
    return Row(
        "right_material_share", float(np.mean(np.concatenate(answers))), "", at_least(0.9), note
    )


def _diversity(
    names: Sequence[str], pictures: Sequence[Pixels], drawn: Sequence[Sequence[Pixels]]
) -> list[Row]:
    """How much two seeds differ, pixel by pixel, over how much two real crops do."""
    ratios = []
    for picture, some in zip(pictures, drawn, strict=True):
        real = _flat(_quarters(picture))
        ours = _flat([_quarters(p)[0] for p in some])
        ratios.append(likeness.between(ours) / likeness.between(real))
    least = int(np.argmin(ratios))
    note = f"mean over materials; the least: {names[least]} {ratios[least]:.2f}"
    return [Row("diversity_over_real", float(np.mean(ratios)), "", at_least(0.7), note)]


def _seams(engine: TextureEngine, names: Sequence[str], seeds: int) -> list[Row]:
    """Steps over the edge by steps between neighbours, for each material and axis."""
    figures = {}
    for index, name in enumerate(names):
        found = [likeness.edge_steps(_render(engine, index, s, CROP_PX)) for s in range(seeds)]
        over, inside = (np.mean([f[part] for f in found], 0) for part in (0, 1))
        for axis, figure in zip(("down", "across"), over / inside, strict=True):
            figures[f"{name} {axis}"] = float(figure)
    worst = max(figures, key=lambda name: figures[name])
    note = f"{worst}; {seeds} seeds for each of {len(names)} materials, both axes"
    mean = float(np.mean(list(figures.values())))
    return [
        Row("seam_max", figures[worst], "", at_most(1.1), note),
        Row("seam_mean", mean, note="1 is what no seam at all has"),
    ]


def _blends(engine: TextureEngine, names: Sequence[str]) -> list[Row]:
    """The contrast of half-way blends over the geometric mean of their ends', kept and not."""
    points, rng = engine.model.points, np.random.default_rng(0)
    ends = [_contrast(engine, point, 0.0) for point in points]
    pairs = [rng.choice(len(points), 2, replace=False) for _ in range(BLENDS)]
    rows = []
    for suffix, amount, goal in (("", 1.0, at_least(0.9)), ("_v0_1", 0.0, None)):
        found = [
            (
                _contrast(engine, (points[one] + points[other]) / 2, amount)
                / (ends[one] * ends[other]) ** 0.5,
                f"{names[one]} and {names[other]}",
            )
            for one, other in pairs
        ]
        rows.append(Row(f"blend_contrast_least{suffix}", min(found)[0], "", goal, _told(found)))
    return rows


def _told(found: Sequence[tuple[float, str]]) -> str:
    mean = float(np.mean([share for share, _ in found]))
    return f"{min(found)[1]}; {len(found)} random pairs, mean {mean:.2f}"


def _axes(
    names: Sequence[str], pictures: Sequence[Pixels], drawn: Sequence[Sequence[Pixels]]
) -> Row:
    """How far the energy of upright and level waves is from the real picture's."""
    off = []
    for name, picture, some in zip(names, pictures, drawn, strict=True):
        real, ours = (
            likeness.directions(each)[:: likeness.SECTORS // 2].sum() for each in ([picture], some)
        )
        off.append((abs(ours / real - 1), f"{name} {ours / real:.2f}"))
    note = f"share over the real one's, off one, of all materials; worst: {max(off)[1]}"
    return Row("axis_energy_off", float(max(off)[0]), "", at_most(0.1), note)


def _colours(names: Sequence[str], pictures: Sequence[Pixels]) -> Row:
    """How many materials are not grey."""
    found = [n for n, p in zip(names, pictures, strict=True) if likeness.chroma(p) > COLOURED]
    return Row("coloured_materials", len(found), "", None, f"of {len(names)}: {', '.join(found)}")


def _contrast(engine: TextureEngine, point: Latent, amount: float) -> float:
    """The mean deviation of the luminance of two pictures."""
    told: dict[str, Value] = {"size": str(SIDE_PX), "keep_contrast": amount}
    drawn = [engine.render(Job(latent=point, parameters=told, seed=seed)) for seed in range(2)]
    return float(np.mean([(p @ OPPONENT[0].numpy()).std() for p in drawn]))


def _quarters(picture: Pixels) -> list[Pixels]:
    half = CROP_PX
    return [picture[y : y + half, x : x + half] for y in (0, half) for x in (0, half)]


def _crop(picture: Pixels, rng: np.random.Generator) -> Pixels:
    """A square from anywhere, round the edges."""
    y, x = rng.integers(0, SIDE_PX, 2)
    return np.roll(picture, (-y, -x), (0, 1))[:CROP_PX, :CROP_PX]


def _features(pictures: Sequence[Pixels]) -> Floats:
    return np.stack([likeness.features(p) for p in pictures])


def _flat(pictures: Sequence[Pixels]) -> NDArray[np.float64]:
    return np.stack([p.astype(np.float64).ravel() for p in pictures])
