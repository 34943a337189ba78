"""`latentloom` and its commands. Errors are one sentence and exit status 1; traces are bugs."""

from __future__ import annotations

import gc
import importlib
import inspect
import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, cast, get_args

import typer

from studio import __version__
from studio.commands import _preset_commands, _stage
from studio.document.errors import StudioError
from studio.document.seeds import fresh_seed
from studio.engine import DeviceChoice, EngineError, EngineSpec, Resources, thread_budget
from studio.engine.registry import Registry, find_engines, resolve
from studio.models.own_models import with_own_models
from studio.processes.packaged import is_packaged, remedy
from studio.setup.system import window_problem
from studio.storage import files, logs

if TYPE_CHECKING:  # tables are for reports: the window is there sooner without
    from studio.commands.report import Row

app = typer.Typer(
    name="latentloom",
    help="A desktop instrument for artists: generators of pictures and tunes, blended by hand.",
    add_completion=False,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

_PRESETS = (".loom", ".loommodel", ".json")
_CHECKOUT = Path(__file__).resolve().parents[2]

_Engine = Annotated[str, typer.Argument(help="The engine's name, as `doctor` lists it.")]
_EngineOption = Annotated[str | None, typer.Option("--engine", help="The engine's name.")]
_Model = Annotated[str | None, typer.Option("--model", help="The model; the first by default.")]
_Device = Annotated[str, typer.Option("--device", help="auto, cuda, mps, cpu or openvino.")]
_Json = Annotated[Path | None, typer.Option("--json", help="Write the figures to this file.")]


@app.callback(invoke_without_command=True)
def _default(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        typer.echo(f"Latent Loom {__version__}")
    elif context.invoked_subcommand is None:
        play()


@app.command()
def play(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Presets and bundles to open in it.")
    ] = None,
    device: _Device = "auto",
) -> None:
    """Open the window; `latentloom FILE` does it too."""
    if problem := window_problem():  # Qt would end the process without a word of ours
        _stop(problem)
    resources = Resources(device=_device(device), threads=thread_budget(live=True))
    gc.disable()  # until the window is there: a tenth of the time to it, for nothing
    try:
        window = resolve("ui.app:main", "The window")
        status = window(resources, files or ())
    finally:
        gc.enable()
    raise typer.Exit(status)


@app.command()
def render(
    preset: Annotated[Path | None, typer.Argument(help="A preset; else a sample.")] = None,
    *,
    out: Annotated[Path, typer.Option("--out", help="The PNG to write; or JPEG, SVG.")],
    engine: _EngineOption = None,
    model: _Model = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Same seed, same picture.")] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", help="A parameter as NAME=VALUE; may be given again."),
    ] = None,
    beat: Annotated[float, typer.Option("--beat", min=0, help="Of a preset: when.")] = 0.0,
    device: _Device = "auto",
) -> None:
    """Render to a file: what a preset shows at a beat, or one sample of an engine."""
    from studio.commands._render import Score, save, settings_of
    from studio.engine.offline import opened
    from studio.export.writers import PICTURES

    suffix = out.suffix.lower()
    if suffix not in (*PICTURES, ".svg"):
        known = ", ".join((*PICTURES, ".svg"))
        _stop(f"A picture is written to one of: {known}; not {out.suffix or 'a plain name'}.")
    registry, resources = with_own_models(find_engines()), Resources(device=_device(device))
    if preset is not None:
        if engine or model or seed is not None or settings:
            _stop("A preset says itself what it shows: --engine, --model, --seed and --set do not.")
        with Score(registry, preset, resources) as score:
            _written(out, partial(score.save, beat, suffix))
            typer.echo(f"{out}: {score.title}, beat {beat:g}")
        return
    spec = _spec(registry, engine, model)
    values = settings_of(spec.controls(model or spec.models[0].name), settings or [])
    seed = fresh_seed() if seed is None else seed
    with opened(registry, spec.name, model, resources) as offline:
        _written(out, partial(save, offline, offline.sampled(seed, values), suffix))
    typer.echo(f"{out}: {spec.title}, {offline.model.title}, seed {seed}")


