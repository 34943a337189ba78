"""What version 0.1 has written opens unchanged: every value of its files is a value of today's.

`data/version-0.1` was made by that version itself. Its files are never made anew, whatever changes;
those of later versions come beside it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studio.engine.registry import find_engines
from studio.live.controllers import maps
from studio.presets import Library, Preset, Weights, autosave, document, fitted, working_state
from studio.presets.sharing.importing import take_in
from studio.presets.sharing.unpacking import opened
from studio.scenes.repertoire import Repertoire
from studio.settings.store import Store
from tests.fakes import Pump, fake
from tests.live_fakes import FakeDesk

MADE = Path(__file__).with_name("data") / "version-0.1"
NAMES = ["Desire path", "Mood compass", "Rain in blue"]


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A copy, as an artist who goes on with it would have."""
    return Path(shutil.copytree(MADE, tmp_path / "kept"))


def lacks(now: Any, then: Any, at: str = "") -> list[str]:
    """What of `then` is not in `now`; what has been added since is no matter."""
    if isinstance(then, dict) and isinstance(now, dict):
        return [
            lack
            for name in then
            for lack in (lacks(now[name], then[name], f"{at}/{name}") if name in now else [at])
        ]
    if isinstance(then, list) and isinstance(now, list) and len(now) == len(then):
        pairs = enumerate(zip(now, then, strict=True))
        return [lack for n, (a, b) in pairs for lack in lacks(a, b, f"{at}/{n}")]
    return [] if now == then else [f"{at}: {then!r} is {now!r}"]


def told(preset: Preset) -> Any:
    return json.loads(document.text_of(preset))


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_says_what_it_said(kept: Path, name: str) -> None:
    file = kept / "presets" / f"{name}.json"
    then = json.loads(file.read_bytes())
    assert then["app_version"] == "0.1.0"
    assert lacks(told(document.read(file)), then) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_is_shown_as_it_was_made(kept: Path, name: str) -> None:
    preset = document.read(kept / "presets" / f"{name}.json")
    found = fitted(preset, find_engines(), Weights())
    assert found.remarks == ()
    assert lacks(told(preset.but(scene=found.scene)), told(preset)) == []


def test_the_shelf_has_its_pictures_versions_favourites_and_set_lists(kept: Path) -> None:
    library = Library(kept / "presets")
    library.refresh()
    library.set_lists.refresh()
    assert library.trouble == ""
    assert sorted(entry.name for entry in library.entries) == NAMES
    assert [entry.name for entry in library.entries if entry.favourite] == ["Rain in blue"]
    assert all(library.thumbnail(entry.id) is not None for entry in library.entries)
    by_name = {entry.name: entry.id for entry in library.entries}
    assert len(library.versions(by_name["Desire path"])) == 1
    (version,) = library.versions(by_name["Rain in blue"])
    assert library.open_version(version).name == "Neon rain"
    (friday,) = library.set_lists.all
    assert friday.name == "Friday"
    assert friday.presets == tuple(
        by_name[name] for name in ("Mood compass", "Desire path", "Mood compass")
    )


def test_a_bundle_is_taken_in_whole(kept: Path, tmp_path: Path) -> None:
    ours = Library(tmp_path / "ours")
    taken = take_in(kept / "friday.loom", ours)
    assert taken.remarks == ()
    assert sorted(entry.name for entry in taken.entries) == ["Desire path", "Rain in blue"]
    assert taken.set_list is not None
    assert len(taken.set_list.presets) == 2
    with opened(kept / "friday.loom") as bundle:
        for packed in bundle.presets():
            assert lacks(told(ours.open(packed.preset.id).preset), told(packed.preset)) == []


def test_the_settings_are_what_they_were(kept: Path) -> None:
    file = kept / "settings.json"
    now = Store(file).settings.model_dump(mode="json")
    assert lacks(now, json.loads(file.read_bytes())) == []


def test_a_controller_map_is_what_it_was(kept: Path) -> None:
    (file,) = (kept / "midi maps").iterdir()
    assert maps.file_of(kept / "midi maps", "nanoKONTROL2") == file, "it is found by its device"
    now = maps.load(kept / "midi maps", "nanoKONTROL2").model_dump(mode="json")
    assert lacks(now, json.loads(file.read_bytes())) == []


@pytest.mark.parametrize("name", ["session-killed.json", "ended.json"])
def test_a_working_state_is_what_it_was(kept: Path, name: str) -> None:
    text = (kept / "sessions" / name).read_bytes()
    now = json.loads(working_state.text_of(working_state.parse(text)))
    assert lacks(now, json.loads(text)) == []


def test_the_session_that_was_killed_is_offered_and_what_lay_around_it_is_there(
    kept: Path, play: Callable[..., Pump]
) -> None:
    pump = play(fake())
    desk = FakeDesk(pump.session, kept / "settings.json")
    held = Repertoire(
        pump.session,
        desk.rig,
        folder=kept / "presets",
        sessions=kept / "sessions",
        factory=None,
        wake=pump._woken.set,
    )
    held.start()

    def idle() -> bool:
        held.collect()
        return held.librarian.is_idle

    pump.until(idle, "the librarian")
    (left,) = held.recovery.left
    assert autosave.read(left).place == 2
    assert held.set_lists.current is not None
    assert held.set_lists.current.name == "Friday"
    assert held.morph.setting("morph_bars") == 8
    assert held.recalling.current() == 2
    assert held.snapshots.scenes[1] is not None
    held.close()
