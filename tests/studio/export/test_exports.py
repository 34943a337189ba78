"""Files appear when they are whole, and the playing goes on meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
from PIL import Image

from studio.engine.deck_job import job_of
from studio.export.exports import Export
from studio.latent.mixing import walk_point
from tests.fakes import Guest, Pump, broken, fake, filled_deck, is_one_sentence, scene_of, slow

Play = Callable[..., Pump]


def over(pump: Pump, export: Export) -> Export:
    pump.until(lambda: export.is_over, f"the end of {export.file.name}")
    return export


def jobs(pump: Pump, count: int) -> list:
    """Once round the deck's walk, the last frame the first again."""
    deck = pump.deck()
    points = [walk_point(deck, n / (count - 1)) for n in range(count)]
    return [job_of(deck.but(held=tuple(p.tolist())), 4) for p in points if p is not None]


def test_a_picture_is_the_one_on_the_stage(play: Play, tmp_path: Path) -> None:
    pump = play(fake())
    file = tmp_path / "a.png"
    export = over(pump, pump.session.exports.picture("deck1", file, job_of(pump.deck(), 4)))
    shown = pump.state().shown
    assert shown is not None
    with Image.open(file) as written:
        assert np.array_equal(np.asarray(written), shown.pixels)
    assert (export.share, export.problem) == (1, "")


def test_an_outline_is_written_where_the_name_says_so(play: Play, tmp_path: Path) -> None:
    guest = fake()
    pump = play(guest, scene=scene_of(filled_deck(guest, model="wide")))
    file = tmp_path / "a.SVG"
    over(pump, pump.session.exports.picture("deck1", file, job_of(pump.deck(), 6)))
    assert file.read_text().startswith("<svg")


def test_a_model_without_outlines_says_so_and_writes_nothing(play: Play, tmp_path: Path) -> None:
    pump = play(fake())
    file = tmp_path / "a.svg"
    export = over(pump, pump.session.exports.picture("deck1", file, job_of(pump.deck(), 4)))
    assert is_one_sentence(export.problem)
    assert pump.notices == [export.problem]
    assert not list(tmp_path.iterdir())


def test_a_sheet_has_three_pictures_in_a_row(play: Play, tmp_path: Path) -> None:
    pump = play(fake())
    over(pump, pump.session.exports.sheet("deck1", tmp_path / "sheet.png", jobs(pump, 9)))
    with Image.open(tmp_path / "sheet.png") as sheet:
        width, height = sheet.size
    assert width == height > 3 * 8


def test_a_film_has_every_picture_and_ends_where_it_began(play: Play, tmp_path: Path) -> None:
    pump = play(fake())
    wanted = jobs(pump, 12)
    over(pump, pump.session.exports.film("deck1", tmp_path / "walk.mp4", wanted))
    with av.open(str(tmp_path / "walk.mp4")) as film:
        frames = [f.to_ndarray(format="rgb24").astype(int) for f in film.decode(video=0)]
    assert len(frames) == 12
    assert np.abs(frames[0] - frames[-1]).mean() < 4


def test_a_gif_plays_round_and_round(play: Play, tmp_path: Path) -> None:
    pump = play(fake())
    over(pump, pump.session.exports.film("deck1", tmp_path / "walk.gif", jobs(pump, 6)))
    with Image.open(tmp_path / "walk.gif") as film:
        assert film.info["loop"] == 0
        assert getattr(film, "n_frames", 0) >= 5  # equal neighbours may be joined


def test_it_says_how_far_it_is(play: Play, tmp_path: Path) -> None:
    pump = play(fake())
    shares: list[float] = []
    pump.session.exports.changed.connect(lambda export: shares.append(export.share))
    over(pump, pump.session.exports.film("deck1", tmp_path / "walk.mp4", jobs(pump, 5)))
    assert sorted(shares) == shares
    assert shares[-1] == 1


