"""Killed at any moment, nothing that was saved is lost: with real processes and a real disk."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from studio.presets import Library, autosave, read
from tests.studio.presets.makers import scene
from tests.studio.presets.real.saver import COUNT

pytestmark = [pytest.mark.real, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[4]
SAVES = 300
_OLDEST_S = 2.0


class Run:
    """One life of the saver, and what it said until it was killed."""

    def __init__(self, folder: Path, lives_s: float) -> None:
        command = [sys.executable, "-m", "tests.studio.presets.real.saver", str(folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
            assert process.stdout is not None
            first = process.stdout.readline()  # it is at work
            time.sleep(lives_s)
            process.kill()
            self.killed_s = time.time()
            said = [first, *process.stdout]
        self.lines = [line.split() for line in said if line.endswith("\n")]

    def saves(self) -> int:
        return sum(words[0] == "saved" for words in self.lines)

    def last(self) -> dict[str, tuple[int, int]]:
        """By id: the number that was saved last, and that which may have been on its way."""
        done: dict[str, tuple[int, int]] = {}
        for words in self.lines:
            if words[0] == "saving":
                done[words[2]] = int(words[3]), int(words[1])
            elif words[0] == "saved":
                done[words[2]] = int(words[1]), int(words[1])
        return done

    def changes(self) -> list[tuple[int, float]]:
        return [(int(w[1]), float(w[2])) for w in self.lines if w[0] == "changed"]


def test_every_preset_is_whole_and_the_autosave_is_at_most_two_seconds_old(tmp_path: Path) -> None:
    chance = random.Random(7)
    saves = kills = 0
    oldest_s = 0.0
    while saves < SAVES or kills < 10:
        run = Run(tmp_path, chance.uniform(0.0, 2.5))
        saves, kills = saves + run.saves(), kills + 1
        _check_presets(tmp_path / "presets", run)
        oldest_s = max(oldest_s, _age_of_autosave(tmp_path / "working", run))
    print(f"{saves} saves, {kills} kills, autosave at most {oldest_s:.2f} s old")
    assert oldest_s <= _OLDEST_S


def _check_presets(folder: Path, run: Run) -> None:
    """Each holds what was saved last, or what was being saved: never anything else."""
    files = sorted(folder.glob("*.json"))
    assert len(files) == COUNT
    for file in files:
        found = read(file)
        number = int(found.notes)
        assert found.scene == scene(number) or number == 0
        assert number in run.last().get(found.id, (number,))
    shelf = Library(folder)
    shelf.refresh()
    assert [entry.problem for entry in shelf.entries] == [""] * COUNT
    for entry in shelf.entries:
        assert all(shelf.open_version(version) for version in shelf.versions(entry.id))


def _age_of_autosave(folder: Path, run: Run) -> float:
    """For how long, before the kill, changes were made that are not in the autosave."""
    left = autosave.crashed(folder)
    kept = autosave.read(left[0]).scene.decks[0].seed if left else -1
    for old in left:
        autosave.forget(old)
    missing = [at_s for number, at_s in run.changes() if number > kept]
    return run.killed_s - min(missing, default=run.killed_s)
