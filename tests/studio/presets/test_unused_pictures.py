"""Own pictures that nothing names go in time, and are back when something wants them."""

from __future__ import annotations

import gzip
import os
import time
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save

from studio.engine import EngineError
from studio.engine.own_pictures import OwnPictureFiles
from studio.presets.unused_pictures import UNUSED_S, put_aside

NOW_S = time.time()
OLD_S = NOW_S - UNUSED_S - 1


def test_what_a_preset_or_a_take_names_stays_and_the_rest_goes_in_two_steps(tmp_path: Path) -> None:
    pictures, presets, takes = (tmp_path / name for name in ("Own pictures", "Presets", "Takes"))
    kept = OwnPictureFiles(pictures)
    contents = [save({"numbers": np.full(4, n, np.float32)}) for n in range(5)]
    in_preset, in_take, unnamed, wanted_again, new = (kept.keep(data) for data in contents)
    (presets / ".latent-loom" / "versions").mkdir(parents=True)
    version = presets / ".latent-loom" / "versions" / "a.json"
    before = " " * (2**16 - 30)  # the name goes over the edge of what is read at once
    version.write_text(f'{before}"{in_preset}"')
    takes.mkdir()
    (takes / "cut off.take").write_bytes(gzip.compress(in_take.encode())[:-6])
    places = (presets, takes, tmp_path / "missing")

    def age(*names: str, aside: str = "") -> None:
        for name in names:
            os.utime(pictures / aside / f"{name}.safetensors", (OLD_S, OLD_S))

    def there() -> set[str]:
        return {file.stem for file in pictures.glob("*.safetensors")}

    age(in_preset, in_take, unnamed, wanted_again)
    version.chmod(0)
    if os.geteuid():  # root reads everything
        with pytest.raises(OSError, match="denied"):
            put_aside(pictures, places, NOW_S)
    version.chmod(0o600)
    damaged = takes / "damaged.take"
    damaged.write_bytes(gzip.compress(b"{}")[:10] + b"\xff" * 20)
    with pytest.raises(OSError, match="damaged"):
        put_aside(pictures, places, NOW_S)
    assert len(there()) == 5, "what it names is not known, so nothing goes"
    damaged.unlink()
    put_aside(pictures, places, NOW_S)
    assert there() == {in_preset, in_take, new}
    assert kept.read(wanted_again) == contents[3], "it is back"
    assert there() == {in_preset, in_take, new, wanted_again}

    put_aside(pictures, places, NOW_S)
    assert kept.read(unnamed) == contents[2], "there was no time since"
    age(unnamed)
    put_aside(pictures, places, NOW_S)
    age(unnamed, aside=".deleted")
    put_aside(pictures, places, NOW_S)
    with pytest.raises(EngineError, match="not on this computer"):
        kept.read(unnamed)
