"""From one scene to another, depths glide; and what a hand does on the way stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.document.modulation import Connection, Modulator
from studio.document.scene import Scene
from studio.engine.decks import checked
from studio.engine.registry import Registry
from studio.modulation.graph import Graph
from studio.scenes._carry_over import carried
from studio.scenes._change_names import words_for
from studio.scenes.crossing import between
from tests.fakes import fake, filled_deck, scene_of
from tests.studio.modulation.makers import connection, made

GUEST = fake()
REGISTRY = Registry.of(GUEST.spec)
BARE = checked(REGISTRY, scene_of(filled_deck(GUEST)))


def scene(modulators: list[Modulator], connections: list[Connection]) -> Scene:
    return checked(REGISTRY, BARE.but(modulators=tuple(modulators), connections=tuple(connections)))


def depths(scene: Scene) -> dict[str, float]:
    return {f"{c.modulator} {c.target}": round(c.depth, 6) for c in scene.connections}


A = scene(
    [made("lfo", 1), made("steps", 2)],
    [connection(1, 1, "/deck/1/contrast", depth=0.8), connection(2, 2, "/deck/1/glow", depth=0.4)],
)
B = scene(
    [made("lfo", 1, rate=9.0), made("notes", 2), made("macro", 5)],
    [
        connection(1, 5, "/modulator/2/smooth", depth=0.2),
        connection(3, 1, "/deck/1/contrast", depth=-0.4),
        connection(4, 2, "/deck/1/glow", depth=1.0),
    ],
).but(master_depth=0.5)


def test_depths_glide_and_modulators_of_both_ends_are_there() -> None:
    early, late = (between(A, B, share, REGISTRY) for share in (0.25, 0.75))
    assert depths(early) == {
        "1 /deck/1/contrast": 0.5,
        "2 /deck/1/glow": 0.3,
        "3 /deck/1/glow": 0.25,
        "5 /modulator/3/smooth": 0.05,
    }
    assert depths(late)["1 /deck/1/contrast"] == -0.1
    assert {m.id: m.kind for m in early.modulators} == {
        1: "lfo", 2: "steps", 3: "notes", 5: "macro",
    }  # fmt: skip
    rates = [found.modulators[0].settings["rate"] for found in (early, late)]
    assert rates == [0.25, 9.0], "in the middle: on the way a wave would be torn"
    assert early.master_depth == 0.875
    assert between(A, B, 0.0, REGISTRY) == A
    assert between(A, B, 1.0, REGISTRY) == B


def test_what_is_muted_comes_and_goes_as_if_it_had_no_depth() -> None:
    muted = scene(list(A.modulators), [A.connections[0].but(on=False), A.connections[1]])
    assert depths(between(A, muted, 0.5, REGISTRY))["1 /deck/1/contrast"] == 0.4
    assert all(c.on for c in between(A, muted, 0.5, REGISTRY).connections)


@given(st.floats(0.001, 0.999))
def test_the_scene_on_the_way_is_one_that_can_be_shown(share: float) -> None:
    for a, b in ((A, B), (B, A), (A, BARE), (BARE, B)):
        found = between(a, b, share, REGISTRY)
        assert checked(REGISTRY, found) == found
        assert Graph(found.modulators, found.connections)


def test_a_way_between_two_full_scenes_holds_what_a_scene_holds() -> None:
    full = [
        scene(
            [made(kind, id) for id in range(1, 33)],
            [connection(n, 1 + n % 32, f"/deck/1/{kind}{n}", depth=0.5) for n in range(1, 129)],
        )
        for kind in ("lfo", "steps")
    ]
    middle = between(*full, 0.4, REGISTRY)
    assert checked(REGISTRY, middle) == middle
    assert len(middle.connections) == 128


def test_a_hand_on_the_way_stays_at_both_ends() -> None:
    on_the_way = between(A, B, 0.5, REGISTRY)
    louder = on_the_way.but(
        modulators=(on_the_way.modulators[0].but(name="Mine"), *on_the_way.modulators[1:]),
        connections=tuple(
            c.but(curve="S") if c.target == "/deck/1/contrast" else c
            for c in on_the_way.connections
        ),
    )
    for end in (A, B):
        after = carried(on_the_way, louder, end)
        assert after.modulators[0].name == "Mine"
        assert [m.id for m in after.modulators] == [m.id for m in end.modulators]
    more = on_the_way.but(modulators=(*on_the_way.modulators, made("sound", 9)))
    assert [m.id for m in carried(on_the_way, more, A).modulators] == [1, 2, 9]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"modulators": A.modulators[:1], "connections": A.connections[:1]}, "Steps 2 removed"),
        ({"connections": A.connections[:1]}, "Steps 2 off Glow"),
        ({"master_depth": 0.5}, "Master depth"),
    ],
)
def test_the_history_calls_it_by_its_name(changes: dict[str, object], words: str) -> None:
    assert words_for(A, A.but(**changes), REGISTRY) == words
