"""What is on the stage now, as the autosave keeps it: the scene and what lies around it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, ValidationError

from studio import __version__
from studio.document.frozen import Frozen
from studio.document.scene import Scene
from studio.presets.document import Id, now
from studio.presets.errors import NewerError, PresetError
from studio.presets.folder.set_lists import LIMIT
from studio.presets.packing import Packer, unpacked
from studio.storage import strict_json

SNAPSHOTS = 8
_Word = Annotated[str, Field(max_length=40)]


class Working(Frozen):
    """The working state: the scene, its snapshots, and the preset that it came from."""

    schema_version: Literal[1] = 1
    kind: Literal["working state"] = "working state"
    app_version: str = Field(default=__version__, max_length=40)
    saved_at: AwareDatetime = Field(default_factory=now)
    scene: Scene
    snapshots: Annotated[
        tuple[Scene | None, ...], Field(min_length=SNAPSHOTS, max_length=SNAPSHOTS)
    ] = (None,) * SNAPSHOTS
    preset: Id | None = None
    """The preset that was opened or saved last."""
    stamp: str = Field(default="", max_length=64)
    """Of that preset's document, so that saving over it is safe after a restart too."""
    set_list: Id | None = None
    """The set list that is played."""
    place: Annotated[int, Field(ge=0, lt=LIMIT)] | None = None
    """Where one stands in it."""
    morph: dict[_Word, float | int | str | bool] = Field(default_factory=dict, max_length=16)
    """How long a morph takes: the values of `studio.scenes.morphing.MORPH_PARAMETERS`."""
    glides: bool = False
    """Whether scenes that are called up come by a morph."""


def text_of(working: Working, packer: Packer | None = None) -> bytes:
    """The document of `working`; a `packer` that is kept from the last time makes it quick."""
    packer = packer or Packer()
    data = working.model_dump(mode="json", exclude={"scene", "snapshots"})
    data["scene"] = packer.packed(working.scene)
    data["snapshots"] = [s and packer.packed(s) for s in working.snapshots]
    return strict_json.dumps(data)


def parse(text: bytes) -> Working:
    """The working state in `text`. Raises `PresetError`."""
    try:
        data = strict_json.loads(text)
        if isinstance(data, dict):
            _check_version(data)
            unpacked(data.get("scene"))
            for snapshot in data.get("snapshots") or ():
                unpacked(snapshot)
        return Working.model_validate(data)
    except (ValidationError, ValueError, TypeError) as error:
        raise PresetError("The state that was kept is damaged.") from error


def _check_version(data: dict[str, Any]) -> None:
    version = data.get("schema_version")
    if isinstance(version, int) and version > 1:
        raise NewerError("The state that was kept is a newer Latent Loom's; it stays untouched.")
