"""The settings' file: what is changed here is kept, and nothing of anybody else's is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from filelock import FileLock

from studio.settings.declared import AUTOSAVE_S, SETTINGS
from studio.settings.model import OscSettings, Settings, SoundSettings
from studio.settings.store import KEEP_S, Store
from tests.fakes import FakeClock, is_one_sentence

VOLUME = next(s for s in SETTINGS if s.path == "sound.volume")
ROOM = next(s for s in SETTINGS if s.path == "sound.room")
AUTOSAVE = next(s for s in SETTINGS if s.parameter is AUTOSAVE_S)

OF_0_1 = b"""{
 "outputs": [
  "Synth",
  "Drums"
 ],
 "inputs": [
  "Keys"
 ],
 "virtual_ports": true,
 "clock_to": [
  "Synth"
 ],
 "follow": "Keys",
 "echo": false,
 "sound": {
  "on": true,
  "device": "Speakers",
  "volume": 0.5,
  "room": 0.1,
  "offset_ms": -12.0,
  "buffer": "large"
 },
 "osc": {
  "listens": true,
  "port": 9100,
  "open_to_network": true,
  "target": "10.0.0.7",
  "target_port": 9200
 }
}
"""
"""As version 0.1 wrote it, to the byte."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.json"


def store(file: Path) -> tuple[Store, list[str]]:
    """A store and what it says."""
    made, said = Store(file, FakeClock()), []
    made.noticed.connect(said.append)
    return made, said


def put(file: Path, data: object) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())


