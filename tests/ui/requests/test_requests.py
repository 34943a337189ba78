"""Songs on request in the window: the switch, what it opens, and the queue under the hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio.requests.queue import RefusalError
from studio.requests.votes import Option
from tests.fakes import composing
from tests.ports import free_tcp
from tests.ui.roll.roll_hall import Hall
from tests.ui.stage import PATIENCE_MS
from ui.band.page import BandPage
from ui.file_dialogs import LastFolders
from ui.requests.dialog import RequestDialog


@pytest.fixture
def hall(
    qtbot: QtBot, tmp_path: Path, no_widget_left_behind: None, no_thread_left_behind: None
) -> Iterator[Hall]:
    made = Hall(qtbot, tmp_path, composing(encodes=True))
    made.add(BandPage(made.session, made.rig, LastFolders()))
    yield made.start()
    made.close()


def test_the_queue_is_ruled_by_hand(hall: Hall, qtbot: QtBot) -> None:
    page = hall.window.findChildren(BandPage)[0]
    page.requests.use(port=free_tcp())
    QTest.mouseClick(page.ask, Qt.MouseButton.LeftButton)
    dialog = page.window().findChildren(RequestDialog)[0]
    queue = page.requests.service.queue
    assert dialog.about.text() == "Nobody can ask: the page is closed."
    with pytest.raises(RefusalError):
        queue.ask("4 bars", phone="early")
    dialog.boxes["on"].click()
    assert dialog.about.text().startswith("Who is at this computer can ask at http://127.0.0.1:")
    assert not dialog.code.pixmap().isNull()
    assert dialog.warning.isHidden()
    page.requests.turn()
    for number, name in enumerate(("Ann", "<b>Bo</b>", "")):
        queue.ask(f"{number + 4} bars", phone=str(number), name=name)
    qtbot.waitUntil(lambda: dialog.songs.count() == 3, timeout=PATIENCE_MS)
    texts = [dialog.songs.item(row).text() for row in range(3)]
    assert texts[1] == "2.  5 bars · for <b>Bo</b>   (waits for you)"
    dialog.songs.setCurrentRow(2)
    dialog.up.click()
    dialog.up.click()
    dialog.let.click()
    dialog.songs.setCurrentRow(1)
    dialog.refuse.click()
    assert [(r.title, r.state) for r in queue.line] == [("6 bars", "waiting"), ("5 bars", "asked")]
    votes = page.requests.service.votes
    dialog.votes.boxes["votes"].click()
    dialog.votes.titles[1].setText("Fire")
    dialog.votes.titles[1].editingFinished.emit()
    assert votes.options[1] == Option(2, "Fire")
    assert not dialog.votes.play.isEnabled()
    votes.choose(1, phone="a")
    page.requests.turn()
    assert dialog.votes.counts[1].text() == "1"
    heard: list[str] = []
    hall.session.noticed.connect(heard.append)
    dialog.votes.play.click()
    assert heard == ["There is no control '/snapshot/2' now."]  # this hall has no repertoire
    assert votes.standing().counts == (0, 0)
    dialog.boxes["open_to_network"].click()
    assert not dialog.warning.isHidden()
    assert dialog.about.text().startswith("Everybody on the networks of this computer can ask at")
    dialog.boxes["on"].click()
    assert page.requests.service.address is None
    dialog.close()
