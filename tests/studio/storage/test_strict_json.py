"""JSON from strangers, and JSON to be read in a diff."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.storage.strict_json import dumps, loads

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=5)
    ),
    max_leaves=30,
)


@given(VALUES)
def test_what_is_written_is_read_back(value: Any) -> None:
    text = dumps(value)
    assert loads(text) == json.loads(text) == value


def test_one_member_is_one_line_and_so_is_a_list_of_plain_values() -> None:
    assert dumps({"a": [1, 2.5, "x"], "b": {"c": None}, "d": [], "e": [[1], {}]}).decode() == (
        '{\n "a": [1, 2.5, "x"],\n "b": {\n  "c": null\n },\n "d": [],\n'
        ' "e": [\n  [1],\n  {}\n ]\n}\n'
    )


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[NaN]",
        b"[1e999]",
        b"[-Infinity]",
        b'{"a": 1, "a": 2}',
        b"[" * 41 + b"]" * 41,
        b"[" * 500_000,
        b'["\\ud800"]',
        b'{"\\udfff": 1}',
        b"\xff",
        b"[" + b"1" * 5000 + b"]",
        b"[" + b"{}," * 600_000 + b"{}]",
        b"[1] 2",
    ],
)
def test_what_is_not_plain_and_sound_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whichever of its kinds
        loads(text)


def test_what_is_not_finite_is_not_written() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        dumps({"a": float("nan")})


def test_a_mark_of_byte_order_and_windows_lines_are_read() -> None:
    assert loads(b'\xef\xbb\xbf{\r\n "a": 1\r\n}\r\n') == {"a": 1}
