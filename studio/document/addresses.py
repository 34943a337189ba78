"""What the controls of decks and of the score are called from outside: the last part of an address.

`studio.control` has them all; these are named by what is saved of them, too.
"""

from __future__ import annotations

from studio.document.parameters import Parameter
from studio.document.score import BAND, DUET, PLACE

_OF_THE_BAND = frozenset(parameter.name for parameter in (*BAND, *PLACE, *DUET))
_TAKEN = (
    *("pad", "slot", "lock", "sample", "capture", "surprise", "path", "seed", "front", "walk"),
    *("fix", "own"),
)


def suffix_of(parameter: Parameter) -> str:
    """The last part of the address of a parameter that an engine or a model declares."""
    return f"own/{parameter.name}" if parameter.name in _TAKEN else parameter.name


def score_address(parameter: Parameter) -> str:
    """Where a control of a scene's score is called."""
    return f"/{'band' if parameter.name in _OF_THE_BAND else 'transport'}/{parameter.name}"


def layer_address(place: str, parameter: Parameter) -> str:
    """Where a control of a layer is called; `place` is a deck's, "/front", or a layer's own key."""
    return f"{place}/layer/{parameter.name}"


def output_address(parameter: Parameter) -> str:
    """Where a control of the whole output is called."""
    return f"/output/{parameter.name}"
