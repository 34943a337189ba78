"""An engine that is closed gives everything back: models are changed all evening long."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from studio.engine.registry import Registry

_CHILD = """
import gc, sys
from studio.engine import Resources
from studio.engine.registry import Registry

registry = Registry.discover()
spec = registry.spec(sys.argv[1])

def lines(file, *beginnings):
    return [line for line in open(file) if line.startswith(beginnings)]

for turn in range(12):
    engine = registry.create(spec.name)
    engine.load(spec.models[0], Resources(device="cpu", threads=1))
    engine.close()
    del engine
    gc.collect()
    (rss,) = lines("/proc/self/status", "VmRSS")
    print(rss.split()[1], sum(".safetensors" in line for line in open("/proc/self/maps")))
"""


@pytest.mark.real
@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="reads Linux's own figures")
@pytest.mark.parametrize("engine", [spec.name for spec in Registry.discover().specs])
def test_loading_again_and_again_leaves_neither_memory_nor_mappings(engine: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _CHILD, engine], capture_output=True, text=True, check=True
    )
    figures = [tuple(map(int, line.split())) for line in ran.stdout.splitlines()]
    kilobytes, mappings = zip(*figures, strict=True)
    assert set(mappings) == {0}
    # Twelve loads; each scatters by a few megabytes, a leak is a model's size each time.
    assert min(kilobytes[-4:]) < 1.03 * max(kilobytes[:4]), kilobytes
