"""Ways to other programs: a stream that a real receiver takes, the others with fakes."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from studio.outputs.room import OutputRoom
from studio.outputs.sink import Frame
from studio.outputs.sinks.camera import ABSENT, VirtualCamera
from studio.outputs.sinks.declared import SINKS, SinkSwitches
from studio.outputs.sinks.sharing import Ndi, Spout, Syphon
from studio.outputs.sinks.stream import NetworkStream
from studio.settings.model import OutputSettings
from tests.fakes import is_one_sentence
from tests.ports import free_udp

PIXELS = np.full((90, 160, 3), 7, np.uint8)

RECEIVER = """
import json, sys, time, av
with av.open(sys.argv[1], format="mpegts", options={"fflags": "nobuffer", "probesize": "100000",
             "analyzeduration": "500000"}, timeout=(20, 5)) as stream:
    seen = []
    for frame in stream.decode(video=0):
        grey = float(frame.to_ndarray(format="gray").mean())
        seen.append((time.perf_counter(), frame.width, frame.height, grey))
        if len(seen) == 45:
            break
print(json.dumps(seen))
"""


@pytest.mark.timeout(60)
def test_a_stream_is_received_by_another_process() -> None:
    address = f"udp://127.0.0.1:{free_udp()}"
    receiver = subprocess.Popen(
        [sys.executable, "-c", RECEIVER, address], stdout=subprocess.PIPE, text=True
    )
    stream = NetworkStream(address)
    assert stream.missing() == ""
    stream.open(160, 90, 60.0)
    bright_s = None
    while receiver.poll() is None:
        if stream.sent > 25 and bright_s is None:
            bright_s = time.perf_counter()
        level = 200 if bright_s else 20
        stream.send(Frame(np.full((90, 160, 3), level, np.uint8), time.perf_counter(), 0.0))
        time.sleep(0.01)
    stream.close()
    stream.close()
    out, _ = receiver.communicate()
    seen = json.loads(out)
    assert {(width, height) for _, width, height, _ in seen} == {(160, 90)}
    rate = (len(seen) - 1) / (seen[-1][0] - seen[0][0])
    assert rate > 15
    assert receiver.returncode == 0


def test_an_address_that_cannot_be_sent_to_is_one_sentence() -> None:
    for address in ("nothing://there", "srt://127.0.0.1:1"):
        with pytest.raises(OSError, match=r"cannot be sent to") as raised:
            NetworkStream(address).open(160, 90, 60.0)
        assert is_one_sentence(str(raised.value))


class FakeOut:
    """Stands in for what `av.open` gives."""

    def __init__(self) -> None:
        self.muxed: list[Any] = []
        self.closed = 0

    def add_stream(self, codec: str, rate: Any) -> Any:
        return SimpleNamespace(encode=lambda picture: (codec, picture.format.name, picture.width))

    def mux(self, packet: Any) -> None:
        self.muxed.append(packet)

    def close(self) -> None:
        self.closed += 1


@pytest.mark.skipif(sys.platform != "linux", reason="a camera of Linux")
def test_a_virtual_camera_writes_to_the_first_device(tmp_path: Path) -> None:
    out, opened = FakeOut(), []
    camera = VirtualCamera(tmp_path, lambda device: opened.append(device) or out)
    assert camera.missing() == ABSENT
    with pytest.raises(OSError, match="v4l2loopback"):
        camera.open(160, 90, 30.0)
    (tmp_path / "video9").mkdir()
    assert camera.missing() == ""
    camera.open(160, 90, 30.0)
    camera.send(Frame(PIXELS, 0.0, 0.0))
    camera.close()
    camera.close()
    assert (opened, out.muxed, out.closed) == (
        ["/dev/video9"],
        [("rawvideo", "yuv420p", 160)],
        1,
    )


class Library:
    """A library whose every object remembers what was done with it."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, tuple[Any, ...]]] = []

    def load(self, module: str) -> Any:
        return self

    def __getattr__(self, name: str) -> Any:
        if name in ("FourCC", "device", "RGBX"):
            return name

        def call(*given: Any) -> Any:
            self.calls.append((name, given))
            return self

        return call

    def names(self) -> list[str]:
        return [name for name, _ in self.calls]


@pytest.mark.parametrize(
    ("kind", "platform", "begun", "sent", "ended"),
    [
        (Ndi, "linux", "open", "write_video_async", "close"),
        (Spout, "win32", "setSenderName", "sendImage", "releaseSender"),
        (Syphon, "darwin", "create_mtl_texture", "publish_frame_texture", "stop"),
    ],
)
def test_sharing_speaks_to_its_library(
    kind: Any, platform: str, begun: str, sent: str, ended: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", platform)
    library = Library()
    monkeypatch.setattr(Library, "RGBX", "RGBX", raising=False)
    monkeypatch.setattr(Library, "FourCC", SimpleNamespace(RGBX=1), raising=False)
    sink = kind(library.load)
    assert sink.missing() == ""
    sink.open(160, 90, 60.0)
    sink.send(Frame(PIXELS, 0.0, 0.0))
    sink.close()
    sink.close()
    names = library.names()
    assert names.index(begun) < names.index(sent) < names.index(ended)
    assert names.count(ended) == 1


@pytest.mark.parametrize("kind", [Ndi, Spout, Syphon])
def test_what_is_missing_is_one_sentence(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(module: str) -> Any:
        raise ImportError(module)

    assert is_one_sentence(kind(absent).missing())
    monkeypatch.setattr("sys.platform", kind.platform or "linux")
    assert "pip install" in kind(absent).missing()


def test_a_library_that_fails_ends_its_sink_with_a_sentence() -> None:
    sink = Ndi(lambda module: SimpleNamespace())
    with pytest.raises(OSError, match="NDI cannot be started") as raised:
        sink.open(160, 90, 60.0)
    assert is_one_sentence(str(raised.value))


def test_a_sink_is_off_until_it_is_switched_on_and_says_what_leaves() -> None:
    room = OutputRoom(lambda: None)
    switches = SinkSwitches(room, OutputSettings)
    said: list[str] = []
    switches.noticed.connect(said.append)
    assert not any(switches.is_on(kind.key) for kind in SINKS)
    switches.toggle("stream")
    assert switches.is_on("stream")
    assert "to this computer" in said[-1]
    switches.toggle("stream")
    assert not switches.is_on("stream")
    switches.toggle("spout")
    assert said[-1].startswith("Spout is for Windows")
    room.close()
