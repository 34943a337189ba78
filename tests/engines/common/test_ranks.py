"""Several processes that learn one model, started as a user starts them: by `torchrun`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from engines.common.training import CHECKPOINT, LOG
from studio.training.runs import Run
from tests import training_fakes
from tests.engines.common import two_ranks
from tests.ports import free_tcp

CLOSE = 1e-3
"""So near are losses, as a share of them: sums of single precision in another order."""


def _losses(folder: Path, kind: str) -> list[dict[str, float]]:
    lines = (folder / kind / LOG).read_text().splitlines()
    return [json.loads(line) for line in lines]


def _stopped_by_ctrl_c(folder: Path) -> Path:
    """The folder of a run that two processes were at when Ctrl-C came, after the trainings in
    `folder / "two"`."""
    # By number: torchrun's --standalone wants this machine's own name to lead somewhere.
    meet = ("--nnodes", "1", "--master-addr", "127.0.0.1", "--master-port", str(free_tcp()))
    torchrun = ("-m", "torch.distributed.run", *meet, "--nproc-per-node", "2")
    program = ("-m", "tests.engines.common.two_ranks", folder / "two")
    pictures = training_fakes.write_pictures(folder / "leaves", 8)
    run = Run(folder / "run")
    with subprocess.Popen(
        [sys.executable, *torchrun, "--redirects", "3", "--log-dir", folder / "said", *program,
         pictures, run.folder],
        cwd=Path(__file__).parents[3],
        env={**os.environ, "OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": "lo"},
        stderr=subprocess.DEVNULL,  # torchrun itself tells of a signal as of a fault
    ) as started:  # fmt: skip
        until = time.monotonic() + 240
        while started.poll() is None and not run.status.step:
            if time.monotonic() > until:
                started.kill()
            time.sleep(0.05)
        started.send_signal(signal.SIGINT)
    return run.folder


@pytest.mark.real
@pytest.mark.skipif(sys.platform != "linux", reason="the two meet on Linux's loopback device")
def test_two_processes_learn_what_one_does_with_twice_the_batch_and_one_goes_on(tmp_path: Path):
    """All three engines: begun by two processes that were stopped half-way, ended by one."""
    run = Run(_stopped_by_ctrl_c(tmp_path))
    first, second = sorted((tmp_path / "said").glob("*/attempt_0/*"))
    assert "It can go on from here." in (first / "stdout.log").read_text().splitlines()[-1]
    assert (second / "stdout.log").read_text() == "", "only the first speaks"
    for each in (first, second):
        assert "Traceback" not in (each / "stderr.log").read_text()
    assert run.status.state == "stopped"
    assert (run.folder / CHECKPOINT).exists()
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
