"""Widgets that know nothing of sessions: rows and fields made from parameters, and Qt helpers."""

__all__ = [
    "drag_data",
    "drag_field",
    "elided",
    "form",
    "lamp",
    "pacing",
    "parameter_rows",
    "pixmaps",
    "progress_line",
    "right_click",
    "row",
    "scroll_column",
    "slider",
    "slider_row",
    "throttle",
    "value_field",
]
