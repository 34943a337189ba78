"""What is saved, called up and never lost, with real files and a fake engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from studio.document.scene import Scene
from studio.presets import Preset, autosave, working_state
from studio.presets.document import write
from studio.presets.folder.versions import Version
from studio.presets.sharing.importing import Imported
from studio.scenes.morphing import Length
from studio.scenes.repertoire import Repertoire
from studio.settings.model import FileSettings, MorphSettings
from tests.fakes import Pump, fake, is_one_sentence
from tests.live_fakes import FakeDesk

Play = Callable[..., Pump]


class Shop:
    """A session at rest with a rig and a repertoire, whose files lie in a temporary folder."""

    def __init__(self, pump: Pump, folder: Path) -> None:
        self.pump = pump
        self.folder = folder
        self.desk = FakeDesk(pump.session, folder / "settings.json")
        self.desk.rig.start()
        self.sentences: list[str] = []
        self.held = self._made()

    def _made(self, goes_on: bool = False) -> Repertoire:
        made = Repertoire(
            self.pump.session,
            self.desk.rig,
            folder=self.folder / "presets",
            sessions=self.folder / "sessions",
            factory=None,
            wake=self.pump._woken.set,
        )
        made.noticed.connect(self.sentences.append)
        ended = autosave.last(self.folder / "sessions")
        if goes_on and ended:
            made.goes_on_from(autosave.read(ended))
        made.start()
        return made

    def until(self, condition: Callable[[], bool], awaited: str) -> None:
        def taken() -> bool:
            self.held.collect()
            return condition()

        self.pump.until(taken, awaited)

    def idle(self) -> None:
        self.until(lambda: self.held.librarian.is_idle, "the librarian")

    def save(self, name: str) -> str:
        """Save the scene under a name; the preset's id."""
        self.held.presets.save_as(name)
        self.idle()
        assert self.held.presets.current is not None
        return self.held.presets.current.id

    def names(self) -> list[str]:
        return [entry.name for entry in self.held.library.entries]

    def crash(self) -> None:
        """As after a kill: a state is there that nobody holds and nobody said has ended."""
        self.until(lambda: self._kept() == self.pump.scene, "the working state on the disk")
        (file,) = (self.folder / "sessions").glob("session-*.json")
        left = file.read_bytes()
        self.held.close()
        file.with_name("session-killed.json").write_bytes(left)
        self.held = self._made()

    def restart(self, *, goes_on: bool = False) -> None:
        """End as one should, and begin again, perhaps where that one has ended."""
        self.held.close()
        self.held = self._made(goes_on)
        self.idle()

    def _kept(self) -> Scene | None:
        files = (self.folder / "sessions").glob("session-*.json")
        return next((working_state.parse(file.read_bytes()).scene for file in files), None)

    def close(self) -> None:
        self.held.close()
        self.desk.rig.close()


@pytest.fixture
def shop(play: Play, tmp_path: Path) -> Iterator[Shop]:
    made = Shop(play(fake()), tmp_path)
    made.idle()
    yield made
    made.close()


def moved(shop: Shop, x: float) -> Scene:
    """Another scene than before."""
    shop.pump.session.pads.move("deck1", (x, 0.0))
    shop.pump.settle()
    return shop.pump.scene


# -- saving and calling up -------------------------------------------------------------------------


def test_what_was_saved_comes_back_in_one_step(shop: Shop) -> None:
    saved = moved(shop, 0.5)
    id = shop.save("Blue hour")
    other = moved(shop, -0.5)
    assert shop.held.presets.modified
    shop.held.presets.open(id)
    assert shop.pump.scene == saved
    assert not shop.held.presets.modified
    shop.pump.session.undo()
    assert shop.pump.scene == other


def test_what_moves_by_itself_is_no_change_of_a_preset(shop: Shop) -> None:
    session, presets = shop.pump.session, shop.held.presets
    session.motion.start_walk("deck1", 0.0)
    shop.save("On its way")
    for now_s in (1.0, 2.0):
        session.motion.step(now_s)
        assert not presets.modified
    assert session.scene.deck("deck1").held is not None
    session.pads.move("deck1", (0.5, 0.0))
    assert presets.modified


