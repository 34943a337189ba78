"""The training that a test kills: says after every step how far it is."""

from __future__ import annotations

import sys
from pathlib import Path

import torch

from tests.engines.common.test_training import training

if __name__ == "__main__":
    torch.set_num_threads(1)
    run = training(Path(sys.argv[1]), steps=12)
    save = run.save

    def save_and_say() -> None:
        save()
        print("done", run.step, flush=True)

    run.save = save_and_say  # type: ignore[method-assign]
    run.run()
