"""The three trainings beside the same networks in a plain loop, in turns: rows of `bench training`.

The plain loop is that of pytorch/examples' VAE, DCGAN and word language model (BSD-3-Clause), told
again for our networks: single precision, contiguous tensors, optimisers as they come, a
`DataLoader` of single pictures, every loss read as a number in every step; no average of the
weights, no checkpoints, no augmentation. Its losses are those of the examples, which cost less than
ours; the melody network has the same two tasks in both. One thread each, batches of one size, and
seconds of processor time, which a busy machine changes least; what loads single pictures for the
plain loop in processes of its own is not counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, Dataset

from engines.common.device import keep_memory, place
from engines.common.training import Habits, Limits, Training
from engines.gan_textures.model import TextureConfig, draw_noise
from engines.gan_textures.training import trainee as textures
from engines.gan_textures.training.materials import SIDE_PX, read_shipped
from engines.lstm_melodies.corpus import archive
from engines.lstm_melodies.model import MelodyConfig
from engines.lstm_melodies.training import trainee as melodies
from engines.vae_images.data_sets.own import OwnPictures
from engines.vae_images.training.own import config_for
from engines.vae_images.training.trainee import Recipe, VaeTrainee
from studio.commands.report import Row, at_least
from studio.engine import Stopped, Watch

ROUNDS, FASTER = 5, 1.3
SIZE_PX, PICTURES, TUNES = 64, 60, 600
NEVER = Habits(checkpoint_s=1e9, sheet_s=1e9, log_steps=10)

Step = Callable[[], object]


def rows(seconds: float) -> Iterator[Row]:
    """For each training the median of `ROUNDS` rounds in turns, in which each side has some of the
    `seconds`."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    keep_memory()
    try:
        with TemporaryDirectory(prefix="bench-") as folder:
            for name, ours, plain in (
                ("vae", _vae(), _plain_vae()),
                ("gan", _gan(), _plain_gan(_gan(), measured=False)),
                ("gan_same_losses", _gan(), _plain_gan(_gan(), measured=True)),
                ("lstm", _lstm(), _plain_lstm()),
            ):
                yield _row(name, Training(ours, Path(folder) / name, Limits(steps=10**9),
                                          habits=NEVER), plain, seconds / ROUNDS)  # fmt: skip
    finally:
        torch.set_num_threads(before)


def _row(name: str, training: Training, plain: Step, round_s: float) -> Row:
    rates: list[tuple[float, float]] = []
    for _ in range(ROUNDS + 1):  # the first one warms up
        rates.append((_ours(training, round_s), _plainly(plain, round_s)))
    ours, theirs = (median(side) for side in zip(*rates[1:], strict=True))
    ratio = median(a / b for a, b in rates[1:])
    note = f"{ours:.2f} steps a second, {theirs:.2f} in the plain loop; one thread, in turns"
    return Row(f"training_{name}_by_plain_loop", ratio, "", at_least(FASTER), note)


