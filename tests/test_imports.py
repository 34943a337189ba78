"""The window is visible before torch is imported: nothing that it needs first brings torch along.

Nor Qt: the command line, the tests and other people's programs use `studio` without a window.
"""

from __future__ import annotations

import pkgutil

import pytest

import engines
import studio
from tests.witness import HEAVY, ROOT, loaded_by

STUDIO = [
    "studio",
    *(
        module.name
        for module in pkgutil.walk_packages(studio.__path__, "studio.")
        if not module.name.endswith("__main__")  # it would run
    ),
]
SPECS = [
    f"engines.{module.name}.spec"
    for module in pkgutil.iter_modules(engines.__path__)
    if module.name != "common"
]


@pytest.mark.parametrize("module", [*STUDIO, "engines", *SPECS])
def test_it_loads_neither_torch_nor_the_window(module: str) -> None:
    assert loaded_by([*STUDIO, "engines", *SPECS])[module] == []


def test_the_witness_would_tell() -> None:
    assert loaded_by(["json", "email.mime"], heavy=["email"]) == {
        "json": [],
        "email.mime": ["email"],
    }
    ((error,),) = loaded_by(["a_module_that_nobody_has"]).values()
    assert "ModuleNotFoundError" in error
    assert HEAVY


def test_there_is_something_to_look_at() -> None:
    assert "studio.session._session" in STUDIO
    assert (ROOT / "engines" / "common").is_dir()