@pytest.mark.parametrize("how", ["preset", "snapshot"])
def test_a_scene_that_was_kept_moving_moves_when_it_comes(how: str, shop: Shop) -> None:
    session = shop.pump.session
    session.motion.start_walk("deck1", 0.0)
    shop.held.snapshots.take(0)
    id = shop.save("Moving")
    session.motion.stop_walk("deck1")
    shop.held.snapshots.take(1)
    still = shop.save("Still")
    before = session.scene
    if how == "preset":
        shop.held.presets.open(id)
    else:
        shop.held.snapshots.recall(0)
    assert session.motion.moving
    session.motion.step(1.0)
    assert session.motion.walking("deck1") is not None
    session.motion.step(2.0)
    assert session.scene.front_deck.held is not None
    session.undo()
    assert session.scene == before, "coming and moving are one step"
    assert not session.motion.moving
    shop.held.presets.open(still)
    assert not session.motion.moving


def test_walks_go_on_over_a_scene_where_one_wants_it(shop: Shop) -> None:
    still = shop.save("Still")
    moved(shop, 0.5)
    motion = shop.pump.session.motion
    for keeps in (False, True):
        motion.keeps_moving = keeps
        motion.start_walk("deck1", 0.0)
        shop.held.presets.open(still)
        assert motion.moving == keeps
        moved(shop, 0.25)


@pytest.mark.parametrize("changes", [False, True])
def test_a_session_goes_on_with_the_preset_that_it_came_from(changes: bool, shop: Shop) -> None:
    shop.save("Blue hour")
    shop.held.snapshots.take(2)
    if changes:
        moved(shop, 0.5)
    shop.restart(goes_on=True)
    shop.idle()
    presets = shop.held.presets
    assert presets.current is not None
    assert presets.current.name == "Blue hour"
    assert presets.modified == changes
    assert shop.held.snapshots.scenes[2] is not None
    moved(shop, 0.75)
    assert presets.save()
    shop.idle()
    assert shop.sentences[-1] == "Saved as Blue hour."


@pytest.mark.parametrize("glides", [False, True])
def test_undo_and_redo_bring_back_which_preset_it_was(glides: bool, shop: Shop) -> None:
    presets, session = shop.held.presets, shop.pump.session
    first = shop.save("First")
    moved(shop, 0.5)
    second = shop.save("Second")
    presets.open(first, glides=False)
    presets.open(second, glides=glides)
    if glides:
        shop.held.morph.step(shop.desk.clock())
        shop.desk.clock.advance(1.0)
        shop.held.morph.step(shop.desk.clock())
    assert presets.current is not None
    assert presets.current.name == "Second"
    session.undo()
    assert presets.current.name == "First"
    assert not presets.modified
    session.redo()
    assert presets.current.name == "Second"
    session.undo()
    moved(shop, 0.25)
    assert presets.save(), "over the one that is current again"
    shop.idle()
    assert presets.current.id == first
    assert not shop.sentences[-1].startswith("Somebody"), shop.sentences


def test_a_new_preset_takes_tags_over_only_where_they_are_about_its_deck(shop: Shop) -> None:
    id = shop.save("Faces")
    shop.held.presets.annotate(id, tags=("face",))
    shop.idle()
    assert shop.held.presets.tags == ("face",)
    session = shop.pump.session
    session.decks.choose_model("deck1", "fake", "wide")
    assert shop.held.presets.tags == ()
    session.undo()
    assert shop.held.presets.tags == ("face",)


def test_saving_again_writes_over_what_was_called_up(shop: Shop) -> None:
    id = shop.save("Blue hour")
    later = moved(shop, 0.25)
    assert shop.held.presets.save()
    shop.idle()
    assert shop.names() == ["Blue hour"]
    assert shop.held.library.open(id).preset.scene == later
    assert len(shop.held.library.versions(id)) == 1


def test_nothing_is_saved_over_before_something_was_saved(shop: Shop) -> None:
    assert not shop.held.presets.save()


def test_what_somebody_else_has_saved_meanwhile_is_not_written_over(shop: Shop) -> None:
    id = shop.save("Blue hour")
    theirs = shop.held.library.open(id)
    entry = shop.held.library.entry(id)
    write(entry.file, theirs.preset.but(notes="By the other hand."))
    moved(shop, 0.25)
    shop.held.presets.save()
    shop.idle()
    assert len(shop.names()) == 2
    assert is_one_sentence(shop.sentences[-1].split(". ")[-1])
    assert shop.held.library.open(id).preset.notes == "By the other hand."


def test_what_is_said_about_a_preset_does_not_make_it_another(shop: Shop) -> None:
    id = shop.save("Blue hour")
    shop.held.presets.annotate(id, tags=("blue",))
    shop.held.presets.rename(id, "Bluer hour")
    shop.idle()
    moved(shop, 0.25)
    assert shop.held.presets.save()
    shop.idle()
    assert shop.names() == ["Bluer hour"]
    assert shop.held.library.entry(id).tags == ("blue",)


