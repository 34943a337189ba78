"""The window's frames move what moves by itself, and rest with it."""

from __future__ import annotations

from tests.ui.stage import Stage


def test_what_runs_freely_moves_with_every_frame_and_rests_when_it_is_off(stage: Stage) -> None:
    window, modulation = stage.window, stage.session.modulation
    clock = [100.0]
    window.rig.modulation_source.clock = lambda: clock[0]
    window.frames._clock = lambda: clock[0]
    wave = modulation.add("wind")
    assert wave is not None
    modulation.connect(wave, "/front/contrast")
    assert not window.frames.at_rest
    seen = set()
    for _ in range(3):
        clock[0] += 1.0
        window.frames.step()
        seen.add(stage.session.shown.front_deck.parameters["contrast"])
    assert len(seen) == 3
    modulation.change(wave, on=False)
    window.frames.step()
    assert window.frames.at_rest
    assert stage.session.shown is stage.session.scene
