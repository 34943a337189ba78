"""Widgets that know nothing of sessions: rows and fields made from parameters, and Qt helpers."""

__all__ = [
    "drag_data",
    "drag_field",
    "elided_label",
    "form",
    "lamp",
    "parameter_rows",
    "pixmaps",
    "progress_line",
    "repaint_throttle",
    "right_click",
    "row",
    "scroll_column",
    "slider",
    "slider_row",
    "tab_button",
    "throttle",
    "value_field",
    "wheel",
]