def held(file: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads(file.read_bytes())
    return found


# -- keeping ---------------------------------------------------------------------------------------


def test_what_is_set_is_there_the_next_time_and_only_that_is_written(file: Path) -> None:
    first, said = store(file)
    assert first.settings == Settings()
    first.set(VOLUME, 0.25)
    first.keep()
    assert held(file) == {"sound": {"volume": 0.25}}
    assert store(file)[0].settings == Settings(sound=SoundSettings(volume=0.25))
    assert (said, first.trouble) == ([], "")


def test_it_is_written_once_it_has_rested(file: Path) -> None:
    clock = FakeClock()
    made = Store(file, clock)
    for value in (0.1, 0.2, 0.3):
        made.set(VOLUME, value)
        clock.advance(KEEP_S / 2)
        made.tick(clock())
    assert not file.exists()
    clock.advance(KEEP_S / 2)
    made.tick(clock())
    assert held(file) == {"sound": {"volume": 0.3}}


def test_whoever_listens_hears_of_the_settings_now_and_before(file: Path) -> None:
    made, _ = store(file)
    heard: list[tuple[Settings, Settings]] = []
    made.changed.connect(lambda now, before: heard.append((now, before)))
    made.set(VOLUME, 0.5)
    assert heard == [(made.settings, Settings())]


def test_nothing_is_written_where_nothing_was_changed(file: Path) -> None:
    made, _ = store(file)
    made.use(Settings())
    made.keep()
    assert not file.exists()


# -- other versions --------------------------------------------------------------------------------


def test_a_file_of_version_0_1_is_read_unchanged(file: Path) -> None:
    put(file, OF_0_1)
    made, _ = store(file)
    assert made.trouble == ""
    assert made.settings == Settings(
        outputs=("Synth", "Drums"),
        inputs=("Keys",),
        virtual_ports=True,
        clock_to=("Synth",),
        follow="Keys",
        echo=False,
        sound=SoundSettings(
            device="Speakers", volume=0.5, room=0.1, offset_ms=-12.0, buffer="large"
        ),
        osc=OscSettings(
            listens=True, port=9100, open_to_network=True, target="10.0.0.7", target_port=9200
        ),
    )
    assert file.read_bytes() == OF_0_1
    made.set(VOLUME, 0.75)
    made.keep()
    before = json.loads(OF_0_1)
    assert held(file) == {**before, "sound": {**before["sound"], "volume": 0.75}}


def test_what_a_newer_version_has_kept_stays(file: Path) -> None:
    newer = {"sound": {"buffer": "huge", "spatial": {"on": True}}, "colours": "light"}
    put(file, newer)
    made, _ = store(file)
    assert made.settings == Settings()
    assert made.trouble == "Some settings do not fit and are at their defaults: Sound buffer."
    made.set(VOLUME, 0.5)
    made.keep()
    assert held(file) == {**newer, "sound": {**newer["sound"], "volume": 0.5}}  # type: ignore[dict-item]


@pytest.mark.parametrize(
    "spoilt",
    [
        {"outputs": [""]},
        {"outputs": ["Synth", 7]},
        {"sound": {"volume": 9}},
        {"sound": "loud"},
        {"action_keys": {"undo": "Ctrl+Z"}},
        {"routes": {"lead": {"channel": 17}}},
        {"osc": None},
    ],
)
def test_one_value_that_does_not_fit_costs_no_other(file: Path, spoilt: dict[str, object]) -> None:
    put(file, {"follow": "Keys", **spoilt})
    made, _ = store(file)
    assert made.settings == Settings(follow="Keys")
    assert is_one_sentence(made.trouble)


# -- broken ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 90_000, b'{"a": NaN}'])
def test_a_broken_file_is_one_sentence_and_is_set_aside(file: Path, text: bytes) -> None:
    put(file, text)
    made, _ = store(file)
    assert made.settings == Settings()
    assert is_one_sentence(made.trouble)
    made.set(VOLUME, 0.5)
    made.keep()
    assert file.with_suffix(".unreadable.json").read_bytes() == text
    assert held(file) == {"sound": {"volume": 0.5}}


def test_what_was_set_aside_before_stays_too(file: Path) -> None:
    for text in (b"one", b"two"):
        put(file, text)
        store(file)
    assert file.with_suffix(".unreadable.json").read_bytes() == b"one"
    assert file.with_suffix(".unreadable-2.json").read_bytes() == b"two"


@pytest.mark.parametrize("in_the_way", ["config", "config/settings.json"])
def test_without_a_folder_there_are_defaults_and_a_sentence(
    file: Path, tmp_path: Path, in_the_way: str
) -> None:
    if in_the_way == "config":
        (tmp_path / in_the_way).write_text("a file of that name")
    else:
        file.mkdir(parents=True)
    made, said = store(file)
    assert made.settings == Settings()
    assert made.trouble.startswith("Settings are not kept")
    assert is_one_sentence(made.trouble)
    for value in (0.1, 0.2):
        made.set(VOLUME, value)
        made.keep()
    assert made.settings.sound.volume == 0.2
    assert len(said) == 1
    assert said[0].startswith("Settings are not kept")


def test_what_could_not_be_written_is_written_later(file: Path, tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file of that name")
    made, _ = store(file)
    made.set(VOLUME, 0.1)
    made.keep()
    (tmp_path / "config").unlink()
    made.set(ROOM, 0.2)
    made.keep()
    assert held(file) == {"sound": {"volume": 0.1, "room": 0.2}}


# -- two copies of the app -------------------------------------------------------------------------


def test_two_copies_keep_what_each_has_changed(file: Path) -> None:
    (one, _), (two, said) = store(file), store(file)
    one.set(VOLUME, 0.1)
    one.keep()
    two.set(ROOM, 0.2)
    two.set(AUTOSAVE, 5.0)
    two.keep()
    assert held(file) == {"sound": {"volume": 0.1, "room": 0.2}, "files": {"autosave_s": 5.0}}
    assert said == ["Another Latent Loom has changed settings too; all changes are kept."]
    assert two.settings.sound.volume == VOLUME.parameter.initial  # nothing jumps under the hand


def test_where_both_changed_the_same_it_is_said(file: Path) -> None:
    (one, _), (two, said) = store(file), store(file)
    one.set(VOLUME, 0.1)
    one.keep()
    two.set(VOLUME, 0.9)
    two.keep()
    assert held(file) == {"sound": {"volume": 0.9}}
    assert said == ["Another Latent Loom has changed settings too: Volume is kept as it is here."]
    two.set(ROOM, 0.2)
    two.keep()
    assert len(said) == 1


def test_keys_of_different_actions_are_different_settings(file: Path) -> None:
    (one, _), (two, _) = store(file), store(file)
    one.use(Settings(action_keys={"undo": ("U",)}))
    one.keep()
    two.use(Settings(action_keys={"redo": ("Y",)}))
    two.keep()
    two.use(Settings())
    two.keep()
    assert held(file) == {"action_keys": {"undo": ["U"]}}


def test_a_file_that_breaks_or_goes_while_the_app_runs_loses_nothing(file: Path) -> None:
    put(file, {"follow": "Keys"})
    made, said = store(file)
    put(file, b"{")
    made.set(VOLUME, 0.1)
    made.keep()
    assert held(file) == {"follow": "Keys", "sound": {"volume": 0.1}}
    assert file.with_suffix(".unreadable.json").read_bytes() == b"{"
    assert is_one_sentence(said[0])
    file.unlink()
    made.set(ROOM, 0.2)
    made.keep()
    assert held(file) == {"follow": "Keys", "sound": {"volume": 0.1, "room": 0.2}}


def test_a_copy_that_is_writing_is_waited_for_only_a_moment(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.settings.store._LOCK_S", 0.0)
    made, said = store(file)
    made.set(VOLUME, 0.1)
    with FileLock(file.parent / f".{file.name}.lock"):
        made.keep()
    assert said == ["Settings are not kept: another Latent Loom is writing."]
    made.set(ROOM, 0.2)
    made.keep()
    assert held(file) == {"sound": {"volume": 0.1, "room": 0.2}}
