"""A set list is gone through before the evening."""

from __future__ import annotations

from pathlib import Path

from studio.commands._rehearsal import SLOW_MS, STEPS, Rehearsing
from studio.document.routes import Route
from studio.engine import Resources
from studio.engine.registry import Registry
from studio.presets import Preset
from studio.presets.identities import Weights, preset_of
from tests.fakes import FakeClock, Guest, fake, filled_deck, is_one_sentence, scene_of

CPU = Resources(device="cpu", threads=1)


def made(guest: Guest, name: str, seed: int, **changes: object) -> Preset:
    scene = scene_of(filled_deck(guest).but(seed=seed, pad=(0.1 * seed, 0.0))).but(**changes)
    return preset_of(scene, name, Registry.of(guest.spec), Weights())


def test_a_list_in_which_all_is_well_is_ready() -> None:
    guest = fake()
    presets = [made(guest, name, seed) for seed, name in enumerate(("One", "Two", "Three"))]
    with Rehearsing(Registry.of(guest.spec), CPU, outputs=(), clock=FakeClock()) as rehearsing:
        found = rehearsing.run(presets)
    assert found.is_ready, found.mend
    assert [morph.name for morph in found.morphs] == ["One -> Two", "Two -> Three"]
    assert len(guest.engine.rendered) == 3 + 2 * (STEPS + 1)


def test_what_is_to_be_mended_is_said(tmp_path: Path) -> None:
    guest = fake()
    good = made(guest, "Good", 1)
    port = made(guest, "Port", 2, routes=(Route(track="x", port="Synth"),))
    other = good.models[0].but(sha256="0" * 64)
    changed = good.but(name="Changed", models=(other,))
    gone = good.but(name="Gone", models=(other.but(model="none"),))
    with Rehearsing(
        Registry.of(guest.spec), CPU, outputs=("Elsewhere",), clock=FakeClock()
    ) as rehearsing:
        found = rehearsing.run([good, port, changed, gone])
    assert all(is_one_sentence(sentence) for sentence in found.mend)
    assert [sentence.partition(":")[0] for sentence in found.mend] == ["Port", "Changed", "Gone"]
    assert "Synth is not there" in found.mend[0]
    assert "other weights" in found.mend[1]


def test_a_slow_picture_is_named_with_its_place() -> None:
    guest, clock = fake(), FakeClock()
    pictures = iter(range(1000))
    presets = [made(guest, "One", 1), made(guest, "Two", 2)]
    with Rehearsing(Registry.of(guest.spec), CPU, clock=clock) as rehearsing:
        rehearsing._picture_of(presets[0].scene)
        made_one = guest.engine
        kept = made_one.render

        def slow(job):  # type: ignore[no-untyped-def]
            clock.advance(0.5 if next(pictures) == 6 else 0.01)
            return kept(job)

        made_one.render = slow
        found = rehearsing.run(presets)
    assert found.morphs[0].worst_ms > SLOW_MS
    assert found.morphs[0].share == 4 / STEPS
    assert "at 50%, takes 500 ms" in found.mend[0]
