"""ALSA beside rtmidi: whether a port of ours is still connected, by what the kernel tells."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

_CLIENTS = Path("/proc/asound/seq/clients")


def is_connected(client: str, clients: Path = _CLIENTS) -> bool | None:
    """Whether the client of ours with this name has a connection; None where nobody can tell."""
    with suppress(OSError):
        for told in clients.read_text(errors="replace").split("\nClient ")[1:]:
            name = re.match(r'\s*\d+ : "(.*)" \[User', told)
            if name and name.group(1) == client:
                return "    Connecting To: " in told or "    Connected From: " in told
    return None
