"""What the MIDI system does to the timing of notes, for the doctor.

rtmidi hands JACK its messages without a frame, and JACK passes them on when a period starts. To
give each its frame takes code that runs in JACK's real-time callback, which Python must not.
"""

from __future__ import annotations

from studio.live.player import _jack
from studio.live.player._port_names import LOOK_OUT


def sentence() -> str:
    """How exact notes can be here, where the system sets a limit that can be heard of; else ""."""
    if not _jack.server_marks() or _jack.server_pid() is None:
        return ""
    try:
        graph = _jack.JackGraph(LOOK_OUT)
    except OSError:
        return ""
    period_ms = 1000 * graph.period_s
    graph.close()
    return (
        f"Under JACK notes leave when a period starts, here every {period_ms:.1f} ms; "
        "a smaller period makes them more exact."
    )
