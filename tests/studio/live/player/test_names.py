from __future__ import annotations

import pytest

from studio.live.player._jack import _named
from studio.live.player._port_names import PortNames, client_name


def test_our_clients_have_names_that_jack_takes() -> None:
    assert client_name("Latent Loom", "out") == "Latent Loom"
    assert client_name("Latent Loom", "in") == "Latent Loom in"
    assert client_name("fluidsynth-midi:midi_00", "out") == "Latent Loom fluidsynth-midi midi_00"
    assert len(client_name("x" * 200, "in")) <= 56


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


def names(interface: str, *listings: list[str]) -> list[str]:
    """What the last of these listings is called."""
    seen = PortNames(interface)
    return [list(seen.update(listing).values()) for listing in listings][-1]


def test_names_stay_the_same_when_alsa_numbers_them_anew() -> None:
    assert names("alsa", ["nanoKEY2:nanoKEY2 MIDI 1 20:0"]) == ["nanoKEY2:nanoKEY2 MIDI 1"]
    assert names("alsa", ["Pad 20:0", "Pad 24:0"]) == ["Pad", "Pad #2"]


def test_two_of_one_model_keep_their_names_whoever_comes_and_goes() -> None:
    two = ["nano 20:0", "nano 24:0"]
    assert names("alsa", two, ["nano 24:0"]) == ["nano #2"]
    assert names("alsa", two, ["nano 24:0"], two) == ["nano", "nano #2"]
    assert names("alsa", two, ["nano 16:0", *two]) == ["nano #3", "nano", "nano #2"]
    assert names("alsa", two, ["nano 24:0"], ["nano 24:0", "nano 28:0"]) == ["nano #2", "nano"]
    assert names("macosx_core", ["nano", "nano"]) == ["nano", "nano #2"]


def test_numbers_at_the_end_are_the_systems_own_only_where_it_puts_them() -> None:
    assert names("jack", ["fluidsynth:midi_00"]) == ["fluidsynth:midi_00"]
    assert names("jack", ["take 12:30", "take 12:31"]) == ["take 12:30", "take 12:31"]


def test_a_port_that_has_no_name_and_one_that_has_a_long_one() -> None:
    raws = [None, "", "Z\u00fcrich \u65e5\u672c 20:0", 300 * "x", None]
    found = list(PortNames("alsa").update(raws).values())
    assert found == [
        "MIDI port",
        "MIDI port #2",
        "Z\u00fcrich \u65e5\u672c",
        300 * "x",
        "MIDI port #3",
    ]
    assert all(len(client_name(name, "out").encode()) < 64 for name in found)
