"""Pan and room of the parts reach the own sound as controllers, and only what is new."""

from __future__ import annotations

from studio.document.parameters import initial_values
from studio.document.routes import SOUND
from studio.document.score import PLACE
from studio.live.ensemble.routes import tracks_of
from studio.live.part_mix import PAN, ROOM, PartMix
from studio.music.band.players import routes_of
from studio.processes.messages import Due


class Sound:
    def __init__(self) -> None:
        self.heard: list[bytes] = []

    def send(self, messages: list[Due]) -> None:
        assert {message.port for message in messages} == {SOUND}
        self.heard += [message.data for message in messages]


def test_each_part_is_told_where_it_is_and_only_what_is_new() -> None:
    sound, score = Sound(), initial_values(PLACE)
    mix = PartMix(sound)
    routes = routes_of(tracks_of("deck1"))
    mix.follow(routes, score)
    assert sound.heard == []  # in the middle and wholly in the room, as a sound begins
    mix.follow(routes, {**score, "chords_pan": -1.0, "drums_reverb": 0.5, "lead_pan": 1.0})
    assert sound.heard == [
        bytes((0xB0, PAN, 127)), bytes((0xB2, PAN, 0)), bytes((0xB9, ROOM, 64)),
    ]  # fmt: skip
    sound.heard.clear()
    elsewhere = tuple(route.but(port="synth") for route in routes)
    mix.follow(elsewhere, score)
    assert sound.heard == []
    mix.follow(routes, score)
    assert sorted(sound.heard) == sorted(
        [bytes((0xB0, PAN, 64)), bytes((0xB2, PAN, 64)), bytes((0xB9, ROOM, 127))]
    )
