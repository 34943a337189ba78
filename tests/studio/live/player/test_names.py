from __future__ import annotations

import pytest

from studio.live.player._system import _named, client_name


def test_our_clients_have_names_that_jack_takes() -> None:
    assert client_name("Latent Loom") == "Latent Loom"
    assert client_name("fluidsynth-midi:midi_00") == "Latent Loom fluidsynth-midi midi_00"
    assert len(client_name("x" * 200)) <= 56


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("jackd -d alsa", "default"),
        ("jackd -R -n studio -d dummy", "studio"),
        ("jackd --name=studio -d dummy", "studio"),
        ("jackd --name studio -d dummy", "studio"),
        ("jackd -nstudio -d dummy", "studio"),
        ("jackdbus auto", "default"),
    ],
)
def test_a_jack_server_is_known_by_its_command_line(line: str, name: str) -> None:
    assert _named(line.split()) == name