@app.command()
def compose(
    wish: Annotated[str, typer.Argument(help='Such as "a slow air in A minor, 24 bars".')],
    out: Annotated[
        list[Path] | None,
        typer.Option("--out", help="MIDI, ABC, MusicXML, SVG, PDF or sound; may be given again."),
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Same seed, same tune.")] = None,
    band: Annotated[bool, typer.Option(help="With bass, chords and drums, or alone.")] = True,
    engine: _EngineOption = None,
    font: Annotated[str | None, typer.Option("--font", help=_stage.FONT_HELP)] = None,
) -> None:
    """Compose a tune on demand, and print it."""
    from studio.commands._compose import run as composed
    from studio.settings.store import Store
    from studio.storage import folders

    if font is None:
        font = Store(folders.settings_file()).settings.sound.font
    composed(find_engines(), wish, out=out or (), seed=seed, band=band, engine=engine, font=font)


@app.command()
def demo(
    out: Annotated[Path, typer.Option("--out", help="The folder to write to.")] = Path("out"),
    device: _Device = "auto",
) -> None:
    """Render a sheet of pictures and a film of a blend: what the window would show."""
    from studio.commands._demo import render_demo

    try:
        for file in render_demo(find_engines(), out, Resources(device=_device(device))):
            typer.echo(str(file))
    except OSError as error:
        _stop(f"Cannot write to {out}: {error.strerror or error}.")


_stage.add_to(app)
app.add_typer(_preset_commands.app, name="presets")


@_preset_commands.app.command("draw")
def draw_presets(
    files: Annotated[list[Path], typer.Argument(help="Presets, such as presets/*.json.")],
    device: _Device = "auto",
) -> None:
    """Draw the thumbnails of presets anew, as what they show when they are opened."""
    from studio.commands._thumbnails import draw

    draw(files, Resources(device=_device(device)))


@app.command()
def train(
    engine: _Engine,
    model: _Model = None,
    data: Annotated[Path | None, typer.Option(help="A folder of your own material.")] = None,
    cache: Annotated[
        Path | None, typer.Option("--cache", help="Where material that is made is kept.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for checkpoints, samples and weights.")
    ] = None,
    steps: Annotated[int | None, typer.Option("--steps", help="Stop after this step.")] = None,
    minutes: Annotated[
        float | None,
        typer.Option("--minutes", help="Length of the whole training, earlier runs included."),
    ] = None,
    device: _Device = "auto",
    size: Annotated[int, typer.Option(help="Of own pictures: width and height, px.")] = 128,
    scratch: Annotated[bool, typer.Option("--scratch", help="Own material from nothing.")] = False,
    flips: Annotated[bool, typer.Option("--flips", help="Mirror images are as good.")] = False,
    title: Annotated[str | None, typer.Option(help="What the own model is called.")] = None,
) -> None:
    """Train a model, or go on with one: an interrupted training resumes by itself."""
    registry = find_engines()
    spec = registry.spec(engine)
    if spec.train is None:
        _stop(f"{spec.title} has nothing to train.")
    if data is not None and spec.learns is not None:
        from studio.commands._own_model import learn

        with _needs("train"):
            learn(registry, spec, data, start=model, out=out, minutes=minutes, steps=steps,
                  size_px=size, scratch=scratch, flips=flips, title=title,
                  device=_device(device))  # fmt: skip
        return
    chosen = model or spec.models[0].name
    with _needs("train"):
        go = resolve(spec.train, spec.title)
        options = {"data": data, "cache": cache, "out": out, "steps": steps, "minutes": minutes}
        given = {name: value for name, value in options.items() if value is not None}
        if given.keys() - inspect.signature(go).parameters.keys():
            _stop(f"{spec.title} makes no material that could be kept; leave --cache out.")
        go(chosen, **given, device=_device(device))


@app.command()
def evaluate(
    engine: _Engine, model: _Model = None, device: _Device = "auto", json: _Json = None
) -> None:
    """Measure a model on material that its training never saw."""
    spec = find_engines().spec(engine)
    if spec.evaluate is None:
        _stop(f"{spec.title} has no evaluation.")
    with _needs("train"):
        measure = resolve(spec.evaluate, spec.title)
        defaults = [p.default for p in inspect.signature(measure).parameters.values()]
        chosen = model or (None if defaults[:1] == [None] else spec.models[0].name)
        rows: list[Row] = measure(chosen, _device(device))
    _report(f"{spec.title} · {chosen or 'all models'}", rows, json)


@app.command()
def bench(
    name: Annotated[str | None, typer.Argument(help="Without a name: what there is.")] = None,
    json: _Json = None,
    seconds: Annotated[float, typer.Option("--seconds", help="How long each part runs.")] = 12.0,
) -> None:
    """Measure the instrument itself. From a checkout: it needs servers and peers of the tests."""
    benches = _benches()
    if name not in benches:
        wanted = f"There is no bench {name!r}" if name else "The bench wants a name"
        _stop(f"{wanted}; there are: {', '.join(benches)}.")
    with _needs("test"):
        rows: list[Row] = resolve(benches[name], f"The bench {name}")(seconds)
    _report(f"bench {name}", rows, json)


@app.command()
def doctor() -> None:
    """Say what is installed, what is missing, and what to do about it."""
    from studio.commands import doctor

    raise typer.Exit(doctor.run())


def main(argv: list[str] | None = None) -> NoReturn:
    """Run the command line. Never returns."""
    logs.start()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal may lack letters of a file's name
            stream.reconfigure(errors="backslashreplace")
    words = sys.argv[1:] if argv is None else argv
    if words and Path(words[0]).suffix.lower() in _PRESETS:  # as a file manager opens them
        words = ["play", *words]
    try:
        app(words)
    except StudioError as error:
        _complain(str(error))
        sys.exit(1)
    except OSError as error:
        if _can_print():
            raise
        sys.stdout = None  # Python would try again at its end
        _complain(f"What there is to say cannot be printed: {error.strerror or error}.")
        sys.exit(1)
    sys.exit(0)


def _can_print() -> bool:
    """Whether what was said could be: a stream keeps what it could not write, and tries again."""
    try:
        print(end="", flush=True)
    except OSError:
        return False
    return True


def _spec(registry: Registry, name: str | None, model: str | None = None) -> EngineSpec:
    """The engine called `name`; without a name the first that has the model."""
    if name is not None:
        return registry.spec(name)
    if not registry.specs:
        raise EngineError("No engine is installed; run `pip install -e .` in the project's folder.")
    owners = (spec for spec in registry.specs if any(m.name == model for m in spec.models))
    return next(owners, registry.specs[0])


def _benches() -> dict[str, str]:
    """The benches by name, as "module:function"; they are a part of the tests."""
    if not (_CHECKOUT / "tests" / "bench").is_dir():
        _stop("The benches come with a checkout of the project, not with an installed copy.")
    sys.path.insert(0, str(_CHECKOUT))  # where an installed command does not look
    found: dict[str, str] = importlib.import_module("tests.bench").BENCHES
    return found


@contextmanager
def _needs(extra: str) -> Iterator[None]:
    """For what an installed copy need not have: says what is missing and how it comes."""
    if is_packaged():  # neither torch's compiler, which optimisers load, nor the material is in it
        _stop(f"The packaged program only plays: {remedy('')} to train and to measure.")
    try:
        yield
    except (EngineError, ModuleNotFoundError) as error:
        missing = error if isinstance(error, ModuleNotFoundError) else error.__cause__
        if not isinstance(missing, ModuleNotFoundError):
            raise
        _stop(f"{missing.name} is not installed here: pip install 'latent-loom[{extra}]'.")


def _device(name: str) -> DeviceChoice:
    for choice in get_args(DeviceChoice):
        if name == choice:
            return cast(DeviceChoice, choice)
    _stop(f"There is no device {name!r}; there are: {', '.join(get_args(DeviceChoice))}.")


def _written(out: Path, write: Callable[[Path], object]) -> None:
    """Have `out` written, all or nothing; a link is followed, as every command does."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with files.Draft(out.resolve()) as path:
            write(path)
    except OSError as error:
        _stop(f"Cannot write {out}: {error.strerror or error}.")


def _report(title: str, rows: list[Row], json: Path | None) -> None:
    from studio.commands.report import json_of, show

    show(title, rows)
    if json is not None:
        _written(json, lambda path: path.write_bytes(json_of(rows)))
    if any(row.met is False for row in rows):
        raise typer.Exit(1)


def _complain(sentence: str) -> None:
    typer.echo(sentence, err=True)


def _stop(sentence: str) -> NoReturn:
    _complain(sentence)
    raise typer.Exit(1)
