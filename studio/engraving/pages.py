"""Pages of a score as SVG that every program can read, and where their notes stand."""

from __future__ import annotations

import importlib
import importlib.util
import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from studio.document.errors import StudioError
from studio.processes.packaged import remedy

_SVG = "http://www.w3.org/2000/svg"
_LINK = "{http://www.w3.org/1999/xlink}href"
_MOVED = re.compile(r"translate\((-?[\d.]+),\s*(-?[\d.]+)\)")
_LINE = re.compile(r"M(-?[\d.]+)[ ,](-?[\d.]+) L(-?[\d.]+)")
_FONT = "Inter, 'DejaVu Sans', Arial, sans-serif"
_NOTE = re.compile(r"\w+(-\d+){4}")
"""The id that `studio.music.files.musicxml` gives a note or a rest."""
_SHEET = (2940, 4158)
"""A4 in Verovio's units, with staves 5 mm high."""


_WIDE = 'width="100%" height="100%"'


class Place(NamedTuple):
    """Where the head of a note stands, or a rest."""

    id: str
    x: float
    """The left edge, in the units of the page's view box."""
    y: float
    """The middle."""


class Measure(NamedTuple):
    """Where a bar of the first staff stands."""

    left: float
    right: float
    """Both in the units of the page's view box, as all of these."""
    top: float
    """The highest of its lines."""


@dataclass(frozen=True)
class Page:
    """One page."""

    svg: str
    width: float
    height: float
    """Both in the units of the view box."""
    places: tuple[Place, ...]
    measures: tuple[Measure, ...] = ()


def check() -> None:
    """Raises `StudioError` with what to do where Verovio is not installed."""
    if importlib.util.find_spec("verovio") is None:
        how = remedy("pip install 'latent-loom[score]'")
        raise StudioError(f"A score is engraved by Verovio: {how}.")


def strip(xml: str) -> Page:
    """A score as one line of music, as long as it wants to be. Raises `StudioError`."""
    fit = {"breaks": "none", "adjustPageWidth": True, "adjustPageHeight": True}
    margins = dict.fromkeys(("pageMarginLeft", "pageMarginRight"), 30)
    margins |= dict.fromkeys(("pageMarginTop", "pageMarginBottom"), 20)
    return _engraved(
        xml, {**fit, **margins, "pageWidth": 20_000, "header": "none", "spacingStaff": 5}
    )[0]


def sheets(xml: str) -> list[Page]:
    """A score as pages of A4. Raises `StudioError`."""
    size = {"pageWidth": _SHEET[0], "pageHeight": _SHEET[1], "breaks": "auto", "header": "auto"}
    margins = dict.fromkeys(("pageMarginLeft", "pageMarginRight"), 200)
    margins |= dict.fromkeys(("pageMarginTop", "pageMarginBottom"), 200)
    return [
        replace(page, svg=page.svg.replace(_WIDE, 'width="210mm" height="297mm"', 1))
        for page in _engraved(xml, {**size, **margins})
    ]


def _engraved(xml: str, options: dict[str, Any]) -> list[Page]:
    check()
    toolkit = _toolkit()
    toolkit.resetOptions()
    toolkit.setOptions({"scale": 100, "footer": "none", "condense": "none", **options})
    if not toolkit.loadData(xml):
        raise StudioError("Verovio cannot read this score.")
    return [_page(toolkit.renderToSVG(number + 1)) for number in range(toolkit.getPageCount())]


@cache
def _toolkit() -> Any:
    verovio = importlib.import_module("verovio")
    verovio.enableLog(verovio.LOG_OFF)
    return verovio.toolkit()


# -- plain SVG --------------------------------------------------------------------------------


def _page(svg: str) -> Page:
    """Without styles, nested views and nested texts, which SVG Tiny (and so Qt) does not know."""
    ElementTree.register_namespace("", _SVG)
    ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    found = ElementTree.fromstring(svg)
    root = Element(_tag("svg"), {"version": "1.1"})
    view = next(child for child in found if child.get("class") == "definition-scale")
    _, _, width, height = map(float, view.get("viewBox", "0 0 1 1").split())
    root.set("viewBox", f"0 0 {width:g} {height:g}")
    root.set("width", "100%")
    root.set("height", "100%")
    symbols = found.find(_tag("defs"))
    if symbols is not None:
        root.append(symbols)
    body = SubElement(root, _tag("g"), {"fill": "#000000", "stroke": "none", "font-family": _FONT})
    body.extend(list(view))
    measures = tuple(_measures(body, 0.0, 0.0))
    _plain(body)
    places = tuple(_places(body, 0.0, 0.0))
    return Page(ElementTree.tostring(root, encoding="unicode"), width, height, places, measures)


def _tag(name: str) -> str:
    return f"{{{_SVG}}}{name}"


def _plain(element: Element) -> None:
    for child in list(element):
        if "placeholder" in child.get("class", ""):
            element.remove(child)
        elif child.tag == _tag("text"):
            _flatten(child)
        else:
            if child.get("stroke-width"):
                child.set("stroke", "#000000")
            _plain(child)
    kind = element.attrib.pop("class", "")
    if kind.split(" ", 1)[0] == "tempo":
        element.set("font-weight", "bold")
    elif kind == "mNum":
        element.set("font-style", "italic")
    if kind == "notehead":
        element.set("class", kind)


def _flatten(text: Element) -> None:
    """One size, one string: the innermost size that says anything."""
    for part in list(text.iter()):
        for told in part.findall(_tag("title")):
            part.remove(told)
    words = "".join(text.itertext()).strip()
    sizes = [part.get("font-size", "") for part in text.iter()]
    text[:] = []
    text.text = re.sub(r"\s+", " ", words)
    text.set("font-size", next((s for s in reversed(sizes) if s not in ("", "0px")), "405px"))


def _measures(element: Element, left: float, top: float) -> list[Measure]:
    left, top = _shifted(element, left, top)
    if element.get("class") != "measure":
        return [measure for child in element for measure in _measures(child, left, top)]
    staff = next((child for child in element if child.get("class") == "staff"), element)
    line = next((_LINE.match(path.get("d", "")) for path in staff.iter(_tag("path"))), None)
    if line is None:
        return []
    return [Measure(left + float(line[1]), left + float(line[3]), top + float(line[2]))]


def _shifted(element: Element, left: float, top: float) -> tuple[float, float]:
    moved = _MOVED.match(element.get("transform", ""))
    return (left + float(moved[1]), top + float(moved[2])) if moved else (left, top)


def _places(element: Element, left: float, top: float) -> list[Place]:
    left, top = _shifted(element, left, top)
    name = element.get("id", "")
    if _NOTE.fullmatch(name):
        head = next((e for e in element.iter(_tag("use"))), None)
        at = None if head is None else _MOVED.match(head.get("transform", ""))
        return [] if at is None else [Place(name, left + float(at[1]), top + float(at[2]))]
    return [place for child in element for place in _places(child, left, top)]
