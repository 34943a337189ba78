"""A share of what `python -m tests.studio.presets.fuzz` tries: any file, and no harm."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.presets import PresetError, parse, text_of
from tests.fakes import is_one_sentence
from tests.studio.presets.fuzz import Fuzz
from tests.studio.presets.makers import full_scene, preset

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=20,
)
DOCUMENT: dict[str, Any] = json.loads(text_of(preset().but(scene=full_scene())))


def test_damaged_files_do_no_harm(tmp_path: Path) -> None:
    fuzz = Fuzz(tmp_path / "ground", seed=1)
    for _ in range(150):
        fuzz.case()


def refused_or_read(text: bytes) -> None:
    try:
        parse(text, "any.json")
    except PresetError as error:
        sentence = str(error)
    else:
        return
    assert is_one_sentence(sentence), sentence


@given(st.binary(max_size=500))
def test_any_bytes_are_read_or_refused(text: bytes) -> None:
    refused_or_read(text)


def test_a_line_break_in_a_name_of_the_file_stays_out_of_the_sentence() -> None:
    document = json.loads(json.dumps(DOCUMENT))
    document["scene"]["score"] = {"a\nb": None}
    refused_or_read(json.dumps(document).encode())


@pytest.mark.parametrize("at", ["document", "scene", "deck", "slot"])
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(data=st.data())
def test_any_value_in_any_place_is_read_or_refused(at: str, data: st.DataObject) -> None:
    document = json.loads(json.dumps(DOCUMENT))
    scene = document["scene"]
    deck = scene["decks"][0]
    holder = {"document": document, "scene": scene, "deck": deck, "slot": deck["slots"][0]}[at]
    holder[data.draw(st.sampled_from(sorted(holder)))] = data.draw(ANYTHING)
    refused_or_read(json.dumps(document).encode("utf-8", "surrogatepass"))
