"""Lines for plotters: what is read back from the file, and how far the pen goes in the air."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import pairwise

import numpy as np
import pytest

from studio.export.plotting import Line, ordered, plotted, sized, travel

BLACK_ON_WHITE = ((0, 0, 0), (255, 255, 255))


def some_lines(count: int = 30) -> list[Line]:
    chance = np.random.default_rng(0)
    return [
        (chance.random((1, 2)) + 0.1 * chance.random((5, 2))).astype(np.float32) / 1.1
        for _ in range(count)
    ]


def read_back(svg: str) -> tuple[float, list[Line]]:
    """Millimetres wide, and every path in millimetres."""
    root = ET.fromstring(svg)
    wide = float(root.attrib["width"].removesuffix("mm"))
    scale = wide / float(root.attrib["viewBox"].split()[2])
    paths = [
        part.attrib["d"].replace("M", "").replace("L", " ").split()
        for part in root.iter("{http://www.w3.org/2000/svg}path")
    ]
    return wide, [scale * np.asarray(p, np.float32).reshape(-1, 2) for p in paths]


def test_each_line_is_one_path_at_its_place_in_millimetres() -> None:
    lines = some_lines()
    for side_mm in (148.0, 420.0):
        wide, paths = read_back(sized(plotted(lines, 0.002, BLACK_ON_WHITE), side_mm))
        assert wide == side_mm
        assert len(paths) == len(lines)
        ways = [side_mm * way for line in lines for way in (line, line[::-1])]
        for path in paths:
            assert min(float(np.abs(path - way).max()) for way in ways) < 0.02


def test_a_dot_is_a_line_too_and_no_lines_are_an_empty_page() -> None:
    dot = np.asarray([[0.5, 0.25]], np.float32)
    _, (path,) = read_back(plotted([dot], 0.01, BLACK_ON_WHITE))
    assert path.tolist() == [[74, 37], [74, 37]]
    assert read_back(plotted([], 0.01, BLACK_ON_WHITE))[1] == []


def test_the_pen_goes_less_far_in_the_air_and_draws_all_the_same() -> None:
    lines = some_lines()
    route = ordered(lines)
    assert travel(route) < 0.4 * travel(lines)
    ends = [{tuple(line[0]), tuple(line[-1])} for line in route]
    assert len(ends) == len(lines)
    assert all({tuple(line[0]), tuple(line[-1])} in ends for line in lines)
    greedy = travel(ordered(route))
    assert greedy <= travel(route) * 1.05


def test_a_row_of_strokes_is_drawn_from_one_end_to_the_other() -> None:
    row = [np.asarray([[x, 0.1], [x + 0.05, 0.1]], np.float32) for x in (0.5, 0.1, 0.7, 0.3)]
    starts = [float(line[0, 0]) for line in ordered(row)]
    assert all(a < b for a, b in pairwise(starts))


def test_an_outline_of_any_engine_gets_its_size_and_one_without_a_frame_stays() -> None:
    wide = sized('<svg width="3" height="2" viewBox="0 0 300 200"><path d="M0 0"/></svg>', 90)
    assert wide == '<svg width="90mm" height="60mm" viewBox="0 0 300 200"><path d="M0 0"/></svg>'
    assert sized("<svg></svg>", 90) == "<svg></svg>"
    assert pytest.approx(148) == read_back(plotted([], 0.1, BLACK_ON_WHITE))[0]
