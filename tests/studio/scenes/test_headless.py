"""Without a window: a session, a rig, a repertoire, and one `step` for all that time brings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from studio.document.scene import Scene
from studio.presets import Preset
from studio.presets.document import write
from studio.scenes.repertoire import Repertoire
from tests.fakes import Pump, scene_of
from tests.live_fakes import FakeDesk
from tests.texture_fakes import textured, textures

Play = Callable[..., Pump]
FRAME_S = 1 / 25


class Program:
    """What somebody who plays without a window would write; time is fake, files are real."""

    def __init__(self, pump: Pump, folder: Path) -> None:
        self.pump, self.session = pump, pump.session
        desk = FakeDesk(pump.session, folder / "settings.json")
        self.clock, self.rig = desk.clock, desk.rig
        self.rig.transport.lead_s = 0.0
        self.repertoire = Repertoire(
            pump.session,
            self.rig,
            folder=folder / "presets",
            sessions=folder / "sessions",
            factory=None,
            wake=pump._woken.set,
        )
        self.rig.start()
        self.repertoire.start()
        self.settle()

    @property
    def scene(self) -> Scene:
        return self.session.scene

    @property
    def across(self) -> float:
        return float(self.scene.deck("deck1").parameters["across"])

    def settle(self) -> None:
        def idle() -> bool:
            self.repertoire.collect()
            return self.repertoire.librarian.is_idle

        self.pump.until(idle, "the librarian")

    def run(self, seconds: float) -> None:
        """So many frames."""
        for _ in range(round(seconds / FRAME_S)):
            self.clock.advance(FRAME_S)
            self.repertoire.step(self.clock())

    def save(self, name: str, across: float) -> str:
        """A preset with a value of its own; its id."""
        self.session.set("deck1", "across", across)
        self.repertoire.presets.save_as(name)
        self.settle()
        current = self.repertoire.presets.current
        assert current is not None
        return current.id

    def set(self, address: str, value: float | str | bool) -> None:
        self.rig.controls.set(address, value, self.clock())

    def close(self) -> None:
        self.repertoire.close()
        self.rig.close()


@pytest.fixture
def program(play: Play, tmp_path: Path) -> Iterator[Program]:
    able = textures()
    made = Program(play(able, scene=scene_of(textured(able))), tmp_path)
    yield made
    made.close()


def test_it_morphs(program: Program) -> None:
    program.session.set("deck1", "contrast", 2.0)
    end = program.scene
    program.session.set("deck1", "contrast", 0.0)
    program.set("/morph/seconds", 2.0)
    program.repertoire.morph.to(end, "Bright")
    program.run(1.0)
    assert program.scene.deck("deck1").parameters["contrast"] == pytest.approx(1.0, abs=0.05)
    program.run(1.1)
    assert program.scene.deck("deck1").parameters["contrast"] == 2.0
    assert program.repertoire.morph.moving == 0


def test_it_recalls_on_the_beat(program: Program) -> None:
    ids = [program.save("One", 0.25), program.save("Two", 0.5)]
    program.repertoire.set_lists.arrange(ids, "Friday")
    program.settle()
    program.session.set_score("quantum", "bar")
    program.rig.transport.play()
    program.run(0.5)
    program.rig.controls.trigger("/scene/1")
    program.run(1.0)
    assert program.across == 0.5, "at 120 bpm a bar lasts two seconds"
    program.run(1.0)
    assert program.across == 0.25


def test_it_walks(program: Program) -> None:
    before = program.session.point("deck1")
    program.set("/front/walk", True)
    program.run(1.0)
    assert program.session.point("deck1").tolist() != before.tolist()


def test_files_that_are_dropped_into_the_folder_appear(program: Program) -> None:
    folder = program.repertoire.library.folder
    folder.mkdir()
    write(folder / "guest.json", Preset(name="A guest", scene=program.scene))
    program.run(1.1)
    program.settle()
    assert [entry.name for entry in program.repertoire.library.entries] == ["A guest"]
