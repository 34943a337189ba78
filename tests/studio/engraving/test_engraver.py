"""Scores engraved: pages that Qt reads, where their notes stand, and the process that does it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from queue import Queue
from xml.etree import ElementTree

import pytest

from studio.document.errors import StudioError
from studio.engraving import pages
from studio.engraving.engraver import ENGRAVING_PROCESS, Answer, Engraver
from studio.engraving.messages import SHEETS
from studio.engraving.score_files import score_of
from studio.music.band.accompaniment import arrange_tune
from studio.music.band.players import BandSetting
from studio.music.files.musicxml import score_xml
from studio.processes.child import code_command
from tests.fakes import PATIENCE_S
from tests.studio.music.scraps import REEL

SCORE = score_of(REEL, arrange_tune(REEL, BandSetting(genre="reel")), title="<b>", tempo=100)
XML = score_xml(SCORE).decode()
needs_verovio = pytest.mark.skipif(
    pages.importlib.util.find_spec("verovio") is None,
    reason="Verovio engraves scores: pip install verovio",
)


@needs_verovio
def test_every_note_has_a_place_and_later_ones_stand_further_on() -> None:
    page = pages.strip(XML)
    written = {n.get("id") for n in ElementTree.fromstring(XML).iter("note")} - {None}
    assert {place.id for place in page.places} == written
    lead = [place for place in page.places if place.id.startswith("lead-")]
    assert [place.x for place in lead] == sorted(place.x for place in lead)
    assert all(0 < x < page.width and 0 < y < page.height for _, x, y in page.places)
    d5, a4 = lead[0], lead[1]
    assert a4.y - d5.y == pytest.approx(3 * 90), "three steps of the staff lower"
    measures = [page.measures[int(place.id.split("-")[1])] for place in lead]
    assert all(m.left < p.x < m.right for m, p in zip(measures, lead, strict=True))
    assert d5.y == pytest.approx(measures[0].top + 2 * 90), "an F is the top line"


@needs_verovio
def test_pages_are_plain() -> None:
    """Nothing in them that SVG Tiny does not know, and the title is text."""
    (page,) = pages.sheets(XML)
    root = ElementTree.fromstring(page.svg)
    kinds = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert kinds <= {"svg", "g", "path", "use", "text", "defs", "rect", "polygon", "polyline",
                     "ellipse"}  # fmt: skip
    words = [element.text for element in root.iter() if element.tag.endswith("text")]
    assert "<b>" in words
    assert "♩ = 100" in words


def test_without_verovio_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(StudioError, match=r"pip install .latent-loom\[score\]"):
        pages.strip(XML)


Answers = Queue[tuple[int, Answer]]


@pytest.fixture
def engraver(no_thread_left_behind: None) -> Iterator[tuple[Engraver, Answers]]:
    heard: Answers = Queue()
    made = Engraver(lambda number, answer: heard.put((number, answer)))
    yield made, heard
    made.close()


@needs_verovio
def test_another_process_engraves_one_score_after_the_other(
    engraver: tuple[Engraver, Answers],
) -> None:
    asked, heard = engraver
    numbers = [asked.engrave(SCORE), asked.engrave(SCORE, SHEETS)]
    answers = dict(heard.get(timeout=PATIENCE_S) for _ in numbers)
    assert list(answers) == numbers
    assert answers[numbers[0]][0].places == pages.strip(XML).places  # type: ignore[union-attr]
    assert "297mm" in answers[numbers[1]][0].svg  # type: ignore[union-attr]


def test_one_that_dies_costs_its_score_and_is_given_up_after_a_while(
    no_thread_left_behind: None,
) -> None:
    heard: Answers = Queue()
    child = replace(ENGRAVING_PROCESS, command=code_command("raise SystemExit(1)"),
                    pauses_s=(0.0, 0.0))  # fmt: skip
    dying = Engraver(lambda number, answer: heard.put((number, answer)), child=child)
    number = dying.engrave(SCORE)
    answered, sentence = heard.get(timeout=PATIENCE_S)
    assert answered == number
    assert str(sentence).startswith("Engraving")
    dying.close()