def test_an_earlier_version_comes_back_and_goes_again(shop: Shop) -> None:
    first = moved(shop, 0.5)
    id = shop.save("Blue hour")
    second = moved(shop, -0.5)
    shop.held.presets.save()
    shop.idle()
    (version,) = shop.held.presets.versions(id)
    until_now: list[Version] = []
    shop.held.presets.revert(id, version, until_now.append)
    shop.idle()
    assert shop.held.library.open(id).preset.scene == first
    assert shop.pump.scene == first, "it is the one that is played"
    shop.held.presets.revert(id, until_now[0], until_now.append)
    shop.idle()
    assert shop.held.library.open(id).preset.scene == second
    assert shop.pump.scene == second


def test_saving_goes_on_after_a_version_has_come_back(shop: Shop) -> None:
    id = shop.save("Blue hour")
    moved(shop, 0.25)
    shop.held.presets.save()
    shop.idle()
    shop.held.presets.revert(id, shop.held.presets.versions(id)[0], lambda _: None)
    shop.idle()
    moved(shop, 0.75)
    shop.held.presets.save()
    shop.idle()
    assert shop.names() == ["Blue hour"]
    assert len(shop.held.presets.versions(id)) == 3


def test_a_preset_carries_its_small_picture(shop: Shop) -> None:
    id = shop.save("Blue hour")
    asked = []
    shop.held.thumbnails.arrived.connect(asked.append)
    assert shop.held.thumbnails.get(id) is None, "it is read first"
    shop.idle()
    assert asked == [id]
    picture = shop.held.thumbnails.get(id)
    assert picture is not None
    assert picture.ndim == 3


def test_files_that_are_dropped_into_the_folder_appear(shop: Shop) -> None:
    (shop.folder / "presets").mkdir()
    write(shop.folder / "presets" / "guest.json", Preset(name="A guest", scene=shop.pump.scene))
    shop.held.tick(1e6)
    shop.idle()
    assert shop.names() == ["A guest"]


def test_a_preset_that_is_damaged_is_told_in_a_sentence_and_changes_nothing(shop: Shop) -> None:
    id = shop.save("Blue hour")
    before = moved(shop, 0.4)
    shop.held.library.entry(id).file.write_bytes(b"{")
    shop.held.presets.open(id)
    assert shop.pump.scene == before
    assert is_one_sentence(shop.sentences[-1] if shop.sentences else shop.pump.notices[-1])


def test_deleting_can_be_undone(shop: Shop) -> None:
    id = shop.save("Blue hour")
    deleted = []
    shop.held.presets.delete([id], deleted.append)
    shop.idle()
    assert shop.names() == []
    assert shop.held.presets.current is None
    shop.held.presets.restore(deleted[0])
    shop.idle()
    assert shop.names() == ["Blue hour"]


# -- sharing ---------------------------------------------------------------------------------------


def test_a_set_list_travels_with_its_presets_and_is_played_where_none_is(shop: Shop) -> None:
    ids = [shop.save("One"), shop.save("Two")]
    shop.held.set_lists.arrange(ids, "Friday")
    shop.idle()
    file = shop.folder / "friday.loom"
    shop.held.sharing.give_away(file, ids, models=False, set_list=shop.held.set_lists.current)
    shop.idle()
    shop.held.set_lists.delete()
    shop.held.presets.delete(ids, lambda _: None)
    shop.idle()
    taken: list[Imported] = []
    shop.held.sharing.take_in(file, taken.append)
    shop.idle()
    assert [entry.name for entry in taken[0].entries] == ["One", "Two"]
    assert shop.held.set_lists.current is not None
    assert shop.held.set_lists.current.name == "Friday"
    assert shop.held.recalling.names() == ("One", "Two")
    assert shop.sentences[-1] == "Taken in: One, Two; the set list Friday."


# -- the set list ----------------------------------------------------------------------------------


def test_a_set_list_is_kept_and_played_in_order(shop: Shop) -> None:
    first = shop.save("One")
    one = shop.pump.scene
    two = moved(shop, 0.7)
    second = shop.save("Two")
    shop.held.set_lists.arrange([second, first], "Friday")
    shop.idle()
    shop.held.recalling.next()
    assert shop.pump.scene == two
    shop.held.recalling.next()
    assert shop.pump.scene == one
    assert [each.name for each in shop.held.library.set_lists.all] == ["Friday"]


