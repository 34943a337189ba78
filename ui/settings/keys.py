"""The keys that an artist has changed: from the settings to the actions, and back."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from ui.actions.actions import Actions

Keys = Mapping[str, tuple[str, ...]]
"""By the ids of the actions whose keys are not the default ones."""


KEYS_OF_0_1: Keys = {
    "transport.play": ("Shift+Space",),
    "transport.resume": ("Ctrl+Shift+Space",),
    "deck.capture": ("Space",),
}
"""What version 0.1 had for actions that have other default keys now."""


def use_keys(actions: Actions, kept: Keys) -> None:
    """Give `actions` the keys that were kept; what no action or no key is of this version is left
    out."""
    for id, keys in kept.items():
        with suppress(KeyError, ValueError):
            actions.set_keys(id, keys)


def kept_keys(actions: Actions, before: Keys) -> dict[str, tuple[str, ...]]:
    """What is to be kept now; what was kept `before` of actions that are not here stays."""
    here = {action.id for action in actions}
    kept = {id: keys for id, keys in before.items() if id not in here}
    changed = {id: actions.keys(id) for id in here if not actions.has_default_keys(id)}
    return kept | changed