def test_a_hand_does_not_wait_for_an_export(play: Play, tmp_path: Path) -> None:
    guest = slow()
    pump = play(guest)
    guest.gate.shut()
    export = pump.session.exports.film("deck1", tmp_path / "walk.mp4", jobs(pump, 8))
    guest.gate.await_arrival(1)  # a frame is being drawn
    pump.session.pads.move("deck1", (0.4, 0.4))
    asked = pump.state().asked
    guest.gate.let_through(2)
    pump.until(lambda: pump.state().answered == asked, "the picture of the drag")
    assert not export.is_over
    guest.gate.open()
    over(pump, export)


def test_a_cancelled_export_leaves_no_file(play: Play, tmp_path: Path) -> None:
    guest = slow()
    pump = play(guest)
    guest.gate.shut()
    export = pump.session.exports.film("deck1", tmp_path / "walk.mp4", jobs(pump, 8))
    guest.gate.let_through(2)
    pump.until(lambda: export.written >= 1, "a frame")
    export.cancel()
    guest.gate.open()
    over(pump, export)
    assert not list(tmp_path.iterdir())
    assert not export.problem


def test_a_picture_that_comes_after_the_end_is_not_written(play: Play, tmp_path: Path) -> None:
    guest = slow()
    pump = play(guest)
    guest.gate.shut()
    export = pump.session.exports.film("deck1", tmp_path / "walk.mp4", jobs(pump, 8))
    guest.gate.await_arrival(1)
    export.cancel()
    pump.session.exports.step()  # closes the file while a picture is being drawn
    guest.gate.open()
    over(pump, export)
    pump.settle()
    assert (export.problem, pump.notices) == ("", [])
    assert not list(tmp_path.iterdir())


def test_the_old_file_stays_until_the_new_one_is_whole(play: Play, tmp_path: Path) -> None:
    guest = slow()
    pump = play(guest)
    file = tmp_path / "walk.mp4"
    file.write_text("the one from yesterday")
    guest.gate.shut()
    export = pump.session.exports.film("deck1", file, jobs(pump, 4))
    guest.gate.let_through(2)
    pump.until(lambda: export.written >= 1, "a frame")
    assert file.read_text() == "the one from yesterday"
    pump.session.close()
    guest.gate.open()
    assert file.read_text() == "the one from yesterday"
    assert list(tmp_path.iterdir()) == [file]


def test_a_folder_that_is_not_there_is_a_sentence(play: Play, tmp_path: Path) -> None:
    pump = play(fake())
    file = tmp_path / "nowhere" / "a.png"
    export = over(pump, pump.session.exports.picture("deck1", file, job_of(pump.deck(), 4)))
    assert is_one_sentence(export.problem)
    assert pump.notices == [export.problem]


def test_an_engine_that_fails_ends_the_export(play: Play, tmp_path: Path) -> None:
    def asked_for_frames(engine: object) -> bool:
        return len(getattr(engine, "rendered", [])) > 3

    guest: Guest = broken("render", breaks=asked_for_frames)
    pump = play(guest)
    export = over(pump, pump.session.exports.film("deck1", tmp_path / "walk.mp4", jobs(pump, 9)))
    assert is_one_sentence(export.problem)
    assert not list(tmp_path.iterdir())


def test_a_tile_and_its_maps_are_of_the_picture_on_the_stage(play: Play, tmp_path: Path) -> None:
    pump = play(fake())
    shown = pump.state().shown
    assert shown is not None
    modes = {}
    for what in ("tile", "height", "normal"):
        file = tmp_path / f"{what}.png"
        over(pump, pump.session.exports.tile("deck1", file, job_of(pump.deck(), 4), what, 2.0))
        with Image.open(file) as image:
            modes[what] = image.mode
            assert image.size == shown.pixels.shape[1::-1]
            assert "Seam" in image.text
    assert modes == {"tile": "RGB", "height": "I;16", "normal": "RGB"}
