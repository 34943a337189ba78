from __future__ import annotations

from pathlib import Path

from studio.live.player._alsa import is_connected

CLIENTS = """Client info
  cur  clients : 5
  peak clients : 6
  max  clients : 192

Client   0 : "System" [Kernel Legacy]
  Port   0 : "Timer" (Rwe-) [In/Out]
  Port   1 : "Announce" (R-e-) [In]
    Connecting To: 15:0
Client  20 : "nano" [Kernel Legacy]
  Port   0 : "nano MIDI 1" (RWeX) [In/Out]
    Connecting To: 128:0[real:0]
Client 128 : "Latent Loom nano in" [User Legacy]
  Port   0 : "nano" (-We-) [Out]
    Connected From: 20:0[real:0]
Client 129 : "Latent Loom synth" [User Legacy]
  Port   0 : "synth" (R-e-) [In]
"""


def test_the_kernel_tells_which_ports_of_ours_are_connected(tmp_path: Path) -> None:
    told = tmp_path / "clients"
    told.write_text(CLIENTS)
    assert is_connected("Latent Loom nano in", told) is True
    assert is_connected("Latent Loom synth", told) is False
    assert is_connected("Latent Loom pad", told) is None, "no such client"
    assert is_connected("nano", told) is None, "not one of ours"


def test_where_the_kernel_tells_nothing_nobody_knows(tmp_path: Path) -> None:
    assert is_connected("Latent Loom nano", tmp_path / "none") is None
