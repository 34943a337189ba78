"""A changed copy of a document: only what is in it can be changed, and only to what fits."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import model_validator

from studio.document.errors import StudioError
from studio.document.frozen import DocumentError, Frozen
from studio.document.routes import Route
from studio.document.scene import Deck, Pin, Scene, Slot, Stroke, Walk, home_place
from studio.live.controllers._source import source
from studio.live.controllers.binding import Binding, Map
from studio.live.settings import Settings
from studio.presets.document import ModelIdentity, Preset
from studio.presets.errors import PresetError
from studio.presets.folder.set_lists import SetList
from studio.presets.working_state import Working

SLOT = Slot(latent=(0.5, 1.0), place=home_place(0))
DECK = Deck(key="deck1", engine="e", model="m", parameters={"glow": 1.0}).with_slot(0, SLOT)
SCENE = Scene(decks=(DECK,), front="deck1")
ROUTE = Route(track="lead", port="sound")
DOCUMENTS: tuple[Frozen, ...] = (
    SLOT,
    DECK,
    SCENE,
    ROUTE,
    Walk(),
    Pin(place=(0.5, 0.5)),
    Stroke(slot=0, points=((0.5, 0.5),)),
    Preset(name="Dawn", scene=SCENE),
    ModelIdentity(engine="e", model="m"),
    SetList(name="Tonight"),
    Working(scene=SCENE),
    Settings(),
    Settings().sound,
    Settings().osc,
    Map(device="Keys"),
    Binding(source=source("cc", 1, 7), address="/front/glow"),
)


def name_of(document: Frozen) -> str:
    return type(document).__name__


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_a_field_that_is_not_there_cannot_be_changed(document: Frozen) -> None:
    with pytest.raises(StudioError, match=r"^There is no 'colour' in a \w+; there are: .*\.$"):
        document.but(colour="red")


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_no_field_takes_what_is_nothing_of_its_kind(document: Frozen) -> None:
    for field in type(document).model_fields:
        with pytest.raises(StudioError, match=rf"^The {field} of a \w+ cannot be '<object"):
            document.but(**{field: object()})


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_field_takes_what_it_has(document: Frozen) -> None:
    assert document.but(**dict(document)) == document


@pytest.mark.parametrize(
    ("document", "change"),
    [
        (DECK, {"seed": "7"}),
        (DECK, {"seed": 7.0}),
        (DECK, {"seed": -1}),
        (DECK, {"pad": [0.1, 0.2]}),
        (DECK, {"pad": (0.1, 1.2)}),
        (DECK, {"pad": (0.1, float("nan"))}),
        (DECK, {"held": ()}),
        (DECK, {"slots": ()}),
        (DECK, {"slots": (None,) * 7 + ("A",)}),
        (DECK, {"fixed": {"lean": "much"}}),
        (DECK, {"drift": {"turn": 61.0}}),
        (DECK, {"interpolation": "round"}),
        (DECK, {"parameters": {"glow": None}}),
        (DECK, {"walk": {"seconds": 0.1}}),
        (SCENE, {"decks": ()}),
        (SCENE, {"tied": 1}),
        (SLOT, {"latent": (1.0, "2")}),
        (ROUTE, {"channel": 17}),
    ],
    ids=lambda value: name_of(value) if isinstance(value, Frozen) else str(value),
)
def test_a_change_is_checked_strictly(document: Frozen, change: dict[str, Any]) -> None:
    with pytest.raises(DocumentError, match=rf"^The {next(iter(change))} of a .* cannot be .*\.$"):
        document.but(**change)


def test_presets_refuse_as_presets_do() -> None:
    with pytest.raises(PresetError, match="The name of a Preset cannot be '7'"):
        Preset(name="Dawn", scene=SCENE).but(name=7)


def test_what_is_not_changed_is_shared() -> None:
    changed = DECK.but(pad=(0.1, 0.2))
    assert changed.pad == (0.1, 0.2)
    for field in Deck.model_fields.keys() - {"pad"}:
        assert getattr(changed, field) is getattr(DECK, field)
    assert DECK.with_slot(1, SLOT).slots[0] is SLOT


def test_a_change_is_the_documents_own() -> None:
    values: dict[str, Any] = {"glow": 2.0}
    changed = DECK.but(parameters=values)
    values["glow"] = 3.0
    assert changed.parameters == {"glow": 2.0}


def test_whole_numbers_are_numbers_and_stay_themselves_where_both_may_be() -> None:
    assert DECK.but(pad=(0, 1)).pad == (0.0, 1.0)
    (count,) = DECK.but(parameters={"bands": 3}).parameters.values()
    assert type(count) is int


def test_a_copy_is_of_the_same_kind() -> None:
    class Warm(Slot):
        hue: float = 0.0

    changed = Warm(latent=(1.0,), place=home_place(0)).but(hue=0.5)
    assert type(changed) is Warm
    assert changed.hue == 0.5


def test_what_fields_say_together_is_checked_together() -> None:
    class Span(Frozen):
        low: float
        high: float

        @model_validator(mode="after")
        def _ordered(self) -> Span:
            if self.low > self.high:
                raise ValueError("it ends before it begins")
            return self

    span = Span(low=0, high=1)
    assert span.but(low=2.0, high=3.0) == Span(low=2, high=3)
    with pytest.raises(DocumentError, match=r"A Span cannot be changed so: .*before it begins\.$"):
        span.but(low=2.0)
