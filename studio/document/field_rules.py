"""What a field of the document says about itself: how it morphs, how a hand's change is carried
over on to both scenes of a morph, and what the history panel calls a change of it.

A new field of `Deck` or `Scene` carries its `FieldRules` in its annotation, and one without them
does not pass the import. What is a value in such a field (a slot, a walk, a pin) goes as the field
goes, with all of its own fields.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from typing import Any

from pydantic import BaseModel

from studio.document.frozen import Frozen


class MorphRule(Enum):
    """What is shown of a field on the way from one scene to another."""

    MIDDLE = auto()
    """The first scene's, and from the middle on the second's."""
    GLIDE = auto()
    """A number or a tuple of numbers, straight from one to the other."""
    FROM_REST = auto()
    """Numbers by name, straight from one to the other; one that a scene lacks is 0 in it."""
    NUMBERS = auto()
    """Values of parameters by name: numbers along their curves, the others as in MIDDLE."""
    REAL_NUMBERS = auto()
    """As NUMBERS, but whole numbers change in the middle: there is no metre between 3/4 and 7/4."""
    OWN = auto()
    """A rule of its own in `studio.scenes`."""

    @property
    def by_parameter(self) -> bool:
        """Whether the field has the values of parameters, by name."""
        return self in (MorphRule.NUMBERS, MorphRule.REAL_NUMBERS)


class CarryRule(Enum):
    """What of a field a hand's change during a morph changes in the scenes at its ends."""

    WHOLE = auto()
    """All of it."""
    BY_NAME = auto()
    """Of a mapping, the items that were changed, added or taken away."""
    BY_PLACE = auto()
    """Of a tuple of fixed length, the members that were changed."""
    BY_ID = auto()
    """Of a tuple whose members have an `id`, those that were changed, added or taken away."""
    NEVER = auto()
    """Nothing: it stays what it is at each end."""
    OWN = auto()
    """A rule of its own in `studio.scenes`."""


@dataclass(frozen=True)
class FieldRules:
    """The declaration that a field carries: `Annotated[Place, FieldRules(...)]`."""

    morph: MorphRule
    carry: CarryRule
    words: str | tuple[str, str]
    """What the history panel calls a change: "Puck"; of a switch, its words when it is on and when
    it is off. Members of a field that is carried by place are counted in letters ("Slot C"),
    parameters go by their own labels. Empty: the change of the field alone is not spoken of."""
    rank: int = 5
    """Where several fields differ, the lowest is spoken of; at the same rank, the first."""


class Ruled(Frozen):
    """A document each of whose fields declares its `FieldRules`. Raises TypeError at import."""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        rules_of(cls)


@cache
def rules_of(model: type[BaseModel]) -> dict[str, FieldRules]:
    """The rules of each field, in the order in which they are spoken of.

    Raises TypeError for a field that declares none or several.
    """
    found = {}
    for name, field in model.model_fields.items():
        declared = [each for each in field.metadata if isinstance(each, FieldRules)]
        if len(declared) != 1:
            raise TypeError(f"{model.__name__}.{name} needs one FieldRules in its annotation.")
        found[name] = declared[0]
    return dict(sorted(found.items(), key=lambda item: item[1].rank))
