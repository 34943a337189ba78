"""Ableton Link is an extra: without aalink a sentence, with it a leader of tempo and phase."""

from __future__ import annotations

from types import ModuleType

import pytest

from studio.document.parameters import ParameterError
from studio.live.clock.link import LinkError, LinkLeader
from studio.live.clock.transport import Transport
from tests.fakes import FakeClock, is_one_sentence


class FakeLink:
    """A session of one at 120 bpm, as aalink shows it."""

    clock: FakeClock

    def __init__(self, bpm: float) -> None:
        self.tempo = bpm
        self.enabled = False
        self.num_peers = 0

    @property
    def beat(self) -> float:
        return (self.clock() - 990) * self.tempo / 60


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def leader(clock: FakeClock) -> LinkLeader:
    module = ModuleType("aalink")
    module.Link = type("Link", (FakeLink,), {"clock": clock})  # type: ignore[attr-defined]
    return LinkLeader(clock=clock, load=lambda: module)


def missing() -> ModuleType:
    raise ImportError("aalink")


def broken() -> ModuleType:
    return ModuleType("aalink")


@pytest.mark.parametrize("load", [missing, broken])
def test_without_it_there_is_one_sentence(load: object) -> None:
    with pytest.raises(LinkError) as error:
        LinkLeader(load=load)  # type: ignore[arg-type]
    assert is_one_sentence(str(error.value))


def test_the_transport_takes_tempo_and_phase(leader: LinkLeader, clock: FakeClock) -> None:
    transport = Transport(clock)
    transport.follow(leader)
    assert transport.bpm == 120
    clock.advance(0.3)
    transport.play()
    assert transport.state == "counting in" or transport.place < 0
    clock.advance(1.7)  # at 12 s of the session, 24 beats: a bar of four begins
    assert transport.place == pytest.approx(0)


def test_another_peers_tempo_is_followed(leader: LinkLeader, clock: FakeClock) -> None:
    transport = Transport(clock)
    transport.follow(leader)
    transport.play()
    clock.advance(1)
    leader.set_tempo(60)
    transport.turn()
    clock.advance(1)
    transport.turn()
    assert transport.movement.line.piece_at(clock()).bpm == 60


def test_everybodys_tempo_stays_in_range(leader: LinkLeader) -> None:
    with pytest.raises(ParameterError):
        leader.set_tempo(1000)


def test_it_says_who_is_there(leader: LinkLeader) -> None:
    assert is_one_sentence(leader.sentence)


def test_it_leaves(leader: LinkLeader) -> None:
    leader.close()
    assert leader._link.enabled is False