class _Clock(Watch):
    """Lets a training go on for so many seconds, and says how many steps it did in one."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._times = seconds, [0.0]

    def goes_on(self, step: int, seconds: float, progress: float) -> bool:
        self._times.append(process_time())
        return len(self._times) < 4 or self._times[-1] - self._times[1] < self._seconds

    @property
    def rate(self) -> float:
        return (len(self._times) - 2) / (self._times[-1] - self._times[1])


def _ours(training: Training, seconds: float) -> float:
    clock = training.watch = _Clock(seconds)
    with suppress(Stopped):
        training.run()
    return clock.rate


def _plainly(step: Step, seconds: float) -> float:
    step()
    begun, count = process_time(), 0
    while count < 2 or process_time() - begun < seconds:
        step()
        count += 1
    return count / (process_time() - begun)


class _Single(Dataset[Tensor]):
    """Pictures (N, H, W, 3) uint8, one at a time, as tensors in 0..1 or in -1..1."""

    def __init__(self, pictures: np.ndarray, *, signed: bool = False) -> None:
        self._pictures, self._signed = pictures, signed

    def __len__(self) -> int:
        return len(self._pictures)

    def __getitem__(self, place: int) -> Tensor:
        picture = (
            torch.from_numpy(self._pictures[place]).permute(2, 0, 1).contiguous().float() / 255
        )
        return (picture - 0.5) / 0.5 if self._signed else picture


def _for_ever(loader: DataLoader[Tensor]) -> Iterator[Tensor]:
    while True:
        yield from loader


# -- the picture model -------------------------------------------------------------------------


def _pictures(side_px: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 255, (PICTURES, side_px, side_px, 3), np.uint8)


def _vae() -> VaeTrainee:
    pictures = _pictures(SIZE_PX)
    material = OwnPictures(pictures, pictures[:6], flips=True)
    recipe = Recipe(batch=16, face_strength=0.0)
    return VaeTrainee(config_for(SIZE_PX), material, place("cpu"), recipe)


def _plain_vae() -> Step:
    vae = _vae()._network(config_for(SIZE_PX)).train()
    loader = DataLoader(_Single(_pictures(SIZE_PX)), batch_size=16, shuffle=True, drop_last=True)
    batches, optimiser = _for_ever(loader), torch.optim.Adam(vae.parameters(), lr=1e-3)

    def step() -> float:
        pictures = next(batches)
        optimiser.zero_grad()
        mean, log_variance = vae.encoder(pictures)
        points = mean + torch.randn_like(mean) * (0.5 * log_variance).exp()
        drawn = vae.decoder(points).clamp(1e-4, 1 - 1e-4)
        kl = -0.5 * (1 + log_variance - mean.pow(2) - log_variance.exp()).sum()
        loss = F.binary_cross_entropy(drawn, pictures, reduction="sum") + kl
        loss.backward()
        optimiser.step()
        return loss.item()

    return step


# -- the textures ------------------------------------------------------------------------------


def _gan() -> textures.TextureTrainee:
    recipe = textures.Recipe(critic_from=0.0)
    return textures.TextureTrainee(TextureConfig(), read_shipped(), place("cpu"), recipe)


def _plain_gan(lesson: textures.TextureTrainee, *, measured: bool) -> Step:
    """Their three passes of the critic; a picture's material is drawn at random beside it. If
    `measured`, what is drawn is held to the materials' statistics as well, as ours is."""
    known, recipe, config = len(lesson.materials.names), lesson.recipe, lesson.config
    batch, side = recipe.at_once * recipe.each, recipe.size_px
    artist, critic = textures.Artist(config, known), textures.Critic(known)
    betas = (0.5, 0.999)
    artist_optimiser = torch.optim.Adam(artist.parameters(), lr=2e-4, betas=betas)
    critic_optimiser = torch.optim.Adam(critic.parameters(), lr=2e-4, betas=betas)
    dataset = _Single(_pictures(SIDE_PX)[:, :side, :side], signed=True)
    loader = DataLoader(dataset, batch, shuffle=True, drop_last=True, num_workers=2,
                        persistent_workers=True)  # fmt: skip
    batches, noise_of = _for_ever(loader), torch.Generator()

    def judged(pictures: Tensor, of: Tensor, wanted: float) -> tuple[Tensor, Tensor]:
        verdict = torch.cat([v.flatten(1) for v in critic(pictures, of)], 1).sigmoid()
        return F.binary_cross_entropy(verdict, torch.full_like(verdict, wanted)), verdict.mean()

    def step() -> list[float]:
        of = torch.randint(known, (recipe.at_once,)).repeat_interleave(recipe.each)
        critic.zero_grad()
        real, said = judged(next(batches), of, 1.0)
        real.backward()
        noise = draw_noise(config, batch, side, noise_of)
        drawn = artist.generator(noise, artist.generator.films(artist.styles[of]))
        fake, said_of_fake = judged(drawn.detach(), of, 0.0)
        fake.backward()
        critic_optimiser.step()
        artist.zero_grad()
        loss, said_at_last = judged(drawn, of, 1.0)
        if measured:
            loss = loss + lesson._statistics(drawn, of)["statistics"]
        loss.backward()
        artist_optimiser.step()
        figures = (real + fake, loss, said, said_of_fake, said_at_last)
        return [figure.item() for figure in figures]

    return step


# -- the melodies ------------------------------------------------------------------------------


def _lstm(*, half: bool | None = None) -> melodies.MelodyTrainee:
    tunes = archive.split("training")[:TUNES]
    recipe = melodies.Recipe() if half is None else melodies.Recipe(half=half)
    return melodies.MelodyTrainee(MelodyConfig(), tunes, tunes[:20], recipe)


def _plain_lstm() -> Step:
    """Their step: clipped, then every weight moved by its gradient, one after the other."""
    lesson, batches = _lstm(half=False), torch.Generator()
    melodist, recipe, rate = lesson.melodist.train(), lesson.recipe, 0.01

    def step() -> float:
        rng = np.random.default_rng(int(torch.randint(2**62, (1,), generator=batches)))
        melodist.zero_grad()
        foretold = lesson._foretell(lesson.tunes.tunes(rng, recipe.tunes))
        bars = int(rng.choice([2, 4, 8], p=[0.5, 0.3, 0.2]))
        phrases = lesson.tunes.phrases(rng, recipe.phrase_bars // bars, bars)
        rebuilt = lesson._rebuild(phrases, rng, batches, 1.0)
        loss = foretold["tunes"] + rebuilt["loss"]
        loss.backward()
        nn.utils.clip_grad_norm_(melodist.parameters(), 0.25)
        with torch.no_grad():
            for weight in melodist.parameters():
                if weight.grad is not None:
                    weight.add_(weight.grad, alpha=-rate)
        return loss.item()

    return step
