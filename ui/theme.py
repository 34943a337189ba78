"""Colours, fonts and the style sheet: dark, calm, legible from a metre away on a stage.

All text has one size factor. What must grow with its text is dressed by `dress`, sized by
`set_size`, or drawn with `font` and `px`; then `use_text_size` changes it while the window is open.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget

BACKGROUND = "#0E0F12"
PANEL = "#14161A"
RAISED = "#1B1E24"
HAIRLINE = "#23272E"
TRACK = "#2C313A"
TEXT = "#E8EAED"
QUIET = "#9AA3AF"
DISABLED = "#7F8895"
"""Words of what cannot be done now: quieter, and still legible."""
ACCENT = "#F5B14C"
"""What is live."""
BINDING = "#B18CFF"
"""Bindings and learning, nothing else."""
ALARM = "#FF6B6B"
"""Record, panic and errors, nothing else."""
WELL = "#7BD88F"
"""All is well."""

BASE_PX = 13
RADIUS = 7
STEP = 8
"""The rhythm of distances, in px."""

_factor = 1.0
"""Of the size of all text."""
_still = False
_waiting: list[QWidget] | None = None
"""What is to be dressed when all is built; None outside of `undressed`."""
_SHEET_AT_100, _SIZES_AT_100 = "sheetAt100", "sizesAt100"
_SETTERS: dict[str, Callable[[QWidget, int], None]] = {
    "width": QWidget.setFixedWidth,
    "height": QWidget.setFixedHeight,
    "min_width": QWidget.setMinimumWidth,
    "max_width": QWidget.setMaximumWidth,
}

_FONTS = Path(__file__).parent / "fonts"


@lru_cache(1024)
def colour(name: str, opacity: float = 1.0) -> QColor:
    """`name` ("#RRGGBB") at `opacity` in [0, 1]. Shared: do not change it."""
    found = QColor(name)
    found.setAlphaF(opacity)
    return found


@cache
def font(px: int = BASE_PX, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The house font at `px`, times the text size, with figures of equal width. Shared: do not
    change it."""
    made = QFont(QApplication.font())
    made.setPixelSize(max(1, round(px * _factor)))
    made.setWeight(weight)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def px(length: float) -> int:
    """A length, in px at 100 %, that grows with the text."""
    return round(length * _factor)


def factor() -> float:
    """Of the size of all text: 1.0 at 100 %."""
    return _factor


def reduce_motion(wanted: bool) -> None:
    """Whether the window's own parts keep still; pictures are not its own."""
    global _still
    _still = wanted


def keeps_still() -> bool:
    """Whether nothing may move or pulse by itself."""
    return _still


def dress(widget: QWidget, sheet: str) -> None:
    """Give `widget` a style sheet, written for text at 100 %."""
    widget.setProperty(_SHEET_AT_100, sheet)
    if _waiting is None:
        widget.setStyleSheet(_sized(sheet))
    else:
        _waiting.append(widget)


@contextmanager
def undressed() -> Iterator[None]:
    """What is built in here gets its style at the end, once. A widget that is put into another is
    styled anew with all that it holds, at every level: of a window's 0.25 s that took 0.1."""
    global _waiting
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    sheet, _waiting = app.styleSheet(), []
    app.setStyleSheet("")
    try:
        yield
    finally:
        waiting, _waiting = _waiting, None
        for widget in waiting:
            widget.setStyleSheet(_sized(widget.property(_SHEET_AT_100)))
        app.setStyleSheet(sheet)


def set_size(widget: QWidget, **sizes: float) -> None:
    """Give `widget` a `width`, `height`, `min_width` or `max_width`, in px at 100 %."""
    kept = widget.property(_SIZES_AT_100) or {}
    widget.setProperty(_SIZES_AT_100, {**kept, **sizes})
    for name, length in sizes.items():
        _SETTERS[name](widget, px(length))


