"""Set lists: presets in the order in which they are played. Each is a small document of its own."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from threading import RLock
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from studio.document.frozen import Frozen
from studio.presets.document import Id, Title, new_id
from studio.presets.errors import NewerError, PresetError
from studio.presets.folder import names, trash
from studio.presets.folder._vault import ChangedError, Vault
from studio.presets.folder.entries import stamp_of
from studio.presets.folder.finding import natural
from studio.presets.folder.trash import Deleted
from studio.storage import strict_json

FOLDER = "Set lists"
"""In the folder of the artist's presets."""
LIMIT = 1000
"""Presets in one list."""
_LIMIT_BYTES = 200_000


class SetList(Frozen):
    """Presets by their ids, in order; one may come twice."""

    refusal = PresetError

    schema_version: Literal[1] = 1
    kind: Literal["set list"] = "set list"
    id: Id = Field(default_factory=new_id)
    name: Title
    presets: Annotated[tuple[Id, ...], Field(max_length=LIMIT)] = ()


class SetLists:
    """The set lists in `folder`, which is made when the first one is saved."""

    def __init__(self, folder: Path) -> None:
        self._vault = Vault(folder, "set list", _LIMIT_BYTES)
        self._lock = RLock()
        self._held: dict[str, tuple[SetList, str, str]] = {}  # by id: list, file name, stamp

    @property
    def all(self) -> tuple[SetList, ...]:
        """By name. Never waits for a disk."""
        lists = (held for held, _, _ in self._held.values())  # never changed, only replaced
        return tuple(sorted(lists, key=lambda each: natural(each.name)))

    def get(self, id: str) -> SetList:
        """The list with this id. Raises `PresetError`."""
        found = self._held.get(id)
        if found is None:
            raise PresetError("The set list is not there any more.")
        return found[0]

    def refresh(self) -> bool:
        """Read the folder again; whether it holds something else now."""
        with self._lock:
            before = self._held
            with suppress(PresetError):  # a folder that cannot be read: what was known stays
                self._held = self._read_all()
            return self._held != before

    def _read_all(self) -> dict[str, tuple[SetList, str, str]]:
        held: dict[str, tuple[SetList, str, str]] = {}
        for name in sorted(self._vault.scan(), key=lambda name: (len(name), name)):
            with suppress(PresetError):
                text = self._vault.read(name)
                found = parse(text, name)
                held.setdefault(found.id, (found, name, stamp_of(text)))
        return held

    def save(self, wanted: SetList) -> SetList:
        """Keep a list, new or changed. What somebody else has made of it since stays beside it:
        then the answer has another id and name. Raises `PresetError`."""
        with self._lock:
            text = _text(wanted)
            if wanted.id not in self._held:
                self._vault.create(names.safe(wanted.name), text)
            else:
                _, name, seen = self._held[wanted.id]
                try:
                    self._vault.replace(name, text, seen)
                    self._vault.rename(name, names.safe(wanted.name))
                except ChangedError:
                    wanted = wanted.but(id=new_id(), name=f"{wanted.name[:110]} 2")
                    self._vault.create(names.safe(wanted.name), _text(wanted))
            self.refresh()
            return wanted

    def delete(self, id: str) -> Deleted:
        """Take a list away; `restore` brings it back. Raises `PresetError`."""
        with self._lock:
            self.get(id)
            with self._vault.changing():
                file = self._vault.folder / self._held[id][1]
                deleted = trash.throw_away(self._vault.hidden / "trash", [file])
            self.refresh()
            return deleted

    def restore(self, deleted: Deleted) -> None:
        """Undo a deletion. Raises `PresetError`."""
        with self._lock, self._vault.changing():
            trash.bring_back(deleted, self._vault.folder)
            self.refresh()


def parse(text: bytes, name: str) -> SetList:
    """The set list in `text`. Raises `PresetError`."""
    try:
        data = strict_json.loads(text)
    except ValueError as error:
        raise PresetError(f"The file {name} is not a set list: it is damaged.") from error
    version = data.get("schema_version") if isinstance(data, dict) else None
    if isinstance(version, int) and version > 1:
        raise NewerError(f"The set list {name} was made by a newer Latent Loom; it stays as it is.")
    return _valid(data, f"the file {name}")


def _valid(data: Any, what: str) -> SetList:
    try:
        return SetList.model_validate(data)
    except ValidationError as error:
        raise PresetError(f"{what[:1].upper()}{what[1:]} is not a set list.") from error


def _text(set_list: SetList) -> bytes:
    return strict_json.dumps(set_list.model_dump(mode="json"))
