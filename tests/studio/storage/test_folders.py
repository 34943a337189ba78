"""Where the artist's files live: at home, which is another one for each test."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

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


@pytest.mark.skipif(sys.platform == "win32", reason="homes are found otherwise there")
def test_a_user_without_a_home_is_an_oserror_and_makes_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pwd

    def unknown(_: object) -> None:
        raise KeyError("getpwuid(): uid not found")

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    monkeypatch.chdir(tmp_path)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name)
    for find in (folders.plugins, folders.settings_file, folders.log_file):
        with pytest.raises(OSError):  # noqa: PT011 - whichever of its kinds
            find()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="XDG's variables are of Linux")
@pytest.mark.parametrize("value", ["", "relative", "./here", "~/there"])
def test_a_variable_that_names_no_whole_path_is_passed_over(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", value)
    assert folders.settings_file().is_relative_to(home / ".config")
    assert list(tmp_path.iterdir()) == []
