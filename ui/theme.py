"""Colours, fonts and the style sheet: dark, calm, legible from a metre away on a stage."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

BACKGROUND = "#0E0F12"
PANEL = "#14161A"
RAISED = "#1B1E24"
HAIRLINE = "#23272E"
TRACK = "#2C313A"
TEXT = "#E8EAED"
QUIET = "#9AA3AF"
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

_FONTS = Path(__file__).parent / "fonts"


@lru_cache(1024)
def colour(name: str, opacity: float = 1.0) -> QColor:
    """`name` ("#RRGGBB") at `opacity` in [0, 1]. Shared: do not change it."""
    found = QColor(name)
    found.setAlphaF(opacity)
    return found


@cache
def font(px: int = BASE_PX, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The house font at `px` with figures of equal width. Shared: do not change it."""
    made = QFont(QApplication.font())
    made.setPixelSize(px)
    made.setWeight(weight)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def apply(app: QApplication) -> None:
    """Dress the application: Inter where its files are, the house colours everywhere."""
    for file in sorted(_FONTS.glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(file))
    family = "Inter" if "Inter" in QFontDatabase.families() else app.font().family()
    base = QFont(family)
    base.setPixelSize(BASE_PX)
    app.setFont(base)
    font.cache_clear()
    app.setStyle("Fusion")
    app.setPalette(_palette())
    app.setStyleSheet(_SHEET)


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
#stageNotice {{
    background: rgba(20, 22, 26, 0.86); border: 1px solid {TRACK}; border-radius: {RADIUS}px;
    padding: 8px 12px;
}}
#stageNotice[alarm="true"] {{ color: {ALARM}; }}
#quiet, #statusBar QLabel {{ color: {QUIET}; }}
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
QPushButton:disabled, QToolButton:disabled {{ color: #555C66; background: {PANEL}; }}
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
QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""
