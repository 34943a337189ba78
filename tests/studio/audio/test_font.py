"""The font that comes along: small, licensed, whole; and fonts taken apart and put together."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.audio import fonts
from studio.audio.font import ranges, recipe, riff
from studio.audio.font.subset import subset
from tests.fakes import is_one_sentence


@pytest.fixture(scope="module")
def own() -> riff.Font:
    return riff.read(fonts.OWN)


def test_it_is_small_enough_to_come_along() -> None:
    assert fonts.OWN.stat().st_size < 5.5e6


def test_its_licence_stands_beside_it() -> None:
    licence = fonts.OWN.with_name("LICENCE.md").read_text("utf-8")
    for needed in ("MIT", "Frank Wen", "Michael Cowgill", "Permission is hereby granted"):
        assert needed in licence


def test_it_holds_what_the_recipe_names_and_says_whose_it_is(own: riff.Font) -> None:
    assert set(riff.presets(own)) == set(recipe.WANTED)
    said = riff.information(fonts.OWN)
    assert said["INAM"] == recipe.TITLE
    assert "Frank Wen" in said["ICOP"]
    assert said == {name: riff.text(content) for name, content in own.info.items()}


def test_every_general_midi_family_has_a_member(own: riff.Font) -> None:
    families = {program // 8 for bank, program in riff.presets(own) if bank == 0}
    assert families == set(range(16))


def test_written_again_it_is_the_same(own: riff.Font, tmp_path: Path) -> None:
    riff.write(own, tmp_path / "again.sf3")
    assert (tmp_path / "again.sf3").read_bytes() == fonts.OWN.read_bytes()


def test_a_subset_of_everything_is_the_same(own: riff.Font) -> None:
    again = subset(own, recipe.WANTED)
    assert again.tables == own.tables
    assert again.samples == own.samples


def test_a_subset_keeps_only_the_samples_that_it_plays(own: riff.Font) -> None:
    whistle = subset(own, [(0, 78)])
    assert list(riff.presets(whistle).values()) == ["Whistle"]
    assert len(whistle.tables["shdr"]) == 2  # one, and the terminal one
    assert len(whistle.samples) < 10_000
    assert len(whistle.samples) % 2 == 0


def test_a_program_that_is_not_there_cannot_be_taken(own: riff.Font) -> None:
    with pytest.raises(riff.FontError, match="no program 7"):
        subset(own, [(0, 7)])


def test_the_recipe_takes_no_other_font(tmp_path: Path) -> None:
    with pytest.raises(riff.FontError, match="not the font"):
        recipe.make(fonts.OWN, tmp_path / "made.sf3")


@pytest.mark.parametrize("content", [None, b"", b"RIFF", b"not a font at all", b"RIFF\0\0\0\0sfbk"])
def test_a_bad_file_is_one_sentence(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "bad.sf2"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(riff.FontError) as caught:
        riff.read(path)
    assert is_one_sentence(str(caught.value))
    with pytest.raises(riff.FontError) as caught:
        fonts.load(path, 48_000)
    assert is_one_sentence(str(caught.value))


def test_fonts_of_the_system_are_found_after_our_own(tmp_path: Path) -> None:
    for name in ("b.SF2", "a.sf3", "readme.txt"):
        (tmp_path / name).touch()
    names = [path.name for path in fonts.found([tmp_path, tmp_path / "missing"])]
    assert names == ["folk.sf3", "a.sf3", "b.SF2"]


@pytest.mark.parametrize("share", [0.0, 0.00001, 0.02, 0.5, 0.99])
def test_a_font_that_was_cut_short_is_one_sentence(tmp_path: Path, share: float) -> None:
    pytest.importorskip("tinysoundfont")
    whole = fonts.OWN.read_bytes()
    (tmp_path / "cut.sf2").write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(riff.FontError) as caught:
        fonts.load(tmp_path / "cut.sf2", 48_000)
    assert is_one_sentence(str(caught.value))


@pytest.mark.parametrize(
    "data", [b"<region> sample=a.wav\n", b"RIFF\4\0\0\0WAVE", b"RIFF", b"DLS "]
)
def test_another_kind_of_file_called_a_font_is_one_sentence(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.sf2").write_bytes(data)
    with pytest.raises(riff.FontError) as caught:
        fonts.load(tmp_path / "a.sf2", 48_000)
    assert is_one_sentence(str(caught.value))


def test_a_chunk_whose_name_is_no_letters_is_passed_over(tmp_path: Path) -> None:
    data = bytearray(fonts.OWN.read_bytes())
    at = data.index(b"ICOP")
    data[at : at + 4] = b"\xff\xfe\xfd\xfc"
    (tmp_path / "a.sf2").write_bytes(data)
    said = riff.information(tmp_path / "a.sf2")
    assert said["INAM"] == "Latent Loom Folk"
    assert "ICOP" not in said


@pytest.mark.parametrize("table", ["phdr", "inst", "pbag", "ibag", "pgen", "igen", "shdr"])
def test_numbers_that_lead_nowhere_are_a_sentence(
    own: riff.Font, tmp_path: Path, table: str
) -> None:
    """All that is no name is 65535; TinySoundFont crashes on such amounts."""
    kept = {"phdr": 20, "inst": 20, "pbag": 0, "ibag": 0, "pgen": 2, "igen": 2, "shdr": 20}[table]
    tail = 2 if table == "shdr" else 0  # the kind of a sample
    size = riff.SIZES[table]
    bad = [
        record[:kept] + b"\xff" * (size - kept - tail) + record[size - tail : size]
        for record in own.tables[table]
    ]
    path = tmp_path / "bad.sf3"
    riff.write(riff.Font(own.info, own.samples, own.tables | {table: bad}), path)
    with pytest.raises(riff.FontError) as error:
        ranges.check(path)
    assert is_one_sentence(str(error.value))


def test_a_folder_that_cannot_be_listed_holds_no_fonts(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert fonts.found([tmp_path / "file", tmp_path / "missing"]) == [fonts.OWN]