def use_text_size(app: QApplication, size: str) -> None:
    """Show all text at `size`, such as "130 %", at once."""
    global _factor
    _factor = float(size.removesuffix("%")) / 100
    font.cache_clear()
    app.setStyleSheet(_sized(_SHEET))
    for widget in app.allWidgets():
        sheet, sizes = widget.property(_SHEET_AT_100), widget.property(_SIZES_AT_100)
        if sheet:
            widget.setStyleSheet(_sized(sheet))
        if sizes:
            set_size(widget, **sizes)
        widget.updateGeometry()
        widget.update()


def _sized(sheet: str) -> str:
    """A style sheet with its text, and the least heights around text, at the present size."""
    return re.sub(r"(font-size|min-height): (\d+)px", lambda m: f"{m[1]}: {px(int(m[2]))}px", sheet)


def add_fonts() -> None:
    """Let Qt know Inter, where its files are."""
    for file in sorted(_FONTS.glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(file))


def apply(app: QApplication) -> None:
    """Dress the application: Inter where its files are, the house colours everywhere."""
    add_fonts()
    family = "Inter" if "Inter" in QFontDatabase.families() else app.font().family()
    base = QFont(family)
    base.setPixelSize(BASE_PX)
    app.setFont(base)
    font.cache_clear()
    app.setStyle("Fusion")
    app.setPalette(_palette())
    app.setStyleSheet(_sized(_SHEET))


def _palette() -> QPalette:
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, name in (
        (roles.Window, BACKGROUND),
        (roles.Base, PANEL),
        (roles.AlternateBase, RAISED),
        (roles.Button, RAISED),
        (roles.Text, TEXT),
        (roles.WindowText, TEXT),
        (roles.ButtonText, TEXT),
        (roles.ToolTipBase, RAISED),
        (roles.ToolTipText, TEXT),
        (roles.PlaceholderText, QUIET),
        (roles.Highlight, ACCENT),
        (roles.HighlightedText, BACKGROUND),
    ):
        palette.setColor(role, QColor(name))
    return palette


