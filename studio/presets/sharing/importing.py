"""What is dropped on the window: presets and bundles, taken into the artist's library."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from safetensors import SafetensorError, safe_open

from studio.engine import EngineError, Pixels
from studio.engine.own_pictures import OwnPictureFiles
from studio.presets import document
from studio.presets.document import Preset, new_id
from studio.presets.errors import PresetError, reason
from studio.presets.folder import names, set_lists
from studio.presets.folder import thumbnails as pictures
from studio.presets.folder.entries import PresetEntry, look_of
from studio.presets.folder.library import Library
from studio.presets.folder.set_lists import SetList
from studio.presets.plain_files import read_bounded
from studio.presets.sharing.bundles import ModelPart
from studio.presets.sharing.unpacking import Bundle, Packed, looks_like_one, opened
from studio.storage import files, strict_json

_SAME = (
    "The preset {} is in your library already.",
    "Of these presets, {} are in your library already.",
)
_BESIDE = (
    "Your own preset {} is another one, so this was put beside it.",
    "Of these presets, {} differ from your own, so they were put beside them.",
)


@dataclass(frozen=True)
class Imported:
    """What came in, and a sentence for all that is not as one might expect."""

    entries: tuple[PresetEntry, ...]
    set_list: SetList | None = None
    models: tuple[Path, ...] = ()
    remarks: tuple[str, ...] = ()


def take_in(file: Path, library: Library, models: Path | None = None) -> Imported:
    """Take the preset or the bundle `file` into `library`; weights that come along go to the
    folder `models` (None leaves them out), own pictures to the artist's. Raises `PresetError`;
    what came before it stays.

    A preset that is there already, equal to the last bit, is not taken twice; one with the same
    identity and other content becomes another preset.
    """
    if not looks_like_one(file):
        return _single(file, library)
    with opened(file) as bundle:
        for _ in bundle.presets():
            pass  # all of them are sound before the first is kept
        for _ in bundle.own_pictures():
            pass
        return _unpacked(bundle, library, models)


def _single(file: Path, library: Library) -> Imported:
    """A preset or a set list that travels alone."""
    text = read_bounded(file, document.LIMIT_BYTES, "preset")
    try:
        listed = set_lists.parse(text, file.name)
    except PresetError:
        preset = document.parse(text, file.name)
        picture = pictures.thumbnail(file.with_suffix(".png"), look_of(preset))
        arrived = _Arrivals(library)
        entries = tuple(arrived.added(((preset, picture),)))
        return Imported(entries, remarks=arrived.remarks)
    missing = set(listed.presets) - {entry.id for entry in library.entries}
    lacks = f"Of the presets in the set list {listed.name}, {len(missing)} are not here."
    return Imported((), _kept(listed, library), remarks=(lacks,) if missing else ())


def _unpacked(bundle: Bundle, library: Library, models: Path | None) -> Imported:
    arrived, own = _Arrivals(library), OwnPictureFiles()
    for data in bundle.own_pictures():
        _keep_own(own, data, bundle.called)
    entries = arrived.added((p.preset, _picture(bundle, p)) for p in bundle.presets())
    for packed, entry in zip(bundle.presets(), entries, strict=True):
        film = bundle.preview(packed)
        if film is not None:
            library.keep_preview(entry.id, film)
    weights = [] if models is None else [_model(bundle, part, models) for part in bundle.models]
    listed = _set_list(bundle, library, arrived.ours)
    return Imported(tuple(entries), listed, tuple(weights), arrived.remarks)


def _keep_own(own: OwnPictureFiles, data: bytes, called: str) -> None:
    try:
        own.keep(data)
    except EngineError as error:
        raise PresetError(f"The bundle {called} cannot be taken in: {error}") from error


class _Arrivals:
    """Presets on their way into a library, and what became of their identities."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._had = {entry.id for entry in library.entries}
        self.ours: dict[str, str] = {}
        """By the id that a preset came with, the one that it has here."""
        self._same: list[str] = []
        self._beside: list[str] = []

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the artist is told, in one sentence each."""
        said = (_said(self._same, _SAME), _said(self._beside, _BESIDE))
        return tuple(sentence for sentence in said if sentence)

    def added(self, arriving: Iterable[tuple[Preset, Pixels | None]]) -> list[PresetEntry]:
        """Their entries, in order, when those that are new have been saved."""
        order: list[str] = []
        self._library.add_many(self._new(arriving, order))
        return [self._library.entry(id) for id in order]

    def _new(
        self, arriving: Iterable[tuple[Preset, Pixels | None]], order: list[str]
    ) -> Iterator[tuple[Preset, Pixels | None]]:
        for preset, picture in arriving:
            kept = self._kept(preset)
            self.ours.setdefault(preset.id, kept.id)
            order.append(kept.id)
            if kept.id not in self._had:
                yield kept, picture

    def _kept(self, preset: Preset) -> Preset:
        """`preset` with the identity that it will have here."""
        if preset.id not in self._had:
            return preset if preset.id not in self.ours else preset.but(id=new_id())
        if self._is_ours(preset):
            self._same.append(preset.name)
            return preset
        self._beside.append(preset.name)
        return preset.but(id=new_id())

    def _is_ours(self, preset: Preset) -> bool:
        try:
            return self._library.open(preset.id).preset == preset
        except PresetError:  # ours is damaged
            return False


def _said(names: list[str], sentences: tuple[str, str]) -> str:
    """The sentence for one, or for many, or nothing."""
    if len(names) < 2:
        return "".join(sentences[0].format(name) for name in names)
    return sentences[1].format(len(names))


def _picture(bundle: Bundle, packed: Packed) -> Pixels | None:
    """The thumbnail, drawn anew from its pixels; None where it is missing, damaged or another's."""
    png = bundle.thumbnail(packed)
    try:
        pixels, look = pictures.pixels_of(png or b"")
    except PresetError:
        return None
    return pixels if look == look_of(packed.preset) else None


