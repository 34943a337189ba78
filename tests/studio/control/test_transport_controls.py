"""The transport and the set list by their addresses."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from studio.control.controls import Controls
from studio.control.transport_controls import RecallPart, score_part, sound_part, transport_part
from studio.document.parameters import Int, ParameterError
from studio.document.score import BAND, DUET, PLACE, SCORE, TEMPO_PARAMETERS
from studio.live.clock.transport import Transport
from studio.settings.declared import SOUND_PARAMETERS
from tests.fakes import FakeClock, Pump, fake


@pytest.fixture
def transport() -> Transport:
    return Transport(FakeClock())


@pytest.fixture
def controls(transport: Transport) -> Controls:
    return Controls(transport_part(transport))


def test_every_parameter_of_the_transport_has_an_address(controls: Controls) -> None:
    declared = {id(c.parameter) for c in controls.all() if c.kind == "value"}
    assert declared == {id(parameter) for parameter in TEMPO_PARAMETERS}


def test_its_values_are_read_and_set(transport: Transport, controls: Controls) -> None:
    for address, to in (
        ("/transport/tempo", 90.0),
        ("/transport/count_in", 2),
        ("/transport/metre/beats", 6),
        ("/transport/metre/unit", "8"),
    ):
        controls.set(address, to)
        assert controls.get(address) == to
    assert (transport.bpm, str(transport.metre), transport.count_in_bars) == (90, "6/8", 2)


def test_play_stop_and_continue_with_their_lamps(transport: Transport, controls: Controls) -> None:
    lamps = lambda: (controls.get("/transport/play"), controls.get("/transport/stop"))  # noqa: E731
    assert lamps() == (False, True)
    controls.trigger("/transport/play")
    assert lamps() == (True, False)
    controls.trigger("/transport/stop")
    assert lamps() == (False, True)
    controls.trigger("/transport/resume")
    assert lamps() == (True, False)


def test_taps_count_when_the_foot_came_down_not_when_it_was_heard(
    transport: Transport, controls: Controls
) -> None:
    for n in range(4):
        controls.trigger("/transport/tap", at_s=990 + 0.75 * n)
    assert transport.bpm == pytest.approx(80)


def test_nudges_are_pressed(controls: Controls) -> None:
    controls.trigger("/transport/play")
    controls.trigger("/transport/nudge/ahead")
    controls.trigger("/transport/nudge/back")


def test_what_else_a_score_holds_has_an_address(play: Callable[..., Pump]) -> None:
    session = play(fake(), start=False).session
    controls = Controls(transport_part(Transport(FakeClock())), score_part(session))
    assert {id(p) for p in SCORE} <= {id(c.parameter) for c in controls.all()}
    for parameter in SCORE:
        if parameter not in TEMPO_PARAMETERS:
            room = "band" if parameter in (*BAND, *PLACE, *DUET) else "transport"
            controls.set_position(f"/{room}/{parameter.name}", 1)
            assert session.scene.score[parameter.name] == parameter.at(1)
            assert controls.position(f"/{room}/{parameter.name}") == 1


def test_every_parameter_of_the_sound_has_an_address() -> None:
    values = {p.name: p.initial for p in SOUND_PARAMETERS}
    controls = Controls(sound_part(values.__getitem__, values.__setitem__))
    assert [c.parameter for c in controls.all()] == list(SOUND_PARAMETERS)
    controls.set("/sound/volume", 0.25)
    assert (values["sound_volume"], controls.get("/sound/volume")) == (0.25, 0.25)


class Leading(Transport):
    """One that follows somebody beyond our own range."""

    @property
    def bpm(self) -> float:
        return 333.3


def test_a_leaders_tempo_may_be_beyond_the_range() -> None:
    assert Controls(transport_part(Leading(FakeClock()))).position("/transport/tempo") == 1


class SetList:
    def __init__(self, *names: str) -> None:
        self._names = names
        self.called: int | None = None

    def names(self) -> tuple[str, ...]:
        return self._names

    def current(self) -> int | None:
        return self.called

    def recall(self, index: int) -> None:
        self.called = index


def test_scenes_are_called_up_by_number_or_by_their_button() -> None:
    scenes = SetList("Dawn", "Noon", "Dusk")
    controls = Controls(RecallPart(scenes))
    assert controls.get("/scene") == 1
    controls.set("/scene", 3)
    assert scenes.called == 2
    controls.trigger("/scene/2")
    assert (scenes.called, controls.get("/scene")) == (1, 2)
    assert [controls.get(f"/scene/{n}") for n in (1, 2, 3)] == [False, True, False]
    assert controls.find("/scene/3").label == "Scene 3: Dusk"  # type: ignore[union-attr]
    with pytest.raises(ParameterError):
        controls.set("/scene", 4)


def test_the_set_list_may_change() -> None:
    scenes = SetList("Dawn")
    controls = Controls(RecallPart(scenes))
    assert [c.address for c in controls.all()] == ["/scene/1"]
    scenes._names = ("Dawn", "Noon")
    number = controls.find("/scene")
    assert number is not None
    assert isinstance(number.parameter, Int)
    assert number.parameter.high == 2
