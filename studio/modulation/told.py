"""Texts that say by themselves where the music is (the bar, the beat, the tempo, a countdown) or
what a deck says that writes.

A `Text` of an engine names the `Choice` beside it that says what it tells (`Text.told_by`). What
the hand has typed stays in the scene; the scene that is shown has the number or the line.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from studio.document.parameters import Choice, Parameter, Text, Value
from studio.document.scene import Deck, Scene
from studio.modulation.inputs import Inputs

TYPED, BAR, BEAT, TEMPO, COUNTDOWN = "typed", "bar", "beat", "tempo", "countdown"
LINE = "line"
WORDS = (TYPED, BAR, BEAT, TEMPO, COUNTDOWN, LINE)
"""What such a `Choice` may offer. The countdown is in beats, to the scene that waits for its own;
while none waits, what is typed is shown; so it is where no deck says a line."""

_NEARLY = 1e-6
"""Beats that are forgiven, so that a beat that has come is not taken for the one before."""


def number(what: str, beat: float, inputs: Inputs) -> int | None:
    """The number to be told; None for what was typed."""
    match what:
        case "bar":
            return math.floor(beat / inputs.bar_beats + _NEARLY) + 1
        case "beat":
            return math.floor(beat % inputs.bar_beats / inputs.pulse_beats + _NEARLY) + 1
        case "tempo":
            return round(inputs.bpm)
        case "countdown" if inputs.due_beat is not None:
            return max(0, math.ceil((inputs.due_beat - beat) / inputs.pulse_beats - _NEARLY))
    return None


def said(text: Text, what: str, beat: float, inputs: Inputs) -> str:
    """What the text shows; empty for what was typed."""
    if what == LINE:
        return fitted(inputs.words, text)
    found = number(what, beat, inputs)
    return "" if found is None else str(found)[-text.max_length :]


def fitted(words: str, text: Text) -> str:
    """As many whole words as the text has room for, of the characters that it can show."""
    shown = "".join(c for c in words if not text.alphabet or c in text.alphabet)
    if len(shown) > text.max_length:
        shown = shown[: text.max_length + 1].rpartition(" ")[0] or shown[: text.max_length]
    return shown.strip()


def tells(deck: Deck, controls: Sequence[Parameter]) -> bool:
    """Whether something of the deck changes with the music."""
    return any(deck.parameters[text.told_by] != TYPED for text in _texts(controls))


def told(
    scene: Scene, controls: Callable[[Deck], Sequence[Parameter]], beat: float, inputs: Inputs
) -> Scene:
    """The scene with its texts as they are at a beat; the same one where none is another."""
    for deck in scene.decks:
        for text in _texts(controls(deck)):
            says = said(text, str(deck.parameters[text.told_by]), beat, inputs)
            if says and says != deck.parameters[text.name]:
                deck = deck.but(parameters={**deck.parameters, text.name: says})
                scene = scene.with_deck(deck)
    return scene


def texts(scene: Scene, controls: Callable[[Deck], Sequence[Parameter]]) -> list[Value]:
    """What all such texts of a scene are."""
    return [deck.parameters[text.name] for deck in scene.decks for text in _texts(controls(deck))]


def tells_line(scene: Scene, controls: Callable[[Deck], Sequence[Parameter]]) -> bool:
    """Whether a text tells the line of another deck."""
    return any(
        deck.parameters[text.told_by] == LINE
        for deck in scene.decks
        for text in _texts(controls(deck))
    )


def choice(name: str, of: str, group: str) -> Choice:
    """The choice beside the text labelled `of`."""
    return Choice(
        name=name,
        label="Shows",
        options=WORDS,
        default=TYPED,
        help=f"{of} as typed, or the bar, the beat in it, the tempo, the beats until the scene "
        "that waits, or the line of a deck that writes.",
        group=group,
    )


def _texts(controls: Sequence[Parameter]) -> list[Text]:
    return [each for each in controls if isinstance(each, Text) and each.told_by]
