"""Where the artist's files live: at home, which is another one for each test."""

from __future__ import annotations

from pathlib import Path

from studio.storage import folders


def test_folders_lie_at_home_and_are_made_when_they_are_missing(home: Path) -> None:
    assert list(home.iterdir()) == []
    assert folders.plugins().is_dir()
    assert folders.log_file().parent.is_dir()
    for path in (folders.plugins(), folders.log_file()):
        assert path.is_relative_to(home)


def test_the_settings_have_a_place_that_nobody_has_to_make(home: Path) -> None:
    assert home in folders.settings_file().parents
    assert not folders.settings_file().parent.exists()
