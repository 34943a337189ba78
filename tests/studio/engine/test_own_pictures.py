"""A picture that was dropped and made one's own is shown as it is, wherever the scene goes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save

from studio.document.scene import Scene, Slot
from studio.engine import EngineError, Resources
from studio.engine.offline import opened
from studio.engine.own_pictures import LIMIT_BYTES, OwnPictureFiles
from studio.engine.registry import Registry
from studio.presets.packing import packed, unpacked
from studio.storage import folders
from tests.fakes import BrokenEngine, Guest, Pump, fake, refining

Play = Callable[..., Pump]
SHADE = 165
PICTURE = np.resize(np.array([SHADE - 60, SHADE - 20, SHADE + 20, SHADE + 60], np.uint8), (8, 8, 3))
C = 2


@pytest.fixture
def pump(play: Play) -> Pump:
    return play(refining())


def drop(pump: Pump) -> None:
    """Drop a picture on slot C, let it be refined, and go there."""
    pump.change(lambda: pump.session.slots.encode("deck1", C, PICTURE))
    pump.until(lambda: pump.session.slots.refinement("deck1", C) is None, "the refined point")
    pump.change(lambda: pump.session.pads.move("deck1", slot(pump).place))


def slot(pump: Pump, index: int = C) -> Slot:
    held = pump.deck().slots[index]
    assert held is not None
    return held


def make_own(pump: Pump) -> None:
    drop(pump)
    pump.session.slots.make_own("deck1", C)
    pump.until(lambda: slot(pump).own_picture is not None, "the own picture")
    pump.settle()


def shown(pump: Pump) -> np.ndarray:
    picture = pump.state().shown
    assert picture is not None
    return picture.pixels


def is_own(pixels: np.ndarray | None) -> bool:
    return pixels is not None and bool((pixels == SHADE).all())


def test_the_stage_and_the_slot_show_it_and_undo_takes_it_off_in_one_step(pump: Pump) -> None:
    drop(pump)
    before = pump.scene
    assert not is_own(shown(pump))
    assert pump.session.slots.may_be_own("deck1", C)
    pump.session.slots.make_own("deck1", C)
    pump.until(lambda: slot(pump).own_picture is not None, "the own picture")
    pump.settle()
    assert is_own(shown(pump))
    assert is_own(pump.session.engines.thumbnails.get(pump.deck(), C))
    assert pump.session.slots.refinement("deck1", C) is None
    pump.change(pump.session.undo)
    assert pump.scene == before
    assert not is_own(shown(pump))
    pump.change(pump.session.redo)
    assert is_own(shown(pump))
    pump.change(lambda: pump.session.slots.drop_own("deck1", C))
    assert not is_own(shown(pump))
    assert not is_own(pump.session.engines.thumbnails.get(pump.deck(), C))


def test_playing_goes_on_and_it_says_how_far_it_is_until_it_is_stopped(pump: Pump) -> None:
    drop(pump)
    before = pump.scene
    gate = pump.guests[0].gate
    gate.shut()
    pump.session.slots.make_own("deck1", C)
    gate.await_arrival(1)
    pump.session.pads.move("deck1", (0.5, 0.5))
    asked = pump.state().asked
    gate.let_through(1)
    pump.until(lambda: pump.state().answered == asked, "the picture of the drag")
    pump.until(lambda: bool(pump.session.slots.refinement("deck1", C)), "the first step")
    pump.session.slots.settle("deck1", C)
    gate.open()
    pump.settle()
    assert pump.session.slots.refinement("deck1", C) is None
    assert slot(pump).own_picture is None
    assert pump.deck().slots == before.deck("deck1").slots
    assert not folders.own_pictures().exists()


@pytest.mark.parametrize(
    "deed",
    [
        lambda p: p.session.slots.clear("deck1", C),
        lambda p: p.session.slots.sample("deck1", C),
        lambda p: p.session.slots.lock("deck1", C, True),
    ],
)
def test_a_slot_that_holds_something_else_or_is_locked_is_left_alone(
    pump: Pump, deed: Callable[[Pump], object]
) -> None:
    drop(pump)
    gate = pump.guests[0].gate
    gate.shut()
    pump.session.slots.make_own("deck1", C)
    gate.await_arrival(1)
    deed(pump)
    gate.open()
    pump.settle()
    pump.until(lambda: pump.session.slots.refinement("deck1", C) is None, "its end")
    held = pump.deck().slots[C]
    assert held is None or held.own_picture is None


def test_an_engine_that_is_loaded_anew_has_forgotten_it(pump: Pump) -> None:
    drop(pump)
    gate = pump.guests[0].gate
    gate.shut()
    pump.session.slots.make_own("deck1", C)
    pump.until(lambda: pump.session.slots.is_learning("deck1", C), "its beginning")
    pump.session.engines.use_device("cpu")
    assert not pump.session.slots.is_learning("deck1", C)
    gate.open()
    pump.settle()
    assert slot(pump).own_picture is None


def test_what_is_captured_there_is_a_copy_of_it(pump: Pump) -> None:
    make_own(pump)
    pump.change(lambda: pump.session.slots.capture("deck1", C + 1))
    pump.change(lambda: pump.session.slots.clear("deck1", C))
    assert slot(pump, C + 1).own_picture is not None
    assert is_own(pump.session.engines.thumbnails.get(pump.deck(), C + 1))
    pump.change(lambda: pump.session.slots.sample("deck1", C + 1))
    assert slot(pump, C + 1).own_picture is None


def test_a_slot_without_one_is_the_file_that_it_was(pump: Pump) -> None:
    assert all(
        "own_picture" not in held for held in packed(pump.scene)["decks"][0]["slots"] if held
    )
    make_own(pump)
    again = Scene.model_validate(unpacked(packed(pump.scene)))
    assert again == pump.scene


def test_a_program_without_a_window_draws_it_too_and_says_what_is_missing(
    pump: Pump, capsys: pytest.CaptureFixture[str]
) -> None:
    make_own(pump)
    guest, deck = pump.guests[0], pump.deck()
    file = folders.own_pictures() / f"{slot(pump).own_picture}.safetensors"
    registry = Registry.of(guest.spec)
    with opened(registry, "patient", "first", Resources(threads=1)) as engine:
        assert is_own(engine.thumbnail(deck))
        assert capsys.readouterr().err == ""
        file.unlink()
        assert is_own(engine.thumbnail(deck))  # it has been read
    with opened(registry, "patient", "first", Resources(threads=1)) as engine:
        assert not is_own(engine.thumbnail(deck))
        assert not is_own(engine.thumbnail(deck))
    said = capsys.readouterr().err
    assert said.count("not on this computer") == 1


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda file: file.unlink(), "not on this computer"),
        (lambda file: file.write_bytes(b"own"), "is damaged"),
        (lambda file: file.write_bytes(bytes(LIMIT_BYTES + 1)), "is damaged"),
    ],
)
def test_a_missing_or_broken_file_is_one_sentence_and_the_slot_shows_its_picture(
    pump: Pump, play: Play, spoil: Callable[[Path], object], said: str
) -> None:
    make_own(pump)
    spoil(folders.own_pictures() / f"{slot(pump).own_picture}.safetensors")
    other = play(refining(), scene=pump.scene)
    assert not is_own(shown(other))
    assert not is_own(other.session.engines.thumbnails.get(other.deck(), C))
    other.change(lambda: other.session.pads.move("deck1", (0.5, 0.5)))
    assert len(other.notices) == 1
    assert said in other.notices[0]
    assert other.state().problem == ""


def test_one_that_the_engine_refuses_leaves_the_others(pump: Pump, play: Play) -> None:
    make_own(pump)
    strange = OwnPictureFiles().keep(save({"other": PICTURE}))
    neighbour = pump.deck().slots[0]
    assert neighbour is not None
    deck = pump.deck().with_slot(0, neighbour.but(own_picture=strange))
    other = play(refining(), scene=pump.scene.with_deck(deck))
    assert is_own(shown(other))
    assert len(other.notices) == 1
    assert "made for another model" in other.notices[0]


def test_only_for_a_picture_that_came_in_and_an_engine_that_can(pump: Pump, play: Play) -> None:
    assert not pump.session.slots.may_be_own("deck1", 0)
    pump.session.slots.make_own("deck1", 0)
    assert pump.notices == [
        "Drop your picture on the slot first: it is not kept from one start to the next."
    ]
    unable = play(fake())
    unable.change(lambda: unable.session.slots.encode("deck1", C, PICTURE))
    assert not unable.session.slots.may_be_own("deck1", C)


def test_one_that_breaks_is_one_sentence_and_nothing_has_changed(play: Play) -> None:
    pump = play(Guest(lambda: BrokenEngine("own_picture"), own_steps=3))
    pump.change(lambda: pump.session.slots.encode("deck1", C, PICTURE))
    before = pump.scene
    pump.session.slots.make_own("deck1", C)
    pump.until(lambda: bool(pump.notices), "the sentence")
    pump.settle()
    assert len(pump.notices) == 1
    assert pump.scene == before
    assert pump.session.slots.refinement("deck1", C) is None


def test_the_same_is_kept_once_and_what_is_too_large_not_at_all(tmp_path: Path) -> None:
    kept = OwnPictureFiles(tmp_path / "new")
    data = save({"shade": PICTURE})
    name = kept.keep(data)
    (tmp_path / "new" / f"{name}.safetensors").write_bytes(b"spoilt")
    assert kept.keep(data) == name
    assert kept.read(name) == data
    assert kept.trouble_with([name, "0" * 64]) != []
    with pytest.raises(EngineError, match="too large"):
        kept.keep(bytes(LIMIT_BYTES + 1))
    with pytest.raises(EngineError, match="damaged"):
        kept.keep(data[:-1])
