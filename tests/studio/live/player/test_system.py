"""Ports through an RtMidi that is a table in memory: which of two devices of one model is meant."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from studio.live.player import _jack, _rtmidi
from studio.live.player._ports import Ports
from studio.live.player._system import RtMidi
from studio.live.player.protocol import OpenPort, PortState

NANO_1, NANO_2, NANO_3 = "nano 20:0", "nano 24:0", "nano 16:0"
ALSA = 4
HOUSE: dict[str, list[str]] = {}


class FakeIn:
    """A MidiIn of the binding; `ears` has the open ones, by the raw name of what they hear."""

    ears: dict[str, FakeIn]

    def __init__(self, api: int, name: str) -> None:
        self.api, self.client = api, name
        self.callback: Callable[[Any, float, Any], None] | None = None

    def get_ports(self) -> list[str]:
        return list(HOUSE["in"])

    def open_port(self, place: int, name: str) -> None:
        self.ears[HOUSE["in"][place]] = self

    def set_callback(self, callback: Callable[[Any, float, Any], None]) -> None:
        self.callback = callback

    def ignore_types(self, **_: bool) -> None: ...
    def set_error_callback(self, report: object) -> None: ...
    def close_port(self) -> None:
        FakeIn.ears = {raw: ear for raw, ear in FakeIn.ears.items() if ear is not self}

    def delete(self) -> None:
        self.callback = None


class FakeOut(FakeIn):
    def get_ports(self) -> list[str]:
        return list(HOUSE["out"])


class Desk:
    def __init__(self) -> None:
        self.said: list[PortState] = []
        self.heard: list[tuple[str, bytes]] = []
        self.ports = Ports(RtMidi(), self._say, lambda key, data: self.heard.append((key, data)))
        self.ports.rescan()

    def _say(self, event: object) -> None:
        if isinstance(event, PortState):
            self.said.append(event)

    def plugged(self, *raws: str) -> None:
        """These are there now, in the order in which the system lists them."""
        HOUSE["in"] = list(raws)
        FakeIn.ears = {raw: ear for raw, ear in FakeIn.ears.items() if raw in raws}
        self.ports.rescan()

    def play(self, raw: str) -> list[tuple[str, bytes]]:
        """What is heard when a key is pressed there."""
        self.heard.clear()
        ear = FakeIn.ears.get(raw)
        if ear is not None and ear.callback is not None:
            ear.callback([0x90, 60, 100], 0.0, None)
        return list(self.heard)

    def is_open(self, key: str) -> bool:
        return [s.is_open for s in self.said if s.key == key][-1]


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    module = SimpleNamespace(
        MidiIn=FakeIn,
        MidiOut=FakeOut,
        get_compiled_apis=lambda: [ALSA],
        get_compiled_api_by_name=lambda name: ALSA,
        get_api_name=lambda api: "alsa",
    )
    monkeypatch.setitem(sys.modules, "supriya_midi", module)
    monkeypatch.setattr(RtMidi, "_may_run", lambda self, name: True)
    FakeIn.ears = {}
    HOUSE.update({"in": [NANO_1, NANO_2], "out": []})
    desk = Desk()
    desk.ports.open(OpenPort("one", "nano", "in", False))
    desk.ports.open(OpenPort("two", "nano #2", "in", False))
    return desk


ON = b"\x90\x3c\x64"


def test_two_of_one_model_are_two_ports(desk: Desk) -> None:
    assert desk.play(NANO_1) == [("one", ON)]
    assert desk.play(NANO_2) == [("two", ON)]


@pytest.mark.parametrize(
    ("gone", "key", "left", "other"),
    [(NANO_1, "one", NANO_2, "two"), (NANO_2, "two", NANO_1, "one")],
)
def test_the_one_that_goes_is_the_one_that_is_missed(
    desk: Desk, gone: str, key: str, left: str, other: str
) -> None:
    desk.plugged(left)
    assert not desk.is_open(key)
    assert desk.is_open(other)
    assert desk.play(left) == [(other, ON)]
    desk.plugged(NANO_1, NANO_2)
    assert desk.play(gone) == [(key, ON)]
    assert desk.play(left) == [(other, ON)]


def test_one_that_comes_back_with_another_number_takes_its_place_again(desk: Desk) -> None:
    desk.plugged(NANO_2)
    desk.plugged(NANO_2, "nano 28:0")
    assert desk.play("nano 28:0") == [("one", ON)]
    assert desk.play(NANO_2) == [("two", ON)]


def test_one_that_comes_back_with_another_number_between_two_looks_is_heard(desk: Desk) -> None:
    desk.plugged(NANO_2, "nano 28:0")
    assert desk.play("nano 28:0") == [("one", ON)]
    assert desk.play(NANO_2) == [("two", ON)]


@pytest.mark.parametrize("raws", [(NANO_3, NANO_1, NANO_2), (NANO_1, NANO_2, NANO_3)])
def test_a_third_one_changes_nothing_for_the_others(desk: Desk, raws: tuple[str, ...]) -> None:
    before = len(desk.said)
    desk.plugged(*raws)
    assert len(desk.said) == before
    assert desk.play(NANO_1) == [("one", ON)]
    assert desk.play(NANO_2) == [("two", ON)]
    assert desk.play(NANO_3) == []


def test_a_port_is_opened_by_its_name_even_if_the_list_has_just_changed(desk: Desk) -> None:
    HOUSE["in"] = [NANO_3, NANO_1, NANO_2]
    desk.ports.open(OpenPort("two", "nano #2", "in", False))
    assert desk.play(NANO_2) == [("two", ON)]


# --- PipeWire ------------------------------------------------------------------------------------


def test_a_port_that_pipewire_takes_over_from_alsa_is_listed_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = RtMidi()
    system.look()
    system._lists["jack"] = lambda side: ["Midi-Bridge:nano", "Bitwig:out"]
    assert system.names("in") == ["nano", "nano #2", "Bitwig:out"]
    monkeypatch.setattr(_rtmidi, "system_jack", lambda: SimpleNamespace(**VERSIONS["PipeWire's"]))
    assert system.title == "ALSA and PipeWire's JACK"


VERSIONS = {
    "PipeWire's": {"jack_get_version_string": lambda: b"3.0.0.0 (using PipeWire 1.4.2)"},
    "JACK 2's": {"jack_get_version_string": lambda: b"1.9.22"},
    "JACK 1's": {},
}


@pytest.mark.parametrize("whose", VERSIONS)
def test_which_libjack_it_is_tells_which_server_to_look_for(
    whose: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(_rtmidi, "system_jack", lambda: SimpleNamespace(**VERSIONS[whose]))
    monkeypatch.setenv("PIPEWIRE_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "no-such-server")
    assert _jack.title() == ("PipeWire's JACK" if whose == "PipeWire's" else "JACK")
    assert _jack.server_marks() == set()
    (tmp_path / "pipewire-0").touch()
    assert bool(_jack.server_marks()) == (whose == "PipeWire's")
