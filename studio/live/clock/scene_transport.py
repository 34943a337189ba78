"""The transport as hands see it: what a scene keeps is set in the scene."""

from __future__ import annotations

from collections.abc import Mapping

from studio.document.addresses import score_address
from studio.document.parameters import Value
from studio.document.score import COUNT_IN, METRE_BEATS, METRE_UNIT, TEMPO
from studio.live.clock.transport import Transport
from studio.music.metres import Metre
from studio.session import Session

_ADDRESS = score_address(TEMPO)


class SceneTransport:
    """Tempo, metre and count-in go into the session's scene, which the transport follows; so undo
    and presets have them. The rest goes to the transport at once.
    """

    def __init__(self, session: Session, transport: Transport) -> None:
        self._session = session
        self._transport = transport

    def follow(self, score: Mapping[str, Value], before: Mapping[str, Value]) -> None:
        """The scene has another score. Only what differs: a tempo that is set again is heard as a
        change of tempo."""
        transport = self._transport
        if score[TEMPO.name] != before.get(TEMPO.name):
            transport.set_tempo(float(score[TEMPO.name]))
        metre = (int(score[METRE_BEATS.name]), int(score[METRE_UNIT.name]))
        if metre != (transport.metre.beats, transport.metre.unit):
            transport.set_metre(*metre)
        if score[COUNT_IN.name] != transport.count_in_bars:
            transport.set_count_in(int(score[COUNT_IN.name]))

    @property
    def bpm(self) -> float:
        """The tempo that counts: a leader's, if one is heard; the hand's, where it is modulated."""
        if self._transport.leader is None and _ADDRESS in self._session.modulation.positions:
            return float(self._session.scene.score[TEMPO.name])
        return self._transport.bpm

    @property
    def state(self) -> str:
        return self._transport.state

    @property
    def metre(self) -> Metre:
        return self._transport.metre

    @property
    def count_in_bars(self) -> int:
        return self._transport.count_in_bars

    def set_tempo(self, bpm: float) -> None:
        """Raises `ParameterError`."""
        self._session.set_score(TEMPO.name, bpm)

    def set_count_in(self, bars: int) -> None:
        """Raises `ParameterError`."""
        self._session.set_score(COUNT_IN.name, bars)

    def set_metre(self, beats: int, unit: int) -> None:
        """Raises `ParameterError`."""
        self._session.set_score(METRE_BEATS.name, beats)
        self._session.set_score(METRE_UNIT.name, str(unit))

    def play(self) -> None:
        self._transport.play()

    def stop(self) -> None:
        self._transport.stop()

    def resume(self) -> None:
        self._transport.resume()

    def tap(self, at_s: float) -> None:
        """A tap of the foot; the tempo that comes of it is the scene's."""
        self._transport.tap(at_s)
        if self._transport.leader is None:
            self.set_tempo(self._transport.bpm)

    def nudge(self, ahead_s: float) -> None:
        self._transport.nudge(ahead_s)
