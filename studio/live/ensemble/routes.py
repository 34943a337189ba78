"""Ways out for the tracks of decks that compose: given once, taken with the deck."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from studio.document.routes import ROUTE_LIMIT, SOUND
from studio.document.scene import Scene
from studio.document.score import PARTS
from studio.music.band.players import routes_of


def track_of(deck: str, part: str) -> str:
    """The track that a part of a deck plays, for routes; at most 40 characters."""
    return f"{deck[:33]} {part}"


def tracks_of(deck: str) -> dict[str, str]:
    """The track of each part."""
    return {part: track_of(deck, part) for part in PARTS}


def completed(scene: Scene, composing: Sequence[str], gone: Collection[str]) -> Scene:
    """`scene` with routes for every deck of `composing` that has none, and without those of the
    decks that are `gone`."""
    left = {track for deck in gone for track in tracks_of(deck).values()}
    routes = [route for route in scene.routes if route.track not in left]
    for deck in composing:
        tracks = tracks_of(deck)
        if not any(route.track in tracks.values() for route in routes):
            taken = {route.channel for route in routes if route.port == SOUND}
            routes += routes_of(tracks, taken)
    kept = tuple(routes[:ROUTE_LIMIT])
    return scene if kept == scene.routes else scene.but(routes=kept)
