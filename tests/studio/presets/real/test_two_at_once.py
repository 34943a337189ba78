"""Two copies of the instrument in one folder: nothing that either saved is lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from studio.presets import read
from tests.studio.presets.makers import library, preset
from tests.studio.presets.real.neighbour import ADDS, SHARED, UPDATES

pytestmark = [pytest.mark.real, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[4]


def test_every_save_of_both_is_there(tmp_path: Path) -> None:
    library(tmp_path, preset(SHARED, 1))
    command = [sys.executable, "-m", "tests.studio.presets.real.neighbour", str(tmp_path)]
    both = [subprocess.Popen([*command, number], cwd=ROOT) for number in ("1", "2")]
    assert [process.wait() for process in both] == [0, 0]
    shelf = library(tmp_path)
    assert [entry.problem for entry in shelf.entries if entry.problem] == []
    kept = [read(file) for file in tmp_path.glob("*.json")]
    kept += [shelf.open_version(v) for entry in shelf.entries for v in shelf.versions(entry.id)]
    seeds = {each.scene.decks[0].seed for each in kept}
    for number in (1000, 2000):
        assert {number + n for n in range(ADDS)} <= seeds
        assert {number + 500 + n for n in range(UPDATES)} <= seeds
    assert len({entry.id for entry in shelf.entries}) == len(shelf.entries)
