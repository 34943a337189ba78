"""`latentloom replay` and what else belongs to the stage, as commands."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from studio.document.errors import StudioError
from studio.storage import files

if TYPE_CHECKING:
    from studio.document.parameters import Value
    from studio.document.scene import Scene
    from studio.engine.registry import Registry

T = TypeVar("T")

FONT_HELP = "A SoundFont; else the one of the window's settings."
_SetList = Annotated[Path, typer.Argument(help="A set list: its name, or its file.")]


def _size(text: str | None) -> tuple[int, int] | None:
    """ "3840x2160" as numbers. Raises `StudioError`."""
    if text is None:
        return None
    try:
        width, height = (int(side) for side in text.lower().split("x"))
    except ValueError:
        width = height = 0
    if not (16 <= width <= 16384 and 16 <= height <= 16384):
        raise StudioError(f"--size wants WIDTHxHEIGHT in pixels, such as 3840x2160; not {text!r}.")
    return width, height


def replay(
    take: Annotated[Path, typer.Argument(help="The .take of a recording.")],
    *,
    out: Annotated[
        Path, typer.Option("--out", help="The film; or .wav, .flac, .ogg, .mp3, .mid, .png, .loom.")
    ],
    size: Annotated[str | None, typer.Option("--size", help="Such as 3840x2160.")] = None,
    fps: Annotated[float | None, typer.Option("--fps", min=1, max=240)] = None,
    begin: Annotated[float, typer.Option("--from", min=0, help="In seconds.")] = 0.0,
    end: Annotated[float | None, typer.Option("--to", min=0, help="In seconds.")] = None,
    model: Annotated[str | None, typer.Option("--model", help="Play it with this model.")] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", help="A parameter as NAME=VALUE; may be given again."),
    ] = None,
    device: Annotated[str, typer.Option("--device", help="auto, cuda, mps or cpu.")] = "auto",
    watched: Annotated[bool, typer.Option("--watched", hidden=True)] = False,
) -> None:
    """Render a recorded performance anew: no picture dropped, with its sound.

    A picture or a preset is that of the moment `--from`.
    """
    from studio.engine import Resources, thread_budget
    from studio.engine.registry import find_engines
    from studio.export.sound_files import is_sound, write_sound
    from studio.export.writers import PICTURES, save_picture
    from studio.models.own_models import with_own_models
    from studio.presets import document
    from studio.presets.identities import Weights, preset_of
    from studio.recording import replay as again
    from studio.recording.notes import write_notes
    from studio.recording.take import read

    found, registry = read(take), with_own_models(find_engines())
    suffix = out.suffix.lower()
    if suffix == ".mid":
        count = _put(out, lambda path: write_notes(path, found))
        typer.echo(f"{out}: {count} notes, of the whole take")
        return
    until = again.checked_span(found, begin, end, alone=suffix == ".loom" or suffix in PICTURES)
    if is_sound(out):
        seconds = _put(
            out,
            lambda path: write_sound(path, again.sound_of(found, begin, until, _complain), suffix),
        )
        typer.echo(f"{out}: {seconds:.1f} s of sound")
        return
    if suffix == ".loom":
        preset = preset_of(found.at(begin).scene, take.stem, registry, Weights())
        document.write(out, preset)
        typer.echo(f"{out}: the scene at {begin:g} s")
        return
    again.check(found, registry)
    anew = again.Anew(_size(size), model, _values(registry, found.at(0.0).scene, settings or []))
    threads = thread_budget(live=watched)
    resources = Resources(device=device, threads=threads)  # type: ignore[arg-type]
    with again.Replay(found, registry, resources, anew) as played:
        if suffix in PICTURES:
            _put(out, lambda path: save_picture(path, played.at(begin), PICTURES[suffix]))
            typer.echo(f"{out}: the picture at {begin:g} s")
            return
        if suffix != ".mp4":
            raise StudioError(f"A film is written to an .mp4; not {out.suffix or 'a plain name'}.")
        began_s = time.perf_counter()
        rate = fps or found.header.rate
        write = partial(
            again.write_film, replay=played, rate=rate, begin_s=begin, end_s=until, say=_complain
        )
        if watched:
            write = partial(write, tell=_watched())
        count = _put(out, write)
        took_s = time.perf_counter() - began_s
    width, height = played.size
    typer.echo(f"{out}: {count} pictures of {width}x{height}, {count / took_s:.1f} a second")


def _complain(sentence: str) -> None:
    typer.echo(sentence, err=True)


def _watched() -> Callable[[float], None]:
    """For a window that started us: how far it is on standard output, and an end when standard
    input ends, as it does when the window is gone. With less of the processor than the window."""
    import os
    import sys
    from contextlib import suppress
    from threading import Thread

    with suppress(OSError, AttributeError):
        os.nice(10)
    waiting = Thread(target=sys.stdin.read, daemon=True)
    waiting.start()

    def tell(share: float) -> None:
        if not waiting.is_alive():
            raise StudioError("The film was not made.")
        typer.echo(f"{share:.4f}")
        sys.stdout.flush()

    return tell


def _values(registry: Registry, scene: Scene, texts: list[str]) -> dict[str, Value]:
    from studio.commands._render import settings_of

    controls = [c for d in scene.decks for c in registry.spec(d.engine).controls(d.model)]
    return settings_of(controls, texts)


def _put(out: Path, write: Callable[[Path], T]) -> T:
    """Have `out` written, all or nothing, and return what `write` does. Raises `StudioError`."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with files.Draft(out.resolve()) as path:
            return write(path)
    except OSError as error:
        raise StudioError(f"Cannot write {out}: {error.strerror or error}.") from error


