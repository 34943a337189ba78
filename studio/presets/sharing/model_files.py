"""Files of other programs that become models: kept as those that come in bundles are."""

from __future__ import annotations

import hashlib
from pathlib import Path

from studio.document.errors import StudioError
from studio.engine import EngineSpec
from studio.engine.registry import resolve
from studio.presets.errors import PresetError, reason
from studio.presets.folder import names
from studio.presets.sharing.bundles import ModelPart
from studio.presets.sharing.importing import Imported
from studio.storage import files, strict_json


def take_in(file: Path, engine: EngineSpec, folder: Path) -> Imported:
    """Have `engine` make a model of `file`, in the folder of the artist's models. May take a
    minute. Raises `PresetError`."""
    assert engine.model_files
    draft = None
    try:
        make = resolve(engine.model_files.take_in, engine.title)
        describe = resolve(engine.model_files.model, engine.title)
        folder.mkdir(parents=True, exist_ok=True)
        draft = files.Draft(folder / f"{names.safe(engine.name)[:40]}.safetensors")
        make(file, draft.path)
        with draft.path.open("rb") as written:
            sha256 = hashlib.file_digest(written, "sha256").hexdigest()
        stem = f"{names.safe(engine.name)[:40]}-{names.safe(file.stem)[:40]}-{sha256[:12]}"
        weights = folder / f"{stem}.safetensors"
        name = names.safe(file.stem)[:40].replace("~", "-")
        model = describe(name, draft.path)
        part = ModelPart(
            engine=engine.name,
            model=name,
            title=model.title[:200],
            latent_size=model.latent_size,
            sha256=sha256,
            file=weights.name,
            licence=model.licence[:200],
            credit=model.credit[:2000],
        )
        said = part.said()
        del said["file"]
        files.replace(weights.with_suffix(".json"), strict_json.dumps(said))
        draft.see_to_disk()
        draft.path.replace(weights)
    except StudioError as error:
        raise PresetError(str(error)) from error
    except OSError as error:
        raise PresetError(f"The model {file.name} cannot be kept: {reason(error)}.") from error
    finally:
        if draft is not None:
            draft.drop()
    return Imported((), models=(weights,))
