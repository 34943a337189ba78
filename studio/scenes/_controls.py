"""The addresses of scenes in play (see `studio.control.controls`):

- `/scene/next`, `/scene/previous`, `/scene/glide` beside `/scene` and `/scene/1` and so on;
- `/morph/fader`, `/morph/seconds`, `/morph/bars`, `/morph/unit`;
- `/morph/reverse`, `/morph/stop`, `/morph/go`, `/morph/hold/a`, `/morph/hold/b`;
- `/snapshot/1` to `/snapshot/8` bring one back, `/snapshot/take/1` and so on keep the present one.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from studio.control.controls import Entry, FixedPart, trigger, value
from studio.scenes.morphing import FADER, Morph, Side
from studio.scenes.recalling import GLIDES, Recalling
from studio.scenes.snapshots import COUNT, Snapshots
from studio.settings.declared import MORPH_PARAMETERS


def recalling_part(recalling: Recalling) -> FixedPart:
    """Next, previous, and how scenes come; `RecallPart` has the rest."""

    def glide(on: bool) -> None:
        recalling.glides = on

    return FixedPart(
        (
            trigger("/scene/next", "Next scene", recalling.next),
            trigger("/scene/previous", "Previous scene", recalling.previous),
            value("/scene/glide", GLIDES.label, GLIDES, lambda: recalling.glides, glide),
        )
    )


def morph_part(morph: Morph) -> FixedPart:
    """The fader, the length, and the buttons of a morph."""
    return FixedPart((*_values(morph), *_buttons(morph)))


def _values(morph: Morph) -> Iterator[Entry]:
    at = "/morph"
    position = lambda: morph.position or 0.0  # noqa: E731
    yield value(f"{at}/fader", FADER.label, FADER, position, morph.set_fader)
    for parameter in MORPH_PARAMETERS:
        name = parameter.name
        suffix = name.removeprefix("morph_")
        yield value(
            f"{at}/{suffix}",
            parameter.label,
            parameter,
            partial(morph.setting, name),
            partial(morph.set, name),
        )


def _buttons(morph: Morph) -> Iterator[Entry]:
    at = "/morph"
    yield trigger(f"{at}/reverse", "Morph back", morph.reverse, lambda: morph.moving < 0)
    yield trigger(f"{at}/stop", "Stop the morph", morph.stop)
    yield trigger(f"{at}/go", "Go on with the morph", morph.go_on, lambda: morph.moving > 0)
    ends: dict[Side, str] = {"a": "left", "b": "right"}
    for side, end in ends.items():
        yield trigger(
            f"{at}/hold/{side}",
            f"Put this scene on the {end} of the crossfader",
            partial(morph.hold, side),
            partial(_holds, morph, side),
        )


def _holds(morph: Morph, side: Side) -> bool:
    return morph.side(side) is not None


def snapshot_part(snapshots: Snapshots) -> FixedPart:
    """Eight to recall and eight to take; a lamp is lit where there is one."""
    return FixedPart(entry for place in range(COUNT) for entry in _of_snapshot(snapshots, place))


def _of_snapshot(snapshots: Snapshots, place: int) -> Iterator[Entry]:
    lit = lambda: snapshots.scenes[place] is not None  # noqa: E731
    n = place + 1
    yield trigger(f"/snapshot/{n}", f"Snapshot {n}", partial(snapshots.recall, place), lit)
    take = partial(snapshots.take, place)
    yield trigger(f"/snapshot/take/{n}", f"Take snapshot {n}", take, lit)
