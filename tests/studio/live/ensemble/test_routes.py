"""The ways out that a new deck gets."""

from __future__ import annotations

from studio.document.score import PARTS
from studio.live.ensemble.routes import completed, track_of
from studio.settings.model import PartRoute, RouteSettings
from tests.fakes import composing, filled_deck, scene_of

SCENE = scene_of(filled_deck(composing())).but(routes=())


def test_parts_go_where_the_artist_wants_those_of_new_decks() -> None:
    wanted = RouteSettings(
        lead=PartRoute(port="Synth", channel=5), drums=PartRoute(program=8, port="Drums")
    )
    plain = {route.track: route for route in completed(SCENE, ["deck1"], []).routes}
    routes = {route.track: route for route in completed(SCENE, ["deck1"], [], wanted).routes}
    lead, bass, chords, drums = (track_of("deck1", part) for part in PARTS)
    assert routes[lead] == plain[lead].model_copy(update={"port": "Synth", "channel": 5})
    assert routes[drums] == plain[drums].model_copy(update={"port": "Drums", "program": 8})
    assert (routes[bass], routes[chords]) == (plain[bass], plain[chords])


def test_decks_that_have_routes_keep_them() -> None:
    scene = completed(SCENE, ["deck1"], [])
    wanted = RouteSettings(lead=PartRoute(port="Synth"))
    assert completed(scene, ["deck1"], [], wanted) is scene
