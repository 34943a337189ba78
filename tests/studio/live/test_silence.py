"""Whoever plays and hears nothing is told why, in one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from studio.audio.messages import SoundState
from studio.document.routes import SOUND, Route
from studio.live._player_client import PortState
from studio.live._silence import why_silent
from studio.live.settings import SoundSettings
from tests.fakes import fake, is_one_sentence
from tests.live_fakes import FakeDesk

OPEN = SoundState(True, "Speakers", "Playing on Speakers, 20 ms from key to ear.")
AWAY = SoundState(False, None, "There is no sound device.")
CLICKS = Route(track="metronome", port=SOUND)
LEAD = Route(track="lead", port=SOUND)
TO_SYNTH = Route(track="lead", port="Synth")


def mute(route: Route) -> Route:
    return route.model_copy(update={"mute": True})


@pytest.mark.parametrize(
    ("routes", "sound", "state", "outputs"),
    [
        ((), SoundSettings(on=False), AWAY, ()),
        ((CLICKS,), SoundSettings(on=False), AWAY, ()),
        ((LEAD,), SoundSettings(), OPEN, ()),
        ((mute(LEAD), LEAD), SoundSettings(), OPEN, ()),
        ((LEAD, TO_SYNTH), SoundSettings(on=False), AWAY, ("Synth",)),
    ],
)
def test_where_something_is_heard_or_nothing_plays_nothing_is_said(
    routes: Any, sound: SoundSettings, state: SoundState, outputs: Any
) -> None:
    assert why_silent(routes, sound, state, outputs) == ""


@pytest.mark.parametrize(
    ("routes", "sound", "state", "word"),
    [
        ((LEAD,), SoundSettings(on=False), AWAY, "switched off"),
        ((LEAD,), SoundSettings(), AWAY, "there is no sound device"),
        ((LEAD,), SoundSettings(volume=0), OPEN, "volume"),
        ((mute(LEAD), CLICKS), SoundSettings(), OPEN, "mute"),
        ((TO_SYNTH,), SoundSettings(), OPEN, "port"),
        ((TO_SYNTH, mute(LEAD)), SoundSettings(), OPEN, "port"),
    ],
)
def test_every_reason_is_one_sentence(
    routes: Any, sound: SoundSettings, state: SoundState, word: str
) -> None:
    why = why_silent(routes, sound, state, ())
    assert word in why
    assert is_one_sentence(why)


@pytest.fixture
def desk(play: Any, tmp_path: Path) -> Iterator[FakeDesk]:
    made = FakeDesk(play(fake()).session, tmp_path / "settings.json")
    made.rig.start()
    yield made
    made.rig.close()


def press_play(desk: FakeDesk) -> None:
    desk.rig.transport.play()
    desk.rig.collect()


def sound_says(desk: FakeDesk, state: SoundState) -> None:
    desk.sound.hear(state)
    desk.rig.collect()


def test_play_says_why_nothing_is_heard_once(desk: FakeDesk) -> None:
    desk.rig._session.set_routes([LEAD])
    sound_says(desk, AWAY)
    desk.notices.clear()
    press_play(desk)
    assert len(desk.notices) == 1
    assert "no sound device" in desk.notices[0]
    desk.rig.transport.stop()
    desk.rig.collect()
    press_play(desk)
    assert len(desk.notices) == 1


def test_it_waits_until_the_sound_has_had_its_say(desk: FakeDesk) -> None:
    desk.rig._session.set_routes([LEAD])
    press_play(desk)
    assert desk.notices == []
    sound_says(desk, AWAY)
    assert len(desk.notices) == 1


def test_with_an_open_port_nothing_is_said(desk: FakeDesk) -> None:
    desk.rig._session.set_routes([TO_SYNTH])
    sound_says(desk, AWAY)
    desk.says(PortState("Synth", True, "Synth is connected."))
    desk.notices.clear()
    press_play(desk)
    assert desk.notices == []
