from __future__ import annotations

import pytest

from studio.live._ports import NO_MIDI, choose, in_words
from studio.live.player._jack import _named
from studio.live.player._port_names import PortNames, client_name
from studio.live.player.protocol import PortsSeen


@pytest.mark.parametrize(
    ("seen", "sentence"),
    [
        (PortsSeen("", (), ()), NO_MIDI),
        (PortsSeen("ALSA", (), ()), "ALSA is there, and nothing is connected."),
        (PortsSeen("JACK", ("a",), ("b", "c")), "JACK: 2 outputs, 1 input."),
        (PortsSeen("CoreMIDI", ("a",), ()), "CoreMIDI: no outputs, 1 input."),
    ],
)
def test_the_state_of_midi_is_a_sentence(seen: PortsSeen, sentence: str) -> None:
    assert in_words(seen) == sentence


def test_the_first_preference_that_is_there_wins() -> None:
    present = ["Through", "Synth:MIDI 1", "Pad"]
    assert choose(["Organ", "Pad", "Through"], present) == "Pad"
    assert choose(["Organ"], present) is None
    assert choose([], present) is None


def test_a_name_that_differs_in_case_or_behind_the_colon_is_found_after_exact_ones() -> None:
    assert choose(["synth:midi 1"], ["Synth:MIDI 2", "Synth:MIDI 1"]) == "Synth:MIDI 1"
    assert choose(["Synth:Port A"], ["Other", "synth:MIDI 1"]) == "synth:MIDI 1"
    assert choose(["Organ:x", "Pad"], ["organ:y", "Pad"]) == "Pad"


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
