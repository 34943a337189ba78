"""The output follows the scene that is shown, the settings, and the hand on blackout and freeze."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest

from tests.fakes import PATIENCE_S, fake, filled_deck, is_one_sentence, picture_of, scene_of
from tests.live_fakes import FakeDesk
from tests.studio.outputs.sinks import FakeSink

GUEST = fake()


@pytest.fixture
def desk(play: Any, tmp_path: Path) -> Iterator[FakeDesk]:
    scene = scene_of(filled_deck(GUEST, "deck1"), filled_deck(GUEST, "deck2"))
    pump = play(GUEST, scene=scene, start=False)
    made = FakeDesk(pump.session, tmp_path / "settings.json")
    made.pump = pump
    pump.start()
    yield made
    made.rig.close()


def newest(desk: FakeDesk):
    desk.clock.advance(1.0)
    desk.rig.picture.room.turn()
    return desk.rig.picture.room.newest.pixels


def test_it_shows_what_the_decks_draw_as_they_are_mixed(desk) -> None:
    room, session = desk.rig.picture.room, desk.pump.session
    desk.rig.store.use(desk.rig.settings.but(output=desk.rig.settings.output.but(
        format="own size", width=16, height=16)))  # fmt: skip
    sink = FakeSink()
    room.add(sink)
    first = newest(desk)
    job = session.state("deck1").shown.request.job
    assert np.abs(first[::15, ::15].astype(int) - picture_of(job)[::7, ::7]).max() <= 1
    desk.rig.controls.set("/deck/2/layer/blend", "add")
    desk.rig.controls.set("/deck/2/layer/opacity", 1.0)
    assert not np.array_equal(newest(desk), first)
    desk.rig.controls.set("/deck/2/layer/mute", True)
    assert np.array_equal(newest(desk), first)


def test_blackout_and_freeze_have_addresses_and_the_settings_time(desk) -> None:
    room, controls = desk.rig.picture.room, desk.rig.controls
    room.add(FakeSink())
    lit = int(newest(desk).max())
    controls.set("/output/fade", 4.0)
    controls.set("/output/blackout", True)
    desk.clock.advance(1.0)
    assert abs(int(newest(desk).max()) - lit / 2) <= 2
    assert controls.get("/output/blackout") is True
    newest(desk)
    assert newest(desk).max() == 0
    controls.set("/output/blackout", False)
    controls.set("/output/freeze", True)
    assert room.is_frozen
    assert not room.is_dark
    assert desk.rig.settings.output.fade_s == 4.0


def test_a_sink_that_fails_is_told_by_the_rig(desk) -> None:
    sink = FakeSink("Broken", refuses="The stream cannot be opened: the port is taken.")
    desk.rig.start()
    desk.rig.picture.room.add(sink)
    sink.until(lambda: sink.closed == 1)
    desk.rig.collect()
    assert desk.notices[-1] == sink.refuses
    assert is_one_sentence(desk.notices[-1])


def test_a_computer_that_may_sleep_while_it_plays_is_told_by_the_rig(
    play, tmp_path, monkeypatch
) -> None:
    def presenting() -> None:
        raise RuntimeError("no D-Bus here")

    monkeypatch.setattr("studio.outputs.keep_awake.presenting", presenting)
    woken = Event()
    desk = FakeDesk(play(GUEST, start=False).session, tmp_path / "settings.json", woken.set)
    desk.rig.picture.room.add(FakeSink())
    assert woken.wait(PATIENCE_S)
    desk.rig.picture.collect()
    assert len(desk.notices) == 1
    assert is_one_sentence(desk.notices[0])
    desk.rig.close()