_SHEET = f"""
QWidget {{ color: {TEXT}; font-size: {BASE_PX}px; }}
QMainWindow, #stage {{ background: {BACKGROUND}; }}
#topBar, #panel, #shelf, #statusBar {{ background: {PANEL}; }}
#topBar {{ border-bottom: 1px solid {HAIRLINE}; }}
#shelf {{ border-right: 1px solid {HAIRLINE}; }}
#panel {{ border-left: 1px solid {HAIRLINE}; }}
#statusBar {{ border-top: 1px solid {HAIRLINE}; }}
#wordmark {{ font-size: 16px; font-weight: 600; letter-spacing: 3px; }}
#section {{ color: {QUIET}; font-size: 12px; font-weight: 600; letter-spacing: 1px; }}
#quiet, #path, #statusBar QLabel {{ color: {QUIET}; }}
#statusBar QLabel {{ font-size: 12px; }}
#statusBar #alarm {{ color: {ALARM}; background: transparent; border-color: transparent; }}
#statusBar #notice {{ color: {TEXT}; }}
#statusBar #well {{ color: {WELL}; background: transparent; border-color: transparent; }}
#statusBar #well:hover, #statusBar #alarm:hover {{ background: {RAISED}; }}
#statusBar #well:focus, #statusBar #alarm:focus {{ border: 1px solid {QUIET}; }}

QPushButton, QToolButton {{
    background: {RAISED}; border: 1px solid {HAIRLINE}; border-radius: {RADIUS}px;
    padding: 6px 12px; min-height: 18px; outline: none;
}}
QPushButton:hover, QToolButton:hover {{ background: {TRACK}; }}
QPushButton:pressed, QToolButton:pressed {{ background: {HAIRLINE}; }}
QPushButton:disabled, QToolButton:disabled {{ color: {DISABLED}; background: {PANEL}; }}
QPushButton:focus, QToolButton:focus {{ border: 1px solid {QUIET}; }}
QPushButton:checked, QToolButton:checked {{
    background: {ACCENT}; color: {BACKGROUND}; border-color: {ACCENT}; font-weight: 600;
}}
QPushButton#flat, QToolButton#flat {{ background: transparent; border-color: transparent; }}
QPushButton#flat:hover, QToolButton#flat:hover {{ background: {RAISED}; }}
QPushButton#flat:focus, QToolButton#flat:focus {{ border: 1px solid {QUIET}; }}
QToolButton::menu-indicator {{ image: none; }}
#shelf QToolButton {{ padding: 6px 4px; }}
#topBar QToolButton {{ padding: 6px 8px; }}
#statusBar QPushButton {{ font-size: 12px; padding: 2px 8px; min-height: 16px; }}

QPushButton#segment {{ border-radius: 0; background: {RAISED}; padding: 5px 10px; color: {QUIET}; }}
QPushButton#segment:checked {{
    background: {TRACK}; color: {TEXT}; border-color: {HAIRLINE}; font-weight: 500;
    border-bottom: 2px solid {QUIET};
}}
QPushButton#segment:focus {{ border: 1px solid {QUIET}; }}

QPushButton#tab {{
    background: transparent; border: none; border-bottom: 2px solid {HAIRLINE}; border-radius: 0;
    padding: 7px 2px 6px 2px; color: {QUIET};
}}
QPushButton#tab:hover {{ color: {TEXT}; }}
QPushButton#tab:checked {{ color: {TEXT}; border-bottom: 2px solid {ACCENT}; font-weight: 600; }}
QPushButton#tab:focus {{ background: {RAISED}; }}
QPushButton#tool {{ padding: 5px 7px; }}
QToolButton#lock, QToolButton#lock:checked {{
    background: transparent; border: 1px solid transparent; padding: 0; min-height: 0;
}}
QToolButton#lock:hover {{ background: {RAISED}; }}
QToolButton#lock:focus {{ border: 1px solid {QUIET}; }}

QComboBox {{
    background: {RAISED}; border: 1px solid {HAIRLINE}; border-radius: {RADIUS}px;
    padding: 5px 10px; min-height: 18px;
}}
QComboBox:hover {{ background: {TRACK}; }}
QComboBox:focus {{ border: 1px solid {QUIET}; }}
QComboBox::drop-down {{ border: none; width: 18px; }}
QComboBox QAbstractItemView {{
    background: {RAISED}; border: 1px solid {HAIRLINE}; outline: none; padding: 4px;
    selection-background-color: {TRACK}; selection-color: {TEXT};
}}
QLineEdit {{
    background: {BACKGROUND}; border: 1px solid {ACCENT}; border-radius: 4px; padding: 1px 4px;
    selection-background-color: {ACCENT}; selection-color: {BACKGROUND};
}}
QLineEdit#words {{
    background: {RAISED}; border: 1px solid {HAIRLINE}; border-radius: {RADIUS}px;
    padding: 5px 8px; min-height: 18px;
}}
QLineEdit#words:focus {{ border: 1px solid {ACCENT}; }}
QMenu {{
    background: {RAISED}; border: 1px solid {TRACK}; padding: 6px;
}}
QMenu::item {{ padding: 6px 22px 6px 14px; border-radius: 5px; }}
QMenu::item:selected {{ background: {TRACK}; }}
QMenu::item:disabled {{ color: {QUIET}; }}
QMenu::separator {{ height: 1px; background: {TRACK}; margin: 5px 8px; }}
QToolTip {{
    background: {RAISED}; color: {TEXT}; border: 1px solid {TRACK}; padding: 5px 7px;
}}
QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: none; }}
QScrollBar:vertical {{ background: transparent; width: 8px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {TRACK}; border-radius: 4px; min-height: 24px; }}
QScrollBar:horizontal {{ background: transparent; height: 8px; margin: 0; }}
QScrollBar::handle:horizontal {{ background: {TRACK}; border-radius: 4px; min-width: 24px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""
