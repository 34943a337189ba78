"""`latentloom compose "a jig in D, sixteen bars"`: a tune with its band, on paper and in a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import typer

from studio.document.score import PARTS
from studio.document.seeds import fresh_seed
from studio.engine import Engine, EngineError, EngineSpec, Passage, Resources
from studio.engine.messages import sentence_of
from studio.engine.registry import Registry
from studio.engraving import score_files
from studio.export import sound_files
from studio.export.sound_files import is_sound, write_sound
from studio.live.ensemble.wish_scene import whole_tune
from studio.music.band.accompaniment import Arranged, arrange_tune, parts_of
from studio.music.band.players import routes_of
from studio.music.files.midi import SUFFIXES, MidiTrack, write
from studio.music.files.musicxml import Score
from studio.music.phrases import Phrase
from studio.music.wishes.wish import Wish, parse
from studio.storage import files

Message = tuple[float, bytes]


@dataclass(frozen=True, kw_only=True)
class Tune:
    """What was composed."""

    wish: Wish
    lead: Phrase
    band: tuple[Arranged, ...]
    tempo: float
    genre: str
    seed: int
    part: int

    @property
    def title(self) -> str:
        """What it is, in the wisher's words as they were understood."""
        told = "seed" in self.wish.understood.split()
        seed = [] if told else [f"seed {self.seed}"]
        return " · ".join([*filter(None, [self.wish.understood]), *seed])

    @property
    def text(self) -> str:
        """The melody as ABC, with the chords of its band."""
        return score_files.abc_of(self.score)

    @property
    def score(self) -> Score:
        """What stands on paper."""
        band = self.band if self.wish.accompanied else ()
        return score_files.score_of(
            self.lead, band, title=self.title, tempo=self.tempo, part=self.part
        )

    def tracks(self) -> list[MidiTrack]:
        """Its parts as they go into a MIDI file."""
        ways = routes_of({part: part for part in PARTS}, genre=self.genre)
        routes = {route.track: route for route in ways}
        parts = parts_of(self.band) if self.wish.accompanied else {"lead": self.lead}
        return [
            MidiTrack(name, phrase.notes, routes[name].channel, routes[name].program)
            for name, phrase in parts.items()
            if phrase.notes
        ]


def run(
    registry: Registry,
    text: str,
    *,
    out: Sequence[Path] = (),
    seed: int | None = None,
    band: bool = True,
    engine: str | None = None,
    font: str = "",
) -> None:
    """Compose what `text` wishes for, print it, and write it to each of `out` (MIDI, ABC, a
    score or sound).

    A seed in the wish counts unless one is given; sound is made on the SoundFont `font`. Raises
    `EngineError`, for a file that cannot be written too.
    """
    writers = [(file, _writer(file, font)) for file in out]
    spec = _composer(registry, engine)
    wish = parse(text, spec.controls(spec.models[0].name), spec.roles)
    for remark in (wish.answer, *wish.remarks):
        typer.echo(remark)
    tune = composed(registry, spec, wish, seed=seed, band=band)
    for remark in tune.lead.remarks:
        typer.echo(remark)
    typer.echo(f"\n{tune.text}")
    for file, writer in writers:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            writer(file.resolve(), tune)
        except OSError as error:
            raise EngineError(f"Cannot write {file}: {error.strerror or error}.") from error
        typer.echo(f"{file}: {len(tune.lead.notes)} notes, {tune.tempo:g} bpm, seed {tune.seed}")


def composed(
    registry: Registry, spec: EngineSpec, wish: Wish, *, seed: int | None, band: bool
) -> Tune:
    """The tune that `wish` is for, from the engine's first model. Raises `EngineError`."""
    chosen = next(s for s in (seed, wish.seed, fresh_seed()) if s is not None)
    whole = whole_tune(spec, wish, chosen)
    lead = _played(registry, spec, whole.passage)
    wanted = band if wish.accompanied is None else band and wish.accompanied
    return Tune(
        wish=replace(wish, accompanied=wanted),
        lead=lead,
        band=arrange_tune(lead, whole.setting),
        tempo=whole.tempo,
        genre=whole.setting.genre,
        seed=chosen,
        part=whole.setting.part,
    )


def _played(registry: Registry, spec: EngineSpec, passage: Passage) -> Phrase:
    guest = registry.create(spec.name)
    try:
        _load(guest, spec)
        return guest.compose(passage)
    finally:
        guest.close()


def _load(guest: Engine, spec: EngineSpec) -> None:
    try:
        guest.load(spec.models[0], Resources(device="cpu"))
    except (Exception, SystemExit) as error:  # a guest's code runs here
        raise EngineError(sentence_of(error)) from error


def _composer(registry: Registry, name: str | None) -> EngineSpec:
    """The engine called `name`, else the first that composes. Raises `EngineError`."""
    found = [spec for spec in registry.specs if spec.composes]
    spec = found[0] if name is None and found else None if name is None else registry.spec(name)
    if spec is None:
        raise EngineError("No engine that composes is installed.")
    if not spec.composes:
        raise EngineError(f"{spec.title} does not compose.")
    return spec


def _writer(out: Path, font: str) -> Callable[[Path, Tune], None]:
    """What writes a file of that name. Raises `EngineError` before anything is composed."""
    suffix = out.suffix.lower()
    if suffix in SUFFIXES:
        return write_midi
    if is_sound(out):
        return partial(write_sound_of, font=font)
    if suffix in score_files.SUFFIXES:
        score_files.check(suffix)
        return _write_score
    known = ", ".join((".mid", *score_files.SUFFIXES, *sound_files.SUFFIXES))
    raise EngineError(f"A tune is written to one of: {known}; not {out.suffix or 'a plain name'}.")


def write_midi(out: Path, tune: Tune) -> None:
    """Write the tune with its band. Raises OSError."""
    lead = tune.lead
    write(out, tune.tracks(), tempo=tune.tempo, metre=lead.metre, key=lead.key, title=tune.title)


_RING_S = 3.0
"""After the last note: what rings on."""


def messages_of(tracks: Iterable[MidiTrack], tempo: float) -> tuple[list[Message], float]:
    """What a synthesiser is sent to play them, with its seconds, and when the last note ends."""
    beat_s = 60 / tempo
    messages, end_s = [], 0.0
    for track in tracks:
        channel = track.channel - 1
        if track.program is not None:
            messages.append((0.0, bytes((0xC0 | channel, track.program))))
        for note in track.notes:
            begin_s, last_s = (
                note.start_beats * beat_s,
                (note.start_beats + note.length_beats) * beat_s,
            )
            messages.append((begin_s, bytes((0x90 | channel, note.pitch, note.velocity))))
            messages.append((last_s, bytes((0x80 | channel, note.pitch, 0))))
            end_s = max(end_s, last_s)
    return sorted(messages, key=lambda each: (each[0], each[1][0] & 0xF0 == 0x90)), end_s


def write_sound_of(out: Path, tune: Tune, font: str = "") -> None:
    """Write how it sounds, each note at its own sample, on the SoundFont `font`. Raises OSError and
    `EngineError`."""
    from studio.audio.offline import OfflineSound

    messages, end_s = messages_of(tune.tracks(), tune.tempo)
    sound = OfflineSound()
    sound.try_font(font, typer.echo)
    sound.send(messages)
    with files.Draft(out) as path:
        write_sound(path, sound.blocks(end_s + _RING_S), out.suffix)


def _write_score(out: Path, tune: Tune) -> None:
    score_files.write(out, tune.score)
