"""The working state outlives a crash."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Event

import pytest

from studio.presets import PresetError, autosave
from studio.presets.autosave import Autosave, SavedState
from studio.presets.working_state import WorkingState, parse, text_of
from studio.settings.declared import AUTOSAVE_S
from tests.fakes import PATIENCE_S, FakeClock, is_one_sentence
from tests.studio.presets.makers import full_scene, scene


def state(seed: int = 0) -> WorkingState:
    return WorkingState(scene=scene(seed))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def kept(folder: Path) -> list[int]:
    """The seeds in what running and crashed sessions have written."""
    files = sorted(folder.glob("session-*.json"))
    return [parse(file.read_bytes()).scene.decks[0].seed for file in files]


def test_the_whole_working_state_comes_back() -> None:
    snapshots = (full_scene(), None, scene(2), *[None] * 5)
    whole = WorkingState(scene=full_scene(), snapshots=snapshots, preset="a" * 32, stamp="b" * 64)
    whole = whole.model_copy(update={"place": 3, "morph": {"morph_bars": 8}, "glides": True})
    assert parse(text_of(whole)) == whole


def test_a_change_is_written_after_a_moment_and_only_the_newest(
    tmp_path: Path, clock: FakeClock
) -> None:
    session = Autosave(tmp_path, clock=clock)
    assert session.step() is None
    session.changed(state(1))
    clock.advance(AUTOSAVE_S.default / 2)
    session.changed(state(2))
    assert session.step() == pytest.approx(AUTOSAVE_S.default / 2)
    assert kept(tmp_path) == []
    clock.advance(AUTOSAVE_S.default / 2)
    session.step()
    assert kept(tmp_path) == [2]
    assert session.step() is None


def test_a_drag_without_pause_is_written_within_two_seconds(
    tmp_path: Path, clock: FakeClock
) -> None:
    session = Autosave(tmp_path, clock=clock)
    for seed in range(1, 301):
        session.changed(state(seed))
        session.step()
        clock.advance(0.02)
        if seed > 100:
            assert seed - kept(tmp_path)[0] <= 100


def test_the_moment_that_was_set_stays_after_a_write(tmp_path: Path, clock: FakeClock) -> None:
    session = Autosave(tmp_path, clock=clock)
    session.wait_s = 5.0
    for seed in (1, 2):
        session.changed(state(seed))
        assert session.step() == pytest.approx(5.0)
        clock.advance(5.0)
        session.step()
        assert kept(tmp_path) == [seed]


def test_a_session_that_ends_as_it_should_leaves_its_last_state(tmp_path: Path) -> None:
    session = Autosave(tmp_path)
    session.start()
    session.changed(state(3))
    session.close()
    assert autosave.crashed(tmp_path) == []
    left = autosave.last(tmp_path)
    assert left is not None
    assert autosave.read(left).scene.decks[0].seed == 3


def test_a_session_that_died_is_offered_and_one_that_runs_is_not(
    tmp_path: Path, clock: FakeClock
) -> None:
    dead = Autosave(tmp_path, clock=clock)
    dead.changed(state(1))
    clock.advance(1)
    dead.step()  # it never held a lock, as one whose process is gone
    running = Autosave(tmp_path, clock=clock)
    running.start()
    running.changed(state(2))
    clock.advance(1)
    running.step()
    assert len(kept(tmp_path)) == 2
    (left,) = autosave.crashed(tmp_path)
    assert autosave.read(left).scene.decks[0].seed == 1
    autosave.forget(left)
    assert autosave.crashed(tmp_path) == []
    running.close()


def test_states_of_crashed_sessions_do_not_pile_up(tmp_path: Path, clock: FakeClock) -> None:
    for seed in range(13):
        session = Autosave(tmp_path, clock=clock)
        session.changed(state(seed))
        clock.advance(1)
        session.step()
    assert len(autosave.crashed(tmp_path)) == 10
    assert len(kept(tmp_path)) == 10


def test_what_a_killed_session_left_half_done_is_cleared_away_in_time(tmp_path: Path) -> None:
    old, young = tmp_path / "session-a.lock", tmp_path / "session-b.lock"
    for file in (old, young):
        file.touch()
    os.utime(old, (0, 0))
    assert autosave.crashed(tmp_path) == []
    assert (old.exists(), young.exists()) == (False, True)


def test_a_full_disk_is_told_once_and_tried_again(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    session = Autosave(tmp_path, clock=clock, trouble=said.append)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("studio.storage.files.replace", full)
        session.changed(state(1))
        for _ in range(5):
            clock.advance(1)
            session.step()
    (sentence,) = said
    assert is_one_sentence(sentence)
    assert "No space left" in sentence
    clock.advance(1)
    session.step()
    assert kept(tmp_path) == [1], "the change that was not written was not forgotten"
    assert said[1:] == [""], "and it is told that all is well again"


def test_what_was_taken_over_goes_when_a_newer_state_is_on_the_disk(
    tmp_path: Path, clock: FakeClock
) -> None:
    dead = Autosave(tmp_path, clock=clock)
    dead.changed(state(1))
    clock.advance(1)
    dead.step()
    (left,) = autosave.crashed(tmp_path)
    session = Autosave(tmp_path, clock=clock)
    session.changed(state(2))
    session.takes_over(left)
    assert kept(tmp_path) == [1]
    clock.advance(1)
    session.step()
    assert kept(tmp_path) == [2]


def test_no_folder_to_write_to_is_told_and_stops_nobody(tmp_path: Path) -> None:
    told = Event()
    (tmp_path / "file").write_text("no folder")
    session = Autosave(tmp_path / "file", trouble=lambda sentence: told.set())
    session.start()
    session.changed(state())
    assert told.wait(PATIENCE_S)
    session.close()


def test_the_thread_writes_by_itself(tmp_path: Path) -> None:
    session = Autosave(tmp_path)
    session.start()
    session.changed(state(4))
    waited = Event()
    for _ in range(int(PATIENCE_S / 0.05)):
        if kept(tmp_path):
            break
        waited.wait(0.05)
    assert kept(tmp_path) == [4]
    session.close()


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b'{"schema_version": 2}', b'{"scene": 1}'])
def test_a_damaged_state_is_refused_in_one_sentence(tmp_path: Path, text: bytes) -> None:
    file = tmp_path / "session-x.json"
    file.write_bytes(text)
    with pytest.raises(PresetError) as caught:
        autosave.read(SavedState(file, state().saved_at))
    assert is_one_sentence(str(caught.value))
