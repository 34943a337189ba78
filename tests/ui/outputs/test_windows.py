"""Output windows: where they open, what they show, and what a screen does that is pulled out."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from threading import Event, current_thread, main_thread

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from studio.document.mix import Layer, Mix
from studio.outputs.screen_picture import ScreenPicture
from studio.settings.screens import ScreenSettings
from tests.fakes import PATIENCE_S, fake, is_one_sentence
from tests.live_fakes import FakeDesk
from tests.ui.outputs.screens import FakeScreens
from ui.bridge import Bridge
from ui.outputs.screens import Screens
from ui.outputs.windows import MOVABLE, OutputWindows


class Desk:
    """A rig without a window of the instrument, and windows of its output."""

    def __init__(self, session, folder, *names: str) -> None:
        self.fake = FakeDesk(session, folder / "settings.json", Bridge().wake)
        self.rig = self.fake.rig
        self.home = QWidget()
        self.screens = FakeScreens(*names)
        self.said: list[str] = []
        self.windows = self.again()
        room = self.rig.picture.room
        room.use_size((64, 36))
        room.follow([("a", Layer(fit="stretch"))], Mix())
        self.show(90)

    def again(self) -> OutputWindows:
        """As after another start of the instrument, with the settings that were kept."""
        windows = OutputWindows(self.rig, self.screens, self.home)
        windows.said.connect(self.said.append)
        return windows

    def show(self, level: int) -> None:
        self.rig.picture.room.show("a", np.full((9, 16, 3), level, np.uint8))

    def level(self, name: str) -> int:
        """What a window shows in its middle, once the newest frame is there."""
        self.fake.clock.advance(1.0)
        self.rig.picture.room.turn()
        image = self.windows.open[name].grab().toImage()
        return image.pixelColor(image.width() // 2, image.height() // 2).red()

    def close(self) -> None:
        self.windows.close_down()
        self.rig.picture.close()
        self.home.close()
        self.home.deleteLater()


@pytest.fixture
def desk(play, tmp_path, qtbot) -> Iterator[Callable[..., Desk]]:
    made: list[Desk] = []

    def make(*names: str) -> Desk:
        made.append(Desk(play(fake(), start=False).session, tmp_path, *names))
        return made[-1]

    yield make
    for each in made:
        each.close()


def test_it_opens_on_the_other_screen_and_is_remembered(desk, qtbot) -> None:
    made = desk("Beamer", "Wall")
    made.windows.toggle_first()
    assert list(made.windows.open) == ["Beamer"]
    made.windows.toggle("Wall")
    assert made.rig.settings.output.shown_on == ("Beamer", "Wall")
    qtbot.waitUntil(lambda: made.level("Wall") == 90)
    made.windows.toggle("Beamer")
    assert made.rig.settings.output.shown_on == ("Wall",)
    made.windows.close_down()
    made.windows = made.again()
    assert not made.windows.open
    made.windows.begin()
    assert list(made.windows.open) == ["Wall"]


def test_without_another_screen_it_is_a_window_to_move_and_not_opened_unasked(desk) -> None:
    made = desk()
    made.windows.toggle_first()
    window = made.windows.open[MOVABLE]
    assert not window.windowFlags() & Qt.WindowType.FramelessWindowHint
    assert made.rig.settings.output.shown_on == ()
    window.close()  # by its frame
    assert not made.windows.open
    assert made.rig.picture.room.sinks == ()


def test_outputs_that_close_before_the_instrument_are_there_the_next_time(desk, qtbot) -> None:
    made = desk("Beamer", "Wall", "Floor")
    for name in ("Beamer", "Wall", "Floor"):
        made.windows.toggle(name)
    made.windows.open["Floor"].close()  # as with Alt+F4
    qtbot.waitUntil(lambda: made.rig.settings.output.shown_on == ("Beamer", "Wall"))
    made.home.closeEvent = lambda _: made.windows.close_down()
    made.home.show()
    made.windows.open["Beamer"].close()  # the order of the others is Qt's, and never the same
    QApplication.closeAllWindows()  # as Ctrl+C, Cmd+Q and a logout do
    QApplication.processEvents()
    assert not made.windows.open
    made.windows = made.again()
    made.windows.begin()
    assert list(made.windows.open) == ["Beamer", "Wall"]


def test_it_takes_neither_the_keyboard_nor_the_pointer(desk) -> None:
    made = desk("Beamer")
    made.home.show()
    made.home.activateWindow()
    made.windows.toggle_first()
    window = made.windows.open["Beamer"]
    assert QApplication.activeWindow() is not window
    assert window.windowFlags() & Qt.WindowType.FramelessWindowHint
    assert window.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus
    assert window.cursor().shape() == Qt.CursorShape.BlankCursor
    assert window.windowState() & Qt.WindowState.WindowFullScreen


def test_a_screen_that_is_pulled_out_costs_a_sentence_and_comes_back_by_itself(desk, qtbot) -> None:
    made = desk("Beamer")
    made.windows.toggle_first()
    made.screens.pull("Beamer")
    assert not made.windows.open
    assert made.rig.picture.room.sinks == ()
    assert made.rig.settings.output.shown_on == ("Beamer",)
    made.show(30)
    made.screens.plug("Beamer")
    qtbot.waitUntil(lambda: made.level("Beamer") == 30)
    assert len(made.said) == 2
    assert all(map(is_one_sentence, made.said))
    made.windows.toggle("Beamer")
    made.screens.pull("Beamer")
    made.screens.plug("Beamer")
    assert not made.windows.open
    made.windows.toggle(MOVABLE)
    made.screens.pull("Beamer")
    assert list(made.windows.open) == [MOVABLE]


def test_what_is_set_for_a_screen_is_seen_at_once_and_on_no_other(desk, qtbot) -> None:
    made = desk("Beamer", "Wall")
    for name in ("Beamer", "Wall"):
        made.windows.toggle(name)
    qtbot.waitUntil(lambda: made.level("Beamer") == made.level("Wall") == 90)
    made.windows.set_screen("Beamer", ScreenSettings(brightness=0.2))
    qtbot.waitUntil(lambda: made.level("Beamer") == 141)
    assert made.level("Wall") == 90
    made.rig.picture.room.black_out(True)
    qtbot.waitUntil(lambda: made.level("Wall") == 0)


def test_the_test_card_takes_the_place_of_the_output_whatever_is_under_way(
    desk, qtbot, monkeypatch
) -> None:
    made = desk("Beamer")
    made.windows.toggle_first()
    qtbot.waitUntil(lambda: made.level("Beamer") == 90)
    window, lie, threads = made.windows.open["Beamer"], ScreenPicture.of, set()
    inside, gate = Event(), Event()

    def slowly(self: ScreenPicture, pixels: np.ndarray) -> np.ndarray:
        picture = lie(self, pixels)
        threads.add(current_thread())
        if current_thread() is not main_thread():
            inside.set()
            assert gate.wait(PATIENCE_S)
        return picture

    def levels() -> set[int]:
        image = window.grab().toImage()
        return {image.pixelColor(x, image.height() // 2).red() for x in range(image.width())}

    monkeypatch.setattr(ScreenPicture, "of", slowly)
    made.show(30)
    made.level("Beamer")
    assert inside.wait(PATIENCE_S)
    made.windows.set_screen("Beamer", ScreenSettings(brightness=0.2))
    made.windows.show_card(True)
    assert [is_one_sentence(said) for said in made.said] == [True]
    gate.set()
    qtbot.waitUntil(lambda: len(levels()) > 3)
    made.windows.show_card(False)
    qtbot.waitUntil(lambda: levels() == {30 + 51})
    assert main_thread() not in threads


def test_real_screens_have_names_of_their_own(qapp) -> None:
    screens = Screens()
    assert len(set(screens.names())) == len(qapp.screens()) > 0
    first = screens.names()[0]
    assert screens.name_of(screens.get(first)) == first
    assert screens.get("Beamer") is None


class Beamer:
    """Stands for a screen."""

    def name(self) -> str:
        return "EPSON"


def test_of_two_screens_called_alike_the_one_that_is_pulled_out_is_gone(qapp, monkeypatch) -> None:
    first, second, again = Beamer(), Beamer(), Beamer()
    here, told = [first, second], []
    monkeypatch.setattr("ui.outputs.screens.QGuiApplication.screens", lambda: here)
    screens = Screens()
    screens.removed.connect(lambda name: told.append(("gone", name)))
    screens.added.connect(lambda name: told.append(("here", name)))
    assert screens.names() == ["EPSON", "EPSON 2"]
    here.remove(first)
    qapp.screenRemoved.emit(qapp.primaryScreen())
    assert (screens.names(), screens.get("EPSON 2")) == (["EPSON 2"], second)
    here.append(again)
    qapp.screenAdded.emit(qapp.primaryScreen())
    assert (screens.names(), screens.get("EPSON")) == (["EPSON 2", "EPSON"], again)
    assert told == [("gone", "EPSON"), ("here", "EPSON")]


EXACT = """
import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication
from studio.outputs.sink import Frame
from ui.outputs.window import OutputWindow
app = QApplication([])
window = OutputWindow("test", None, lambda: QSize(200, 100))
window.show()
window.resize(160, 80)
ratio = window.devicePixelRatioF()
width, height = window.device_size()
assert ratio == {ratio} and (width, height) == (round(160 * ratio), round(80 * ratio))
pixels = np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)
window.sink.send(Frame(pixels, 0.0, 0.0))
while window._shown is None:
    app.processEvents()
