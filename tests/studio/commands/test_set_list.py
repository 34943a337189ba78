"""A set list for commands: found by its file or its name, and as sound."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.commands._render import Score
from studio.commands._set_list import messages_of, presets_of, write_list
from studio.document.score import TEMPO
from studio.engine import EngineError, Resources
from studio.engine.registry import Registry
from studio.presets import Preset, SetList, SetLists, document, factory
from studio.presets.errors import PresetError
from tests.fakes import composing, fake, filled_deck, scene_of

CPU = Resources(device="cpu", threads=1)


def tune(name: str, bpm: float) -> tuple[Preset, Registry]:
    guest = composing()
    scene = scene_of(filled_deck(guest))
    scene = scene.but(score={**scene.score, TEMPO.name: bpm})
    return Preset(name=name, scene=scene), Registry.of(guest.spec)


def test_it_is_found_by_its_file_and_by_its_name(tmp_path: Path) -> None:
    own, builtin = tune("Mine", 100.0)[0], factory()["oompah"]
    document.write(tmp_path / "mine.json", own)
    wanted = SetList(name="Friday night", presets=(own.id, builtin.id, "0" * 32, own.id))
    SetLists(tmp_path / "Set lists").save(wanted)
    (file,) = (tmp_path / "Set lists").glob("*.json")
    for name in (file, Path("friday Night")):
        presets, wrong = presets_of(name, str(tmp_path))
        assert [p.name for p in presets] == ["Mine", builtin.name, "Mine"]
        assert wrong == ["The preset at place 3 of the list is not there."]
    with pytest.raises(PresetError, match="There is no set list 'Monday'; there are: Friday night"):
        presets_of(Path("Monday"), str(tmp_path))


def test_every_note_is_at_its_beat_at_the_tempo_of_its_preset(tmp_path: Path) -> None:
    """The fake sings on every beat; three bars in 4/4 at 150 and at 96 bpm."""
    for name, bpm in (("Fast", 150.0), ("Slow", 96.0)):
        preset, registry = tune(name, bpm)
        with Score(registry, preset.scene, CPU) as score:
            messages, length_s = messages_of(score, 3)
            lead = score.bars("deck1", 12.0)
        assert length_s == pytest.approx(12 * 60 / bpm)
        wanted = {(b.start_beats + n.start_beats) * 60 / bpm for b in lead for n in b.notes}
        struck = {at_s for at_s, data in messages if data[0] & 0xF0 == 0x90}
        assert sorted(struck) == pytest.approx(sorted(wanted))
        sounding = 0
        for at_s, data in messages:
            assert 0 <= at_s <= length_s
            sounding += {0x90: 1, 0x80: -1}.get(data[0] & 0xF0, 0)
        assert sounding == 0
    silent = fake()
    still = Preset(name="Still", scene=scene_of(filled_deck(silent)))
    with pytest.raises(EngineError, match="there is no sound"):
        write_list(tmp_path / "night.wav", [still], 3, Registry.of(silent.spec), CPU)
