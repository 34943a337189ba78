"""Modulators that move each other: no circles, and jumping to a beat is playing up to it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.document.modulation import Connection, Modulator
from studio.document.parameters import Float, Text
from studio.modulation.graph import Graph, inside, moved
from studio.modulation.inputs import Inputs
from studio.modulation.kinds import KINDS, ModulationError
from tests.fakes import is_one_sentence
from tests.studio.modulation.makers import HEARD, connection, made

PLAIN = Float(name="plain", label="Plain", low=0, high=1, default=0.5)
ANGLE = Float(name="angle", label="Angle", low=0, high=360, default=0, cyclic=True)


def offsets(graph: Graph, beat: float, inputs: Inputs = HEARD) -> dict[str, float]:
    return dict(graph.at(beat, beat * 60 / inputs.bpm, inputs).offsets())


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[Modulator], list[Connection]]:
    """Any modulators, connected to anything: controls, each other's settings, depths."""
    kinds = draw(st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=6))
    modulators = [made(kind, id) for id, kind in enumerate(kinds, start=1)]
    ways = [f"/deck/1/p{n}" for n in range(3)] + [f"/connection/{n}/depth" for n in range(1, 5)]
    ways += [
        f"/modulator/{m.id}/{p.name}"
        for m in modulators
        for p in KINDS[m.kind].settings
        if not isinstance(p, Text)
    ]
    count = draw(st.integers(1, 10))
    return modulators, [
        connection(
            n,
            draw(st.integers(1, len(modulators))),
            draw(st.sampled_from(ways)),
            depth=draw(st.floats(-1, 1)),
            polarity=draw(st.sampled_from(("bipolar", "unipolar"))),
            curve=draw(st.sampled_from(("linear", "exponential", "S"))),
        )
        for n in range(1, count + 1)
    ]


@settings(max_examples=150, deadline=None)
@given(graphs(), st.floats(0, 12))
def test_any_graph_is_refused_in_a_sentence_or_can_be_jumped_into(
    drawn: tuple[list[Modulator], list[Connection]], beat: float
) -> None:
    try:
        played = Graph(*drawn)
    except ModulationError as error:
        refusal = str(error)
    else:
        refusal = ""
    if refusal:
        assert is_one_sentence(refusal)
        assert "circle" in refusal
        return
    for n in range(20):
        offsets(played, beat * n / 20)
    found = offsets(played, beat)
    assert found == offsets(Graph(*drawn), beat), "playing up to it is jumping there"
    assert all(-1 <= offset <= 1 for offset in found.values())
    assert found.keys() == {c.target for c in drawn[1] if c.target.startswith("/deck")}


def test_a_circle_is_named() -> None:
    waves = [made("lfo", 1).but(name="Wind"), made("lfo", 2), made("lfo", 3)]
    ways = [
        connection(1, 1, "/modulator/2/phase"),
        connection(2, 2, "/modulator/3/width"),
        connection(3, 3, "/connection/1/depth"),
    ]
    assert Graph(waves, ways[:2])
    with pytest.raises(ModulationError, match=r"^That would go round in a circle: .*Wind.*\.$"):
        Graph(waves, ways)
    with pytest.raises(ModulationError, match="LFO 2 is moved by LFO 2"):
        Graph(waves, [connection(1, 2, "/modulator/2/rate")])
    with pytest.raises(ModulationError, match="modulator 9"):
        Graph(waves, [connection(1, 9, "/x")])


def test_a_modulator_moves_a_setting_of_another() -> None:
    knob = made("macro", 1, value=1.0)
    wave = made("lfo", 2, shape="square", width=0.5, division="1 bar")
    graph = Graph(
        [knob, wave],
        [
            connection(1, 1, "/modulator/2/width", depth=0.25, polarity="unipolar"),
            connection(2, 2, "/deck/1/glow", depth=1.0, polarity="unipolar"),
        ],
    )
    assert offsets(graph, 2.5) == {"/deck/1/glow": 1.0}, "its width is three quarters"
    assert graph.at(0, 0, HEARD).settings(2)["width"] == pytest.approx(0.745, abs=0.01)


def test_a_modulator_moves_the_depth_of_a_connection_and_a_macro_by_its_own_address() -> None:
    knobs = [made("macro", 4, value=0.0), made("macro", 7, value=1.0), made("macro", 9, value=1.0)]
    graph = Graph(
        knobs,
        [
            connection(1, 7, "/deck/1/a", depth=0.0, polarity="unipolar"),
            connection(2, 9, "/connection/1/depth", depth=0.25, polarity="unipolar"),
            connection(3, 9, "/macro/1", depth=0.5, polarity="unipolar"),
            connection(4, 4, "/deck/1/b", depth=1.0, polarity="unipolar"),
        ],
    )
    assert offsets(graph, 0.0) == {"/deck/1/a": pytest.approx(0.5), "/deck/1/b": 0.5}


