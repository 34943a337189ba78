"""The artist's models folder and what is done with it: kept, renamed, deleted, given away."""

from __future__ import annotations

import re
import shutil
import uuid
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from psygnal import Signal

from studio.engine import ModelSpec, Pixels
from studio.engine.registry import Registry
from studio.models import cards
from studio.models.cards import OwnModel
from studio.presets.errors import PresetError, reason
from studio.presets.folder import names, places, trash
from studio.presets.folder import thumbnails as pictures
from studio.presets.identities import Weights
from studio.presets.sharing import bundles
from studio.presets.sharing.bundles import MODEL_ENDING, Made, ModelPart
from studio.storage import files, strict_json

TRASH = ".deleted"
_MARK = re.compile(r"[0-9a-f]{6}\Z")


class OwnModels:
    """The models in `folder`, which `registry` has beside the engines' own from `refresh` on.

    `changed` is emitted when there are others than before, or they are called otherwise. Methods
    that write raise `PresetError` with one sentence. A model that is deleted can still be played by
    the decks that have it, and by a scene that undo brings back, until the instrument ends.
    """

    changed = Signal()

    def __init__(self, registry: Registry, folder: Path) -> None:
        self.registry, self.folder = registry, folder
        self._weights = Weights()
        self._gone: dict[str, OwnModel] = {}
        """Deleted in this session, by engine and name; they lie in the trash."""
        self._deleted: list[trash.Deleted] = []
        self.all: tuple[OwnModel, ...] = ()
        """Oldest first."""

    @classmethod
    def at_home(cls, registry: Registry) -> OwnModels:
        """Those in this artist's folder. Raises RuntimeError where there is no home."""
        models = cls(registry, places.models())
        models.refresh()
        return models

    def refresh(self) -> None:
        """Read the folder anew."""
        found, brought = [], {s.name: list(s.models) for s in self.registry.shipped}
        retired = set()
        for model in (*cards.read(self.folder), *self._gone.values()):
            known = brought.get(model.part.engine)
            spec = self._spec(model, known or [])
            if known is None or spec is None or spec.name in {m.name for m in known}:
                continue
            known.append(spec)
            if model in self._gone.values():
                retired.add((model.part.engine, spec.name))
            else:
                found.append(replace(model, name=spec.name))
        self.registry.use(brought, retired)
        self.all = tuple(found)
        self.changed.emit()

    def _spec(self, model: OwnModel, known: list[ModelSpec]) -> ModelSpec | None:
        for spec in self.registry.shipped:
            if spec.name == model.part.engine:
                return cards.spec_of(model, spec, {m.name for m in known})
        return None

    def find(self, engine: str, name: str) -> OwnModel | None:
        """The model that a deck of this engine calls so."""
        fitting = (m for m in self.all if (m.part.engine, m.name) == (engine, name))
        return next(fitting, None)

    # -- what is done with them ----------------------------------------------------------------

    def store(
        self,
        weights: Path,
        *,
        engine: str,
        title: str,
        latent_size: int,
        made: Made,
        mark: str,
        licence: str = "",
        picture: Pixels | None = None,
    ) -> str:
        """Take `weights` in as a model that was learnt, in place of an older one of the same
        `mark` (six hexadecimal digits), and say what its engine calls it: after a `refresh`, with
        its next load, the deck that plays it has the new one. Copies and hashes: on any thread.
        """
        assert _MARK.match(mark)
        spec = self.registry.spec(engine)
        assert spec.learns is not None
        older = self.find(engine, f"{spec.learns.model.name}~{mark}")
        stem = f"{names.safe(engine)[:40]}-{mark}-{uuid.uuid4().hex[:6]}"
        file = self.folder / f"{stem}.safetensors"
        part = ModelPart(
            engine=engine,
            model=f"{spec.learns.model.name}~{mark}",
            title=older.part.title if older else title,
            latent_size=latent_size,
            sha256=self._weights.sha256(weights),
            file=file.name,
            licence=older.part.licence if older else licence,
            made=made,
        )
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with files.Draft(file) as draft:
                shutil.copyfile(weights, draft)
            if picture is not None:
                files.replace(file.with_suffix(".png"), pictures.png_of(picture, ""))
            self._write(OwnModel(part, file))
            for old in older.files if older else ():
                old.unlink(missing_ok=True)
        except OSError as error:
            raise PresetError(f"The model {title} cannot be kept: {reason(error)}.") from error
        return part.model

    def change(self, model: OwnModel, *, title: str, licence: str) -> None:
        """Call it otherwise, and say under what conditions others may use it."""
        title = title.strip()[:120]
        if not title:
            raise PresetError("A model needs a name.")
        part = model.part.but(title=title, licence=licence.strip()[:200])
        try:
            self._write(replace(model, part=part))
        except OSError as error:
            raise PresetError(f"The model cannot be renamed: {reason(error)}.") from error
        self.refresh()

    def delete(self, model: OwnModel) -> None:
        """Move it to the trash; `undo_delete` brings it back."""
        try:
            deleted = trash.throw_away(self.folder / TRASH, model.files)
        except OSError as error:
            raise PresetError(f"The model cannot be deleted: {reason(error)}.") from error
        self._deleted.append(deleted)
        there = deleted.folder / model.weights.name
        self._gone[str(deleted.folder)] = replace(model, weights=there)
        self.refresh()

    @property
    def can_undo(self) -> bool:
        """Whether something was deleted in this session."""
        return bool(self._deleted)

    def undo_delete(self) -> None:
        """Bring back what was deleted last."""
        if not self._deleted:
            return
        last = self._deleted.pop()
        try:
            trash.bring_back(last, self.folder)
        except OSError as error:
            raise PresetError(f"The model cannot be brought back: {reason(error)}.") from error
        self._gone.pop(str(last.folder), None)
        self.refresh()

    def give_away(self, model: OwnModel, file: Path) -> Path:
        """Write it to one file for others; the file, with its ending."""
        file = file.with_suffix(MODEL_ENDING)
        part = model.part.but(file=f"models/{model.weights.name}")
        picture = model.picture.read_bytes() if model.picture.exists() else None
        bundles.write_model(file, part, model.weights, picture)
        return file

    def _write(self, model: OwnModel) -> None:
        said = model.part.said()
        del said["file"]
        files.replace(model.card, strict_json.dumps(said))


def with_own_models(registry: Registry) -> Registry:
    """`registry`, with the models in this artist's folder from now on."""
    with suppress(OSError, RuntimeError):  # no home: there are none
        OwnModels.at_home(registry)
    return registry


def new_mark() -> str:
    """What a new model is known by, whatever it is called."""
    return uuid.uuid4().hex[:6]
