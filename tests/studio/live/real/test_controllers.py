"""A controller with the real parts: a device on a JACK server is turned, and its lamp follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from threading import Event
from time import monotonic, perf_counter

import pytest

from studio.control.deck_controls import controls_of
from studio.live.controllers._source import source
from studio.live.controllers.surfaces import Surfaces
from studio.live.player.client import PlayerClient
from studio.live.player.protocol import PortState
from studio.processes.messages import Due, Received
from tests.bench.jack_server import JackServer
from tests.bench.jack_witness import Witness
from tests.fakes import Pump, fake
from tests.studio.live.player_fakes import Heard

pytestmark = [pytest.mark.real, pytest.mark.timed]
PATIENCE_S = 20.0


class Stage:
    """Two player processes: the app's, with a session behind it, and one that is the device."""

    def __init__(self, pump: Pump, server: JackServer, folder: Path, life: ExitStack) -> None:
        self.pump = pump
        self.heard, device_heard = Heard(), Heard()
        self.app, self.device = PlayerClient(self.heard), PlayerClient(device_heard)
        for client in (self.app, self.device):
            client.start()
            life.enter_context(closing(client))
        self.app.open_input("knobs", "knobs", virtual=True)
        self.app.open_output("lamps", "witness:in")
        self.heard.wait(lambda event: isinstance(event, PortState) and event.is_open, times=2)
        self.device.open_output("turns", "turns", virtual=True)
        device_heard.wait(lambda event: isinstance(event, PortState) and event.is_open)
        server.connect(
            server.wait_for_port("Latent Loom turns"), server.wait_for_port("Latent Loom knobs")
        )
        self.surfaces = Surfaces(controls_of(pump.session), send=self._light, folder=folder)
        self.surfaces.connect("knobs", "Knobs", "lamps")
        self._done = 0

    def _light(self, output: str, messages: Sequence[bytes]) -> None:
        self.app.send([Due(perf_counter(), output, data) for data in messages])

    def turn(self, *values: int) -> None:
        """Turn CC 74 through the values, five milliseconds apart."""
        began = perf_counter() + 0.05
        data = [bytes((0xB0, 74, value)) for value in values]
        self.device.send([Due(began + n / 200, "turns", each) for n, each in enumerate(data)])
        wanted = self._done + len(values)
        self.until(lambda: self._done >= wanted, "all turns arrive")

    def until(self, done: Callable[[], bool], what: str) -> None:
        """What the window's thread does, until something is so."""
        deadline = monotonic() + PATIENCE_S
        while not done():
            assert monotonic() < deadline, f"never: {what}"
            for message in self.heard.of(Received)[self._done :]:
                self.surfaces.hear(message)
                self._done += 1
            self.surfaces.tick(perf_counter())
            Event().wait(0.01)


@pytest.fixture
def stage(
    play: Callable[..., Pump], server: JackServer, witness: Witness, tmp_path: Path
) -> Iterator[Stage]:
    with ExitStack() as life:
        yield Stage(play(fake(), start=False), server, tmp_path, life)


def test_learn_play_undo_and_the_lamp(stage: Stage, witness: Witness) -> None:
    address = "/deck/1/contrast"
    before = stage.pump.scene
    stage.surfaces.learn(address)
    stage.turn(*range(40, 60))
    stage.until(lambda: stage.surfaces.learning is None, "the knob is learnt")
    (bound,) = stage.surfaces.bound(address)
    assert bound.binding.source == source("cc", 1, 74)

    stage.surfaces.use_feedback("Knobs", True)
    witness.take()
    stage.turn(*range(60, 128))  # picked up in the middle, where the value stands
    assert stage.pump.deck().parameters["contrast"] == 2

    stage.pump.session.undo()
    assert stage.pump.scene == before
    lamps: list[bytes] = []

    def lamp_is_back() -> bool:
        lamps.extend(arrival.data for arrival in witness.take())
        return bool(lamps) and lamps[-1] == bytes((0xB0, 74, 64))

    stage.until(lamp_is_back, "the lamp follows the undo")
