"""Controllers and a session: from a learnt knob to a picture's parameter, and back to its lamp."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from studio.control.controls import ControlError
from studio.control.deck_controls import controls_of
from studio.control.transport_controls import transport_part
from studio.document.parameters import Text
from studio.live.clock.transport import Transport
from studio.live.controllers import maps
from studio.live.controllers._source import source
from studio.live.controllers.binding import Binding, Map
from studio.live.controllers.surfaces import Bound, Surfaces
from studio.processes.messages import Received
from tests.fakes import PARAMETERS, FakeClock, Pump, fake, is_one_sentence
from tests.studio.live.controllers.board import cc, message, note, nrpn

KNOB = Binding(source=source("cc", 1, 74), address="/deck/1/contrast", takeover="jump")


class Stage:
    """A session that is played with one device; nothing runs but what the test turns."""

    def __init__(self, pump: Pump, folder: Path) -> None:
        self.pump, self.session = pump, pump.session
        self.sent: list[tuple[str, bytes]] = []
        self.notices: list[str] = []
        self.now_s = 100.0
        self.controls = controls_of(self.session)
        self.surfaces = Surfaces(self.controls, send=self._send, folder=folder)
        self.surfaces.noticed.connect(self.notices.append)
        self.surfaces.connect("in", "Knobs", "out")

    def _send(self, port: str, messages: Sequence[bytes]) -> None:
        self.sent += [(port, each) for each in messages]

    def play(self, *messages: Received) -> None:
        """Messages ten milliseconds apart."""
        for each in messages:
            self.now_s += 0.01
            self.pump.clock.advance(0.01)
            self.surfaces.hear(Received(self.now_s, each.port, each.data))

    def wait(self, seconds: float = 1.0) -> None:
        self.now_s += seconds
        self.pump.clock.advance(seconds)
        self.surfaces.tick(self.now_s)

    def learn(self, address: str, *messages: Received) -> None:
        self.surfaces.learn(address)
        self.play(*messages)
        self.wait()

    @property
    def contrast(self) -> object:
        return self.pump.deck().parameters["contrast"]


@pytest.fixture
def stage(play: Callable[..., Pump], tmp_path: Path) -> Stage:
    return Stage(play(fake(), start=False), tmp_path)


def sweep(number: int, low: int, high: int) -> list[Received]:
    return [cc(number, value) for value in range(low, high)]


def test_learn_then_play(stage: Stage) -> None:
    stage.learn("/deck/1/contrast", *sweep(74, 60, 75))
    assert stage.surfaces.learning is None
    assert stage.contrast == 1  # what is learnt is not played
    stage.play(*sweep(74, 60, 97))
    assert stage.contrast == pytest.approx(1.508, abs=1e-3)


def test_turning_a_knob_is_one_step_to_undo(stage: Stage) -> None:
    stage.surfaces.use_map("Knobs", Map(device="Knobs", bindings=(KNOB,)))
    before = stage.pump.scene
    stage.play(*sweep(74, 0, 127))
    stage.session.undo()
    assert stage.pump.scene == before
    assert not stage.session.history.can_undo


def test_the_pad_and_a_slot(stage: Stage) -> None:
    stage.learn("/deck/1/pad/x", *sweep(1, 64, 80))
    stage.learn("/deck/1/slot/b", note(60, 99))
    stage.play(*sweep(1, 60, 128))
    assert stage.pump.deck().pad == (1, 0.5)
    stage.play(note(60, 99), note(60, 0))
    second = stage.pump.deck().slots[1]
    assert second is not None
    assert stage.pump.deck().pad == second.place


def test_what_is_bound_can_be_shown_changed_and_forgotten(stage: Stage) -> None:
    stage.learn("/deck/1/contrast", *sweep(74, 60, 75))
    (bound,) = stage.surfaces.bound("/deck/1/contrast")
    assert str(bound) == "Knobs: CC 74, channel 1"
    inverted = bound.binding.but(invert=True, takeover="jump")
    stage.surfaces.replace(bound.device, bound.binding, inverted)
    stage.play(cc(74, 127))
    assert stage.contrast == 0
    stage.surfaces.forget("/deck/1/contrast")
    stage.play(cc(74, 0))
    assert stage.contrast == 0
    assert stage.surfaces.bound("/deck/1/contrast") == ()


WAYS: dict[str, list[Received]] = {
    "knob": sweep(74, 10, 120),
    "encoder": [cc(16, clicks) for clicks in (1, 1, 1, 2, 1, 127, 127, 127, 126, 1, 1, 1, 1)],
    "fine knob": [each for v in range(0, 128, 9) for each in (cc(1, v), cc(33, v))],
    "nrpn": [each for v in range(0, 16384, 999) for each in nrpn(300, v)],
    "key": [note(60, 99), note(60, 0)],
    "program": [message(0xC0, 1)],
    "wheel": [message(0xE0, 0, v) for v in range(20, 100, 5)],
    "pressure": [message(0xD0, v) for v in range(20, 120, 5)],
    "key pressure": [message(0xA0, 60, v) for v in range(20, 120, 5)],
}


KINDS = {"knob": "cc", "encoder": "cc", "fine knob": "cc 14", "key": "note", "wheel": "bend"}


@pytest.mark.parametrize("way", WAYS)
def test_everything_that_has_a_travel_can_be_learnt_and_played(
    way: str, play: Callable[..., Pump], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        maps, "keep", lambda folder, kept, seen: kept
    )  # a thousand times onto the disk
    words = Text(name="words", label="Words", default="")
    stage = Stage(play(fake(parameters=(*PARAMETERS, words)), start=False), tmp_path)
    stage.controls.add(transport_part(Transport(FakeClock())))
    for control in stage.controls.all():
        if not control.learnable:
            assert control.parameter is words or control.address == "/words", "what a deck says"
            continue
        stage.learn(control.address, *WAYS[way])
        (bound,) = stage.surfaces.bound(control.address)
        assert bound.binding.source.kind == KINDS.get(way, way)
        stage.play(*WAYS[way])
        stage.surfaces.forget(control.address)
    assert [n for n in stage.notices if "Slot" not in n and "slot" not in n] == []


def test_one_knob_may_play_several_controls(stage: Stage) -> None:
    glow = KNOB.but(address="/deck/1/glow")
    stage.surfaces.use_map("Knobs", Map(device="Knobs", bindings=(KNOB, glow)))
    stage.play(cc(74, 127))
    assert (stage.contrast, stage.pump.deck().parameters["glow"]) == (2, 4)
    assert stage.surfaces.also_plays(Bound("Knobs", KNOB)) == ("/deck/1/glow",)


def test_bindings_are_kept_for_the_device(
    stage: Stage, play: Callable[..., Pump], tmp_path: Path
) -> None:
    stage.learn("/deck/1/contrast", *sweep(74, 60, 75))
    later = Stage(play(fake(), start=False), tmp_path)
    assert later.surfaces.bound("/deck/1/contrast") == stage.surfaces.bound("/deck/1/contrast")
    later.surfaces.connect("in", "Another device")
    assert later.surfaces.bound("/deck/1/contrast") == ()


def test_a_device_that_comes_back_has_its_bindings(stage: Stage) -> None:
    stage.learn("/deck/1/contrast", *sweep(74, 60, 75))
    stage.surfaces.disconnect("in")
    assert (stage.surfaces.devices, stage.surfaces.bound("/deck/1/contrast")) == ((), ())
    stage.play(cc(74, 3))
    stage.surfaces.connect("in", "Knobs", "out")
    assert len(stage.surfaces.bound("/deck/1/contrast")) == 1


def test_a_device_that_is_there_already_stays_picked_up(stage: Stage) -> None:
    soft = KNOB.but(takeover="pick up")
    stage.surfaces.use_map("Knobs", Map(device="Knobs", feedback=True, bindings=(soft,)))
    stage.play(*sweep(74, 60, 70))
    stage.wait()
    stage.surfaces.connect("in", "Knobs", "another way out")
    stage.play(cc(74, 110))
    assert stage.contrast == pytest.approx(1.73, abs=0.01)
    stage.session.undo()
    stage.wait()
    assert stage.sent[-1] == ("another way out", bytes((0xB0, 74, 69)))


def test_what_came_back_is_lit_afresh(stage: Stage) -> None:
    stage.surfaces.use_map("Knobs", Map(device="Knobs", feedback=True, bindings=(KNOB,)))
    stage.wait()
    stage.surfaces.came_back("another")
    stage.wait()
    assert len(stage.sent) == 1
    stage.surfaces.came_back("out")
    stage.wait()
    assert len(stage.sent) == 2


def test_keys_that_play_controls_are_known_as_such(stage: Stage) -> None:
    stage.learn("/deck/1/mirror", note(60, 99))
    assert stage.surfaces.bound_notes == {("in", 0, 60)}
    stage.surfaces.disconnect("in")
    assert stage.surfaces.bound_notes == frozenset()


def test_two_devices_play_the_same_control(stage: Stage) -> None:
    stage.surfaces.connect("other", "Pads")
    stage.learn("/deck/1/mirror", note(60, 99))
    stage.learn("/deck/1/mirror", Received(0, "other", note(36, 99).data))
    assert {bound.device for bound in stage.surfaces.bound("/deck/1/mirror")} == {"Knobs", "Pads"}
    stage.surfaces.forget("/deck/1/mirror")
    assert stage.surfaces.bound("/deck/1/mirror") == ()


def test_an_unreadable_map_is_a_sentence_and_stays(stage: Stage, tmp_path: Path) -> None:
    maps.file_of(tmp_path, "Odd").write_text("{")
    stage.surfaces.connect("odd", "Odd")
    (notice,) = stage.notices
    assert is_one_sentence(notice)
    assert maps.file_of(tmp_path, "Odd").read_text() == "{"


def test_a_disk_that_is_full_costs_the_file_not_the_binding(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(folder: Path, kept: Map, seen: Map | None) -> Map:
        raise maps.MapError("The controller map x cannot be written: No space left on device.")

    monkeypatch.setattr(maps, "keep", full)
    stage.learn("/deck/1/contrast", *sweep(74, 60, 75))
    assert len(stage.surfaces.bound("/deck/1/contrast")) == 1
    assert is_one_sentence(stage.notices[0])


def test_what_another_copy_has_learnt_meanwhile_stays_and_is_said(
    stage: Stage, tmp_path: Path
) -> None:
    stage.learn("/deck/1/contrast", *sweep(74, 60, 75))
    theirs = maps.load(tmp_path, "Knobs")
    maps.keep(tmp_path, theirs.with_binding(KNOB.but(address="/deck/1/mirror")), theirs)
    stage.learn("/deck/1/seed", *sweep(75, 60, 75))
    addresses = {"/deck/1/contrast", "/deck/1/mirror", "/deck/1/seed"}
    assert {b.address for b in stage.surfaces.map("Knobs").bindings} == addresses
    assert maps.load(tmp_path, "Knobs") == stage.surfaces.map("Knobs")
    (notice,) = stage.notices
    assert is_one_sentence(notice)
    stage.surfaces.forget("/deck/1/mirror")
    assert len(stage.notices) == 1


def test_what_cannot_be_played_cannot_be_learnt(stage: Stage) -> None:
    with pytest.raises(ControlError):
        stage.surfaces.learn("/deck/1/nothing")
    assert stage.surfaces.learning is None


def test_learning_is_cancelled(stage: Stage) -> None:
    stage.surfaces.learn("/deck/1/contrast")
    stage.surfaces.cancel()
    stage.play(*sweep(74, 60, 90))
    stage.wait()
    assert stage.surfaces.bound("/deck/1/contrast") == ()


def test_a_device_that_goes_while_it_is_learnt_from_is_a_sentence(stage: Stage) -> None:
    changes: list[None] = []
    stage.surfaces.learn("/deck/1/contrast")
    stage.play(*sweep(74, 60, 66))
    stage.surfaces.disconnect("in")
    stage.surfaces.changed.connect(lambda: changes.append(None))
    stage.wait()
    assert stage.surfaces.learning is None
    assert changes
    assert is_one_sentence(stage.notices[0])


def test_a_knob_that_waits_to_be_picked_up_says_so(stage: Stage) -> None:
    soft = KNOB.but(takeover="pick up")
    stage.surfaces.use_map("Knobs", Map(device="Knobs", bindings=(soft,)))
    stage.play(cc(74, 10))
    assert stage.surfaces.waiting("/deck/1/contrast")
    stage.play(*sweep(74, 11, 70))
    assert not stage.surfaces.waiting("/deck/1/contrast")


def test_an_undo_moves_the_value_from_under_the_knob(stage: Stage) -> None:
    soft = KNOB.but(takeover="pick up")
    stage.surfaces.use_map("Knobs", Map(device="Knobs", bindings=(soft,)))
    stage.play(*sweep(74, 60, 120))
    stage.session.undo()
    stage.play(cc(74, 118))
    assert stage.contrast == 1


def test_a_binding_to_a_deck_that_is_not_there_waits_for_it(stage: Stage) -> None:
    second = KNOB.but(address="/deck/2/contrast")
    stage.surfaces.use_map("Knobs", Map(device="Knobs", bindings=(second,)))
    stage.play(cc(74, 127))
    assert stage.notices == []
    key = stage.session.decks.add("fake")
    stage.play(cc(74, 0))
    assert stage.pump.deck(key).parameters["contrast"] == 0


def test_the_front_knob_follows_the_deck_in_front(stage: Stage) -> None:
    front = KNOB.but(address="/front/contrast")
    stage.surfaces.use_map("Knobs", Map(device="Knobs", bindings=(front,)))
    key = stage.session.decks.add("fake")
    stage.play(cc(74, 127))
    stage.session.decks.bring_to_front("deck1")
    stage.play(cc(74, 0))
    assert (stage.contrast, stage.pump.deck(key).parameters["contrast"]) == (0, 2)


def test_an_encoder_whose_coding_was_mistaken_is_mended(stage: Stage) -> None:
    stage.learn("/deck/1/contrast", *[cc(16, 1)] * 4)
    assert stage.surfaces.bound("/deck/1/contrast")[0].binding.mode == "two's complement"
    stage.play(*[cc(16, 65)] * 4)
    assert stage.contrast == 1  # nothing of it was believed
    assert stage.surfaces.bound("/deck/1/contrast")[0].binding.mode == "sign bit"
    assert is_one_sentence(stage.notices[0])
    stage.play(*[cc(16, 65)] * 5)
    assert stage.contrast == pytest.approx(0.9)


def test_a_fine_fader_that_leaves_its_lower_half_out_is_heard_in_time(stage: Stage) -> None:
    fine = KNOB.but(source=source("cc 14", 1, 7))
    stage.surfaces.use_map("Knobs", Map(device="Knobs", bindings=(fine,)))
    stage.play(cc(7, 10), cc(39, 0), cc(7, 64))
    stage.wait(0.05)
    assert stage.contrast == 1


def test_lamps_follow_when_they_are_asked_to(stage: Stage) -> None:
    stage.surfaces.use_map("Knobs", Map(device="Knobs", bindings=(KNOB,)))
    stage.wait()
    assert stage.sent == []
    stage.surfaces.use_feedback("Knobs", True)
    stage.wait()
    stage.session.set("deck1", "contrast", 2.0)
    stage.wait()
    assert stage.sent == [("out", bytes((0xB0, 74, 64))), ("out", bytes((0xB0, 74, 127)))]


def test_a_knob_and_its_lamp_make_no_echo(stage: Stage) -> None:
    bindings = Map(device="Knobs", feedback=True, bindings=(KNOB,))
    stage.surfaces.use_map("Knobs", bindings)
    stage.wait()
    stage.session.set("deck1", "contrast", 1.2345)
    stage.wait()
    _, told = stage.sent[-1]
    stage.sent.clear()
    stage.play(Received(0, "in", told))  # a motor tells where it was sent
    stage.wait()
    assert stage.contrast == 1.2345
    assert stage.sent == []


def test_a_refusal_is_one_sentence_however_often(stage: Stage) -> None:
    def refuse(*_: object) -> None:
        raise ControlError("The sun is too low.")

    stage.surfaces.use_map("Knobs", Map(device="Knobs", bindings=(KNOB,)))
    stage.controls.set = refuse  # type: ignore[method-assign, assignment]
    stage.play(*sweep(74, 0, 50))
    assert stage.notices == ["The sun is too low."]


def test_what_comes_from_elsewhere_is_passed_over(stage: Stage) -> None:
    stage.play(Received(0, "nobody", bytes((0xB0, 74, 1))), Received(0, "in", b""))
    assert stage.notices == []
