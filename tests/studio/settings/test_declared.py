"""Each setting has one declaration, and one place in the file."""

from __future__ import annotations

import pytest
from pydantic import BaseModel

from studio.document.frozen import DocumentError
from studio.document.parameters import Float, Int
from studio.settings.declared import SETTINGS, Setting
from studio.settings.model import Settings
from tests.fakes import is_one_sentence

UNDECLARED = {
    "outputs",
    "inputs",
    "clock_to",
    "follow",
    "action_keys",
    "sound.device",
    "sound.input",
    "osc.target",
    "output.screens",
    "output.shown_on",
    "window.tour_seen",
    "window.place",
}
"""What can only be listed at run time, and what the window remembers by itself."""


def paths(model: type[BaseModel], at: str = "") -> list[str]:
    """Of all fields of a model and of the groups in it."""
    found = []
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            found += paths(kind, f"{at}{name}.")
        else:
            found.append(at + name)
    return found


def test_every_field_is_declared_or_listed_at_run_time() -> None:
    declared = {setting.path for setting in SETTINGS}
    assert len(declared) == len(SETTINGS)
    kept = {path for path in paths(Settings) if not path.startswith("routes.")}
    assert declared | UNDECLARED == kept


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.path)
def test_a_declaration_is_the_default_the_range_and_the_words(setting: Setting) -> None:
    parameter, defaults = setting.parameter, Settings()
    assert defaults.value(setting) == parameter.initial
    assert is_one_sentence(parameter.help)
    for position in (0.0, 1.0):
        value = parameter.at(position)
        assert defaults.with_value(setting, value).value(setting) == value
    if isinstance(parameter, (Float, Int)):
        for beyond in (parameter.low - 1, parameter.high + 1):
            with pytest.raises(DocumentError):
                defaults.with_value(setting, beyond)


def test_another_value_leaves_the_rest() -> None:
    volume = next(s for s in SETTINGS if s.path == "sound.volume")
    before = Settings(outputs=("Synth",))
    after = before.with_value(volume, 0.1)
    assert after.sound.volume == 0.1
    assert after.but(sound=before.sound) == before
