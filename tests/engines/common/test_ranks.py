"""Several processes that learn one model, started as a user starts them: by `torchrun`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from engines.common.training import LOG
from tests.engines.common import two_ranks
from tests.ports import free_tcp

CLOSE = 1e-3
"""So near are losses, as a share of them: sums of single precision in another order."""


def _losses(folder: Path, kind: str) -> list[dict[str, float]]:
    lines = (folder / kind / LOG).read_text().splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.real
@pytest.mark.skipif(sys.platform != "linux", reason="the two meet on Linux's loopback device")
def test_two_processes_learn_what_one_does_with_twice_the_batch_and_one_goes_on(tmp_path: Path):
    """All three engines: begun by two processes that were stopped half-way, ended by one."""
    # By number: torchrun's --standalone wants this machine's own name to lead somewhere.
    meet = ("--nnodes", "1", "--master-addr", "127.0.0.1", "--master-port", str(free_tcp()))
    torchrun = ("-m", "torch.distributed.run", *meet, "--nproc-per-node", "2")
    subprocess.run(
        [sys.executable, *torchrun, "-m", "tests.engines.common.two_ranks", tmp_path / "two"],
        cwd=Path(__file__).parents[3],
        env={**os.environ, "OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": "lo"},
        check=True,
        capture_output=True,
        timeout=240,
    )
    assert sorted(path.name for path in (tmp_path / "two").iterdir()) == sorted(two_ranks.KINDS), (
        "only the first writes"
    )
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    for kind in two_ranks.KINDS:
        two_ranks.training(kind, tmp_path / "one", 2).run()
        two_ranks.training(kind, tmp_path / "two", 2).run()
        one, two = (_losses(tmp_path / which, kind) for which in ("one", "two"))
        assert [entry["step"] for entry in two] == list(range(1, two_ranks.STEPS + 1))
        for expected, entry in zip(one, two, strict=True):
            for name in expected.keys() - {"seconds", "psnr"}:  # that is a mean of logarithms
                assert entry[name] == pytest.approx(expected[name], rel=CLOSE, abs=1e-4), (
                    f"{name} of {kind} in step {entry['step']}"
                )
    torch.set_num_threads(before)
