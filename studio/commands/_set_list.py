"""A set list for commands: its presets, found by the list's file or name, and how it sounds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from studio.commands._render import Score
from studio.document.routes import SOUND, Route
from studio.document.score import TEMPO
from studio.engine import EngineError, Resources
from studio.engine.registry import Registry
from studio.export.sound_files import write_sound
from studio.live.ensemble.played import RollBar
from studio.live.ensemble.routes import completed, track_of
from studio.live.note_messages import control_change, end_of, note_off, note_on
from studio.live.part_mix import mix_of
from studio.modulation.offline import metre_of
from studio.music.notes import Note
from studio.presets import Preset, document, factory
from studio.presets.errors import PresetError
from studio.presets.fitting import fitted
from studio.presets.folder import places, set_lists
from studio.presets.identities import Weights
from studio.presets.plain_files import read_bounded

Message = tuple[float, bytes]
"""Seconds, and a MIDI message."""


def presets_of(wanted: Path, chosen: str = "") -> tuple[list[Preset], list[str]]:
    """The presets of a set list, by its file or by its name in the artist's folder of presets, the
    one that was `chosen`; and what is wrong with it. They lie in the folder of the list, in the one
    above, or came with the instrument. Raises `PresetError`."""
    file = _file_of(wanted, places.library(chosen))
    ids = set_lists.parse(read_bounded(file, 200_000, "set list"), file.name).presets
    known = {preset.id: preset for preset in factory().values()}
    for each in sorted({*file.parent.glob("*.json"), *file.parent.parent.glob("*.json")} - {file}):
        try:
            found = document.read(each)
            known[found.id] = found
        except PresetError:
            continue  # another set list, or nothing of ours
    wrong = [
        f"The preset at place {place} of the list is not there."
        for place, id in enumerate(ids, start=1)
        if id not in known
    ]
    return [known[id] for id in ids if id in known], wrong


def _file_of(wanted: Path, library: Path) -> Path:
    """Raises `PresetError` where there is neither a file nor a list of that name."""
    if wanted.is_file():
        return wanted
    folder, names = library / set_lists.FOLDER, list[str]()
    for file in sorted(folder.glob("*.json")):
        try:
            found = set_lists.parse(read_bounded(file, 200_000, "set list"), file.name)
        except PresetError:
            continue
        if found.name.casefold() == str(wanted).casefold():
            return file
        names.append(found.name)
    there = f"there are: {', '.join(names)}" if names else f"there is none in {folder}"
    raise PresetError(f"There is no set list {str(wanted)!r}; {there}.")


_RING_S = 3.0
"""After the last note: what rings on."""


def write_list(
    out: Path,
    presets: Sequence[Preset],
    bars: int,
    registry: Registry,
    resources: Resources,
    suffix: str = "",
    font: str = "",
    say: Callable[[str], object] = lambda _: None,
) -> float:
    """Write how presets sound, `bars` of each, one after the other and each at its own tempo; how
    many seconds. A note begins at its own sample. `say` hears why
    the SoundFont `font` cannot be played. Raises OSError, `EngineError`, `PresetError`."""
    from studio.audio.offline import OfflineSound

    def blocks() -> Iterator[Any]:
        sound, end_s = OfflineSound(), 0.0
        sound.try_font(font, say)
        for preset in presets:
            scene = fitted(preset, registry, Weights()).scene
            with Score(registry, scene, resources) as score:
                messages, length_s = messages_of(score, bars)
            sound.send((end_s + at_s, data) for at_s, data in messages)
            end_s += length_s
            yield from sound.blocks(end_s)
        yield from sound.blocks(end_s + _RING_S)

    if not any(registry.spec(d.engine).composes for p in presets for d in p.scene.decks):
        raise EngineError("None of these presets has a deck that composes: there is no sound.")
    return write_sound(out, blocks(), suffix)


def messages_of(score: Score, bars: int) -> tuple[list[Message], float]:
    """The first bars of what a scene plays by the instrument's own sound, in order, and how long
    they are."""
    metre = metre_of(score.scene)
    begins_s = [0.0]
    for number in range(bars):
        at = metre.bar(number).start_beats
        begins_s.append(begins_s[-1] + metre.bar_beats * 60 / float(score.at(at).score[TEMPO.name]))

    def seconds(beat: float) -> float:
        number = min(bars - 1, max(0, int(beat / metre.bar_beats)))
        share = beat / metre.bar_beats - number
        return begins_s[number] + share * (begins_s[number + 1] - begins_s[number])

    decks = [d.key for d in score.scene.decks if score.composes(d)]
    routes = {route.track: route for route in completed(score.scene, decks, ()).routes}
    found: list[Message] = []
    for route in routes.values():
        if route.port == SOUND and route.program is not None:
            found.append((0.0, bytes((0xC0 | route.channel - 1, route.program))))
    for (channel, number), value in mix_of(routes.values(), score.scene.score).items():
        found.append((0.0, control_change(channel, number, value)))
    for key in decks:
        for note in _joined(score.bars(key, bars * metre.bar_beats)):
            if (track := track_of(key, note.track)) in routes:
                found += _played(note, routes[track], seconds, begins_s[-1])
    ends = 0x80
    return sorted(found, key=lambda each: (each[0], each[1][0] & 0xF0 != ends)), begins_s[-1]


def _joined(bars: Iterable[RollBar]) -> list[Note]:
    """Their notes from the first bar's beginning on; a tied one makes the one before it longer."""
    found: list[Note] = []
    last: dict[tuple[str, int], int] = {}
    for bar in bars:
        for note in sorted(bar.notes, key=lambda note: note.start_beats):
            note = replace(note, start_beats=bar.start_beats + note.start_beats)
            voice = note.track, note.pitch
            if note.tied and voice in last:
                before = found[last[voice]]
                length = note.start_beats + note.length_beats - before.start_beats
                found[last[voice]] = replace(before, length_beats=length)
                continue
            last[voice] = len(found)
            found.append(note)
    return found


def _played(
    note: Note, route: Route, seconds: Callable[[float], float], most_s: float
) -> Iterator[Message]:
    on = note_on(note, route, seconds(note.start_beats))
    if on is not None and on.port == SOUND and on.due_s < most_s:
        yield on.due_s, on.data
        off = note_off(on, min(most_s, seconds(end_of(note))))
        yield off.due_s, off.data