def rehearse(
    set_list: _SetList,
    device: Annotated[str, typer.Option("--device", help="auto, cuda, mps or cpu.")] = "auto",
) -> None:
    """Go through a set list before the evening: one verdict, and what is to be mended."""
    from studio.commands import _set_list
    from studio.commands._rehearsal import Rehearsing
    from studio.engine import Resources, thread_budget
    from studio.engine.registry import find_engines
    from studio.models.own_models import with_own_models
    from studio.settings.store import Store
    from studio.storage import folders

    settings = Store(folders.settings_file()).settings
    presets, mend = _set_list.presets_of(set_list, settings.files.presets_folder)
    resources = Resources(device=device, threads=thread_budget(live=True))  # type: ignore[arg-type]
    size, outputs = settings.output.size, _outputs()
    with Rehearsing(
        with_own_models(find_engines()), resources, outputs=outputs, size=size
    ) as rehearsing:
        found = rehearsing.run(presets)
    for morph in found.morphs:
        typer.echo(f"{morph.name}: worst picture {morph.worst_ms:.0f} ms at {morph.share:.0%}")
    mend += [*found.mend, *_wrong_with_computer(settings.files.recordings_folder)]
    for sentence in mend:
        typer.echo(f"Mend: {sentence}")
    typer.echo(f"{len(presets)} presets: " + ("not ready." if mend else "ready."))
    if mend:
        raise typer.Exit(1)


def bounce(
    set_list: _SetList,
    *,
    out: Annotated[Path, typer.Option("--out", help="The .wav, .flac, .ogg or .mp3 to write.")],
    bars: Annotated[int, typer.Option("--bars", min=1, help="Of each preset.")] = 16,
    font: Annotated[str | None, typer.Option("--font", help=FONT_HELP)] = None,
) -> None:
    """Write how a set list sounds, faster than it is played, each note at its own sample."""
    from studio.commands import _set_list
    from studio.engine import Resources
    from studio.engine.registry import find_engines
    from studio.export.sound_files import SUFFIXES, is_sound
    from studio.models.own_models import with_own_models
    from studio.settings.store import Store
    from studio.storage import folders

    if not is_sound(out):
        known = ", ".join(SUFFIXES)
        raise StudioError(f"Sound is written to one of: {known}; not {out.suffix or 'that'}.")
    settings = Store(folders.settings_file()).settings
    presets, wrong = _set_list.presets_of(set_list, settings.files.presets_folder)
    for sentence in wrong:
        typer.echo(sentence)
    began_s, write = time.perf_counter(), partial(
        _set_list.write_list, presets=presets, bars=bars, registry=with_own_models(find_engines()),
        resources=Resources(device="cpu"), suffix=out.suffix,
        font=settings.sound.font if font is None else font, say=_complain,
    )  # fmt: skip
    seconds = _put(out, write)
    took_s = time.perf_counter() - began_s
    typer.echo(f"{out}: {seconds:.1f} s of sound, {seconds / took_s:.1f} times as fast as played")


def _outputs() -> tuple[str, ...] | None:
    """The MIDI outputs that there are; None where the player does not say."""
    from threading import Event

    from studio.live.player.client import PlayerClient
    from studio.live.player.protocol import PortsSeen

    seen: list[PortsSeen] = []
    told = Event()

    def hear(event: object) -> None:
        if isinstance(event, PortsSeen):
            seen.append(event)
            told.set()

    player = PlayerClient(hear)
    player.start()
    told.wait(5)
    player.close()
    return tuple(seen[-1].outputs) if seen else None


def _wrong_with_computer(chosen: str) -> list[str]:
    """Memory and disk, a sentence each."""
    import os
    import shutil

    from studio.presets.folder import places
    from studio.recording.recorder import LITTLE_BYTES

    wrong = []
    folder = places.recordings(chosen)
    there = next((each for each in (folder, *folder.parents) if each.exists()), Path.cwd())
    if shutil.disk_usage(there).free < LITTLE_BYTES:
        wrong.append(f"Less than 2 GB are left on the disk of {folder}.")
    if "SC_AVPHYS_PAGES" in getattr(os, "sysconf_names", {}):
        free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        if free < LITTLE_BYTES / 4:
            wrong.append("Less than 500 MB of memory are free.")
    return wrong


def requests(
    network: Annotated[
        bool, typer.Option(help="Open the page to the network, or to this computer alone.")
    ] = False,
) -> None:
    """Open the window with the page for songs on request switched on, and leave it so."""
    from studio.commands.cli import play
    from studio.settings.store import Store
    from studio.storage import folders

    store = Store(folders.settings_file())
    asked = store.settings.requests.but(on=True, open_to_network=network)
    store.use(store.settings.but(requests=asked))
    store.keep()
    play()


def add_to(app: typer.Typer) -> None:
    """Have them listed."""
    app.command()(requests)
    app.command()(replay)
    app.command()(rehearse)
    app.command()(bounce)
