"""`latentloom presets check FILE`: what is in a preset, a set list or a bundle, and whether it can
be trusted and shown here. Nothing is changed and nothing is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import typer

from studio.document.scene import Deck, Scene
from studio.engine.registry import Registry, find_engines
from studio.models.own_models import with_own_models
from studio.modulation.kinds import KINDS
from studio.presets import Preset, PresetError, Weights, document, fitted
from studio.presets.folder import set_lists
from studio.presets.plain_files import read_bounded
from studio.presets.sharing.bundles import ModelPart
from studio.presets.sharing.unpacking import Bundle, looks_like_one, opened


def run(
    file: Path, say: Callable[[str], object] = typer.echo, registry: Registry | None = None
) -> int:
    """Say what is in `file`; the command's exit status: 0 for what is sound, else 1."""
    try:
        for line in _lines(file, registry or with_own_models(find_engines())):
            say(line)
    except PresetError as error:
        say(str(error))
        return 1
    return 0


def _lines(file: Path, registry: Registry) -> Iterator[str]:
    if looks_like_one(file):
        with opened(file) as bundle:
            yield from _of_bundle(bundle, registry)
        return
    text = read_bounded(file, document.LIMIT_BYTES, "preset")
    try:
        found = set_lists.parse(text, file.name)
    except PresetError:
        yield from _of_preset(document.parse(text, file.name), registry, Weights())
    else:
        yield f"Set list: {_plain(found.name)}, {len(found.presets)} presets"


def _of_bundle(bundle: Bundle, registry: Registry) -> Iterator[str]:
    manifest = bundle.manifest
    presets = sum(part.name.endswith(".json") for part in manifest.files)
    size = sum(part.bytes for part in manifest.files)
    yield f"Bundle: {presets} presets, {len(bundle.models)} models, {_size(size)} unpacked"
    at = f"{manifest.made_at:%Y-%m-%d %H:%M}"
    yield f"  Made with Latent Loom {_plain(manifest.app_version)} at {at}"
    if manifest.set_list is not None:
        listed = len(manifest.set_list.presets)
        yield f"  Set list: {_plain(manifest.set_list.name)}, {listed} presets"
    for model in bundle.models:
        yield from _of_model(model)
        bundle.copy_model(model, None)
    own = sum(1 for _ in bundle.own_pictures())
    if own:
        yield f"Own pictures of slots: {own}"
    weights = Weights()
    for packed in bundle.presets():
        yield from _of_preset(packed.preset, registry, weights)
        bundle.thumbnail(packed)
        bundle.preview(packed)
    yield "Every file in it has the size and the SHA-256 that it should have."


def _of_model(model: ModelPart) -> Iterator[str]:
    title = _plain(model.title or model.model)
    yield f"Model: {title} ({_plain(model.engine)} {_plain(model.model)})"
    yield f"  SHA-256 {model.sha256}"
    yield f"  Licence: {_plain(model.licence) or 'not said'}"


def _of_preset(preset: Preset, registry: Registry, weights: Weights) -> Iterator[str]:
    yield f"Preset: {_plain(preset.name)}"
    by = f" by {_plain(preset.author)}" if preset.author else ""
    at = f" at {preset.made_at:%Y-%m-%d %H:%M}" if preset.made_at else ""
    yield f"  Made with Latent Loom {_plain(preset.app_version)}{by}{at}"
    if preset.tags:
        yield f"  Tags: {_plain(', '.join(preset.tags))}"
    for deck in preset.scene.decks:
        yield f"  {_of_deck(deck, preset)}"
    yield from map("  {}".format, _of_modulation(preset.scene))
    remarks = fitted(preset, registry, weights).remarks
    for remark in remarks:
        yield f"  {_plain(remark)}"
    if not remarks:
        yield "  It can be shown here as it was made."


def _of_deck(deck: Deck, preset: Preset) -> str:
    filled = sum(slot is not None for slot in deck.slots)
    named = [m for m in preset.models if (m.engine, m.model) == (deck.engine, deck.model)]
    weights = f", weights {named[0].sha256[:12]}" if named and named[0].sha256 else ""
    front = ", in front" if deck.key == preset.scene.front else ""
    return f"{_plain(deck.engine)} {_plain(deck.model)}: {filled} slots{weights}{front}"


def _of_modulation(scene: Scene) -> Iterator[str]:
    """Each modulator, and what it moves."""
    for modulator in scene.modulators:
        kind = KINDS[modulator.kind].title if modulator.kind in KINDS else modulator.kind
        said = f"Modulator {modulator.id}: {_plain(kind)}"
        if modulator.name:
            said += f", {_plain(modulator.name)}"
        moved = [c for c in scene.connections if c.modulator == modulator.id]
        ways = ", ".join(
            f"{_plain(c.target)} {c.depth:+.2f}{'' if c.on else ' (muted)'}" for c in moved
        )
        yield f"{said}; moves {ways or 'nothing'}"


def _plain(text: str) -> str:
    """`text` without what would steer a terminal, on one line."""
    return "".join(c if c.isprintable() else "?" for c in text)


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size / 1e3:.1f} kB"