seen = window.grab().toImage().convertToFormat(window.grab().toImage().Format.Format_RGB888)
rows = np.frombuffer(seen.constBits(), np.uint8).reshape(seen.height(), seen.bytesPerLine())
assert np.array_equal(rows[:, : 3 * width].reshape(height, width, 3), pixels)
print("exact")
"""


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5])
def test_frames_are_shown_pixel_on_pixel_at_any_scale_factor(ratio, monkeypatch) -> None:
    monkeypatch.setenv("QT_SCALE_FACTOR", str(ratio))
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    program = [sys.executable, "-c", EXACT.format(ratio=ratio)]
    done = subprocess.run(program, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "exact", done.stderr


def test_a_screen_that_is_lost_in_the_middle_of_a_morph_costs_a_sentence(open_stage) -> None:
    stage = open_stage(fake())
    screens, said = FakeScreens("Beamer"), []
    windows = OutputWindows(stage.desk.rig, screens, stage.window)
    windows.said.connect(said.append)
    windows.toggle_first()
    morph, session = stage.repertoire.morph, stage.session
    morph.hold("a")
    session.mixer.set_layer("deck1", scale=3.0)
    morph.hold("b")
    morph.set_fader(0.25)
    screens.pull("Beamer")
    morph.set_fader(0.5)
    assert 1.0 < session.shown.layer("deck1").scale < 3.0
    assert len(said) == 1
    screens.plug("Beamer")
    assert list(windows.open) == ["Beamer"]
    windows.close_down()