def test_a_rate_that_is_modulated_is_added_up_so_that_nothing_jumps() -> None:
    def graph(before: Graph | None = None, **more: Any) -> Graph:
        slow = made("lfo", 1, shape="sine", division="4 bars")
        wave = made("lfo", 2, shape="ramp up", sync="free", rate=1.0)
        ways = [
            connection(1, 1, "/modulator/2/rate", depth=0.2, **more),
            connection(2, 2, "/deck/1/turn", depth=1.0, polarity="unipolar"),
        ]
        return Graph([slow, wave], ways, before)

    played = graph()
    walked = [offsets(played, n / 50)["/deck/1/turn"] for n in range(2000)]
    steps = [(b - a) % 1.0 for a, b in pairwise(walked)]
    assert max(steps) < 0.06, "it never jumps"
    assert max(steps) > 2 * min(steps), "and is faster at one time than at another"
    assert offsets(graph(), 1999 / 50)["/deck/1/turn"] == walked[-1]
    assert offsets(played, 10.0)["/deck/1/turn"] == walked[500], "back, too"
    offsets(played, 39.98)
    other = offsets(graph(played, curve="S"), 39.98)["/deck/1/turn"]
    assert other == pytest.approx(walked[1999], abs=0.01), (
        "and where it is changed it goes on from there"
    )


def test_only_what_is_on_and_solo_is_heard() -> None:
    knobs = [made("macro", n, value=1.0) for n in (1, 2)]
    ways = [connection(n, n, f"/deck/1/p{n}", polarity="unipolar") for n in (1, 2)]
    assert len(offsets(Graph(knobs, ways), 0)) == 2
    assert offsets(Graph([knobs[0].but(on=False), knobs[1]], ways), 0).keys() == {"/deck/1/p2"}
    assert offsets(Graph([knobs[0].but(solo=True), knobs[1]], ways), 0).keys() == {"/deck/1/p1"}
    assert offsets(Graph(knobs, [ways[0].but(on=False), ways[1]]), 0).keys() == {"/deck/1/p2"}


def test_the_master_depth_is_on_all_of_it_and_can_be_moved_itself() -> None:
    knob = made("macro", 1, value=1.0)
    ways = [connection(1, 1, "/deck/1/a", depth=0.8, polarity="unipolar")]
    values = Graph([knob], ways).at(0, 0, HEARD)
    assert dict(values.offsets(0.5)) == {"/deck/1/a": 0.4}
    ways.append(connection(2, 1, "/modulation/depth", depth=-0.5, polarity="unipolar"))
    values = Graph([knob], ways).at(0, 0, HEARD)
    assert dict(values.offsets(0.8)) == {"/deck/1/a": pytest.approx(0.24)}


@given(st.floats(0, 1), st.floats(-1, 1))
def test_a_control_comes_softly_to_its_end_and_an_angle_goes_round(
    position: float, offset: float
) -> None:
    there = moved(PLAIN, position, offset)
    assert 0 <= there <= 1
    assert moved(PLAIN, position, 0.0) == position
    assert abs(there - min(1, max(0, position + offset))) <= 0.005 + 1e-12
    further = moved(PLAIN, position, min(1.0, offset + 0.01))
    assert there - 1e-12 <= further <= there + 0.0101
    assert moved(ANGLE, position, offset) == pytest.approx((position + offset) % 1.0)


def test_what_a_target_is() -> None:
    wave = made("lfo", 3)
    found = inside("/modulator/3/rate", [wave])
    assert found is not None
    assert (found.node, found.setting) == (("modulator", 3), "rate")
    for nothing in ("/modulator/3/nothing", "/modulator/4/rate", "/macro/1", "/deck/1/rate"):
        assert inside(nothing, [wave]) is None


def test_a_rate_that_is_connected_after_hours_goes_on_without_a_jump() -> None:
    beat = 14_400.25
    slow = made("lfo", 1, shape="sine", division="4 bars")
    wave = made("lfo", 2, shape="ramp up", sync="free", rate=0.37)
    out = connection(1, 2, "/deck/1/turn", depth=1.0, polarity="unipolar")
    alone = Graph([slow, wave], [out])
    before = offsets(alone, beat)["/deck/1/turn"]
    joined = Graph([slow, wave], [out, connection(2, 1, "/modulator/2/rate", depth=0.2)], alone)
    assert offsets(joined, beat)["/deck/1/turn"] == pytest.approx(before, abs=0.05)