def test_scenes_are_called_up_from_controllers(shop: Shop) -> None:
    first = shop.save("One")
    one = shop.pump.scene
    moved(shop, 0.7)
    second = shop.save("Two")
    shop.held.set_lists.arrange([first, second])
    shop.desk.rig.controls.trigger("/scene/1")
    assert shop.pump.scene == one


# -- after a crash ---------------------------------------------------------------------------------


def test_a_crash_leaves_the_scene_and_the_snapshots_to_be_brought_back(shop: Shop) -> None:
    shop.held.snapshots.take(2)
    lost = moved(shop, 0.9)
    shop.crash()
    shop.pump.session.pads.move("deck1", (0.0, 0.0))
    (left,) = shop.held.recovery.left
    shop.held.recovery.bring_back(left)
    assert shop.pump.scene == lost
    assert shop.held.snapshots.scenes[2] is not None
    assert shop.held.recovery.left == ()


def test_what_a_crash_left_can_be_let_go(shop: Shop) -> None:
    moved(shop, 0.9)
    shop.crash()
    shop.held.recovery.let_go(shop.held.recovery.left[0])
    assert shop.held.recovery.left == ()
    assert autosave.crashed(shop.folder / "sessions") == []


def test_a_session_that_ends_as_it_should_leaves_nothing_to_ask_about(shop: Shop) -> None:
    last = moved(shop, 0.3)
    shop.held.close()
    shop.held = shop._made()
    assert shop.held.recovery.left == ()
    assert shop.held.recovery.last is not None
    shop.pump.session.pads.move("deck1", (0.0, 0.0))
    shop.held.recovery.bring_back(shop.held.recovery.last)
    assert shop.pump.scene == last


def test_what_is_no_part_of_a_scene_is_as_it_was_after_a_restart(shop: Shop) -> None:
    ids = [shop.save("One"), shop.save("Two")]
    shop.held.set_lists.arrange(ids, "Friday")
    shop.idle()
    shop.held.recalling.recall(1)
    shop.held.morph.set("morph_unit", "bars")
    shop.held.morph.set("morph_bars", 16)
    shop.held.recalling.glides = True
    shop.held.snapshots.take(4)
    shop.restart()
    assert shop.held.set_lists.current is not None
    assert shop.held.set_lists.current.name == "Friday"
    assert shop.held.recalling.current() == 1
    assert shop.held.morph.setting("morph_bars") == 16
    assert shop.held.morph.setting("morph_unit") == "bars"
    assert shop.held.recalling.glides
    assert shop.held.snapshots.scenes[4] is not None


def test_after_a_restart_one_can_go_back_to_where_the_last_session_ended(shop: Shop) -> None:
    last = moved(shop, 0.3)
    shop.restart()
    moved(shop, -0.3)
    stop = shop.held.history.entries[0]
    assert stop.words == "Where the last session ended"
    shop.held.history.go_to(stop)
    assert shop.pump.scene == last


def test_a_kept_state_that_is_damaged_keeps_nobody_from_playing(shop: Shop) -> None:
    shop.held.close()
    (shop.folder / "sessions" / "ended.json").write_bytes(b"{")
    shop.held = shop._made()
    shop.idle()
    assert shop.sentences == []
    assert shop.held.history.entries == ()


# -- settings --------------------------------------------------------------------------------------


def test_the_settings_say_how_soon_it_is_kept_and_how_long_morphs_take(shop: Shop) -> None:
    store, morph = shop.desk.store, shop.held.morph
    assert (shop.held.recovery._autosave.wait_s, morph.length) == (0.8, Length(8.0))
    files = FileSettings(autosave_s=5.0)
    store.use(store.settings.but(files=files, morph=MorphSettings(seconds=3.0)))
    assert (shop.held.recovery._autosave.wait_s, morph.length) == (5.0, Length(3.0))
    morph.set("morph_seconds", 20.0)
    store.use(store.settings.but(echo=False))
    assert morph.length == Length(20.0), "a hand's length stays while other settings change"


def test_the_presets_are_in_the_folder_that_was_chosen(play: Play, tmp_path: Path) -> None:
    pump = play(fake())
    desk = FakeDesk(pump.session, tmp_path / "settings.json")
    files = FileSettings(presets_folder=str(tmp_path / "mine"))
    desk.store.use(desk.store.settings.but(files=files))
    held = Repertoire.at_home(pump.session, desk.rig, lambda: None)
    held.start()
    held.presets.save_as("Dusk")
    held.close()
    assert [file.name for file in (tmp_path / "mine").glob("*.json")] == ["Dusk.json"]
