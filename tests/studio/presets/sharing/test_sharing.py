"""Presets that come from others and go to them, with their models."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from studio.document.scene import Scene
from studio.engine.registry import Registry
from studio.presets import Library, Weights, preset_of
from studio.presets.folder import places
from studio.presets.folder.librarian import Librarian
from studio.presets.sharing.importing import Imported
from studio.presets.sharing.sharing import Sharing
from tests.fakes import MODELS, Pump, fake, is_one_sentence, write_levels

Play = Callable[..., Pump]


class Friend:
    """Somebody with a library of their own."""

    def __init__(self, pump: Pump, folder: Path) -> None:
        self.library = Library(folder)
        self.librarian = Librarian(lambda: None)
        self.registry: Registry = pump.session.registry
        self.held = Sharing(self.registry, Weights(), self.library, self.librarian)
        self.sentences: list[str] = []
        self.taken: list[Imported] = []
        self.held.noticed.connect(self.sentences.append)
        self.held.taken.connect(self.taken.append)
        self.librarian.refused.connect(self.sentences.append)

    def save(self, name: str, scene: Scene) -> str:
        return self.library.add(preset_of(scene, name, self.registry, Weights())).id

    def rest(self) -> None:
        """Let what was begun be done."""
        self.librarian.close()
        self.librarian.collect()


@pytest.fixture
def pump(play: Play, tmp_path: Path) -> Pump:
    weights = write_levels(tmp_path / "first.safetensors", 4)
    return play(fake(models=(replace(MODELS[0], weights=weights),)))


@pytest.fixture
def two(pump: Pump, tmp_path: Path) -> Iterator[tuple[Friend, Friend]]:
    friends = Friend(pump, tmp_path / "hers"), Friend(pump, tmp_path / "his")
    yield friends
    for friend in friends:
        friend.librarian.close()


@pytest.mark.parametrize("models", [False, True])
def test_a_bundle_goes_from_one_to_the_other(
    pump: Pump, two: tuple[Friend, Friend], tmp_path: Path, models: bool
) -> None:
    hers, his = two
    file = tmp_path / "two.loom"
    ids = [hers.save(name, pump.scene) for name in ("Dawn", "Moth")]
    hers.held.give_away(file, ids, models=models)
    hers.rest()
    assert hers.sentences == ["Written: two.loom."]
    came: list[Imported] = []
    his.held.take_in(file, came.append)
    his.rest()
    assert [entry.name for entry in his.library.entries] == ["Dawn", "Moth"]
    assert came == his.taken
    assert len(came[0].models) == models
    assert his.sentences[0].startswith("Taken in: Dawn, Moth")
    assert ("can be chosen now" in his.sentences[0]) == models
    assert any(places.models().glob("*.safetensors")) == models


def test_many_are_told_in_few_words(pump: Pump, two: tuple[Friend, Friend], tmp_path: Path) -> None:
    hers, his = two
    ids = [hers.save(f"Take {n}", pump.scene) for n in range(1, 7)]
    hers.held.give_away(tmp_path / "six.loom", ids, models=False)
    hers.rest()
    his.held.take_in(tmp_path / "six.loom")
    his.rest()
    assert his.sentences == ["Taken in: Take 1, Take 2, Take 3 and 3 more."]


def test_what_cannot_be_read_is_a_sentence(two: tuple[Friend, Friend], tmp_path: Path) -> None:
    (tmp_path / "strange.loom").write_bytes(b"PK\x05\x06 and no more")
    two[0].held.take_in(tmp_path / "strange.loom")
    two[0].rest()
    (sentence,) = two[0].sentences
    assert is_one_sentence(sentence)
    assert two[0].taken == []
