"""A JACK server for the tests with real parts, and a clean end of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest

from tests.bench.jack_server import JackServer, NoServerError
from tests.bench.jack_witness import Witness


@pytest.fixture(scope="package")
def server() -> Iterator[JackServer]:
    """One server for all of them; its name is in the environment while they run."""
    if sys.platform != "linux":
        pytest.skip("JACK without a sound card is tested on Linux")
    pytest.importorskip("jack", reason="JACK-Client is not installed")
    try:
        server = JackServer()
    except NoServerError as reason:
        pytest.skip(str(reason))
    before = {name: os.environ.get(name) for name in server.environment}
    os.environ.update(server.environment)
    yield server
    for name, value in before.items():
        if value is None:
            del os.environ[name]
        else:
            os.environ[name] = value
    server.stop()


@pytest.fixture
def witness(server: JackServer) -> Iterator[Witness]:
    """An ear with one input, `witness:in`."""
    witness = Witness("witness", "in")
    yield witness
    witness.close()
