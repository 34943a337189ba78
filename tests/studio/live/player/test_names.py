from __future__ import annotations

import pytest

from studio.live._ports import NO_MIDI, choose, in_words
from studio.live.player._system import _named, client_name, stable_names
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


def test_a_port_that_has_no_name_and_one_that_has_a_long_one() -> None:
    raws = [None, "", "Z\u00fcrich \u65e5\u672c 20:0", 300 * "x", None]
    names = stable_names(raws)
    assert names == [
        "MIDI port",
        "MIDI port #2",
        "Z\u00fcrich \u65e5\u672c",
        300 * "x",
        "MIDI port #3",
    ]
    assert all(len(client_name(name).encode()) < 64 for name in names)