def _set_list(bundle: Bundle, library: Library, came: dict[str, str]) -> SetList | None:
    wanted = bundle.manifest.set_list
    if wanted is None:
        return None
    presets = tuple(came[id] for id in wanted.presets if id in came)
    return _kept(wanted.but(presets=presets), library)


def _kept(wanted: SetList, library: Library) -> SetList:
    """The list, saved; beside one's own of the same identity if that is another by now."""
    held = {each.id: each for each in library.set_lists.all}
    if held.get(wanted.id) == wanted:
        return wanted
    return library.set_lists.save(wanted.but(id=new_id()) if wanted.id in held else wanted)


def _model(bundle: Bundle, part: ModelPart, folder: Path) -> Path:
    """The weights, in a file whose name says what they are and which hash they have."""
    stem = f"{names.safe(part.engine)[:40]}-{names.safe(part.model)[:40]}-{str(part.sha256)[:12]}"
    file = folder / f"{stem}.safetensors"
    if file.exists():
        return file
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with files.Draft(file) as path:
            with path.open("wb") as out:
                bundle.copy_model(part, out)
            _check_weights(path, bundle.called)
        said = part.said()
        del said["file"]
        _keep_picture(bundle.model_picture(part), file.with_suffix(".png"))
        files.replace(file.with_suffix(".json"), strict_json.dumps(said))
    except OSError as error:
        raise PresetError(f"The model {part.title} cannot be kept: {reason(error)}.") from error
    return file


def _keep_picture(png: bytes | None, file: Path) -> None:
    """Drawn anew from its pixels; nothing where it is missing or damaged."""
    try:
        files.replace(file, pictures.png_of(pictures.pixels_of(png or b"")[0], ""))
    except PresetError:
        return


def _check_weights(file: Path, called: str) -> None:
    try:
        with safe_open(file, "numpy") as weights:
            weights.keys()
    except SafetensorError as error:
        raise PresetError(f"The weights in the bundle {called} are damaged.") from error
