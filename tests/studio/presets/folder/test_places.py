"""Where the artist's presets are, whatever was typed."""

from __future__ import annotations

from pathlib import Path

from studio.presets.folder import places


def test_a_folder_may_begin_at_home_and_a_home_that_is_nobodys_raises_nothing(home: Path) -> None:
    assert places.library("~/Scenes") == home / "Scenes"
    assert places.library("~nobody-at-all/Scenes") == Path("~nobody-at-all/Scenes")
    assert not places.expanded("~nobody-at-all/Scenes").is_dir()
