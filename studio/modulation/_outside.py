"""What comes from outside of the scene and the tune: sound, macros, and other controls."""

from __future__ import annotations

from dataclasses import replace

from studio.document.modulation import Modulator
from studio.document.parameters import Choice, Float, Int, Text, Toggle
from studio.modulation._kind import Kind, Moment, Settings, settled

# -- sound -----------------------------------------------------------------------------------------

SOURCE = Choice(
    name="source",
    label="Listens to",
    options=("input", "instrument"),
    default="input",
    words=("the sound input", "the instrument itself"),
    help="A microphone or a line, as the settings say, or what the instrument plays.",
)


def _edge(name: str, label: str, default: float) -> Float:
    return Float(
        name=name,
        label=label,
        low=20,
        high=20000,
        default=default,
        curve="log",
        decimals=0,
        unit="Hz",
        help="The band of the sound that it hears.",
    )


def _fade(name: str, label: str, default: float, high: float) -> Float:
    return Float(
        name=name,
        label=label,
        low=1,
        high=high,
        default=default,
        curve="log",
        decimals=0,
        unit="ms",
        help="How fast it follows.",
    )


GAIN = Float(
    name="gain",
    label="Gain",
    low=-24,
    high=48,
    default=0,
    decimals=1,
    unit="dB",
    help="How much louder the band is taken.",
)
AUTO_GAIN = Toggle(
    name="auto_gain",
    label="Automatic gain",
    default=True,
    help="Loud and soft music fill the range alike; in silence it stays as it is.",
)
GATE = Float(
    name="gate",
    label="Gate",
    low=-90,
    high=0,
    default=-60,
    decimals=0,
    unit="dB",
    help="What is softer counts as silence.",
)


def _heard(modulator: Modulator, _: Settings, at: Moment) -> float:
    return at.inputs.sound.levels.get(modulator.id, 0.0)


SOUND = Kind(
    name="sound",
    title="Sound",
    help="How loud a band of the sound is that comes in.",
    settings=(
        SOURCE,
        _edge("low", "From", 20),
        _edge("high", "To", 200),
        GAIN,
        AUTO_GAIN,
        _fade("attack", "Attack", 10, 1000),
        _fade("release", "Release", 150, 5000),
        GATE,
    ),
    value=_heard,
)
"""Where nothing is heard it rests at 0."""

# -- macros ----------------------------------------------------------------------------------------

MACRO_LIMIT = 8


def _share(name: str, label: str, default: float, about: str) -> Float:
    return Float(name=name, label=label, low=0, high=1, default=default, help=about)


def _turned(_: Modulator, settings: Settings, at: Moment) -> float:  # noqa: ARG001
    low, high = settings["least"], settings["most"]
    return float(low + (high - low) * settings["value"])


MACRO = Kind(
    name="macro",
    title="Macro",
    help="One knob that moves many things.",
    settings=(
        _share("value", "Value", 0, "Where the knob stands."),
        _share("least", "Minimum", 0, "What it gives at its lower end."),
        _share("most", "Maximum", 1, "What it gives at its upper end."),
    ),
    value=_turned,
)

# -- other controls --------------------------------------------------------------------------------

FOLLOWS = Choice(
    name="follows",
    label="Follows",
    options=("control", "cc", "osc"),
    default="control",
    words=("a control", "a MIDI controller", "an OSC address"),
    help="A control of the instrument, a controller (a pedal is number 4 or 11), or whatever "
    "another program sends.",
)
ADDRESS = Text(
    name="address",
    label="Address",
    default="",
    max_length=200,
    help="Of the control, such as /deck/1/pad/x, or of the OSC message.",
)
CHANNEL = Int(
    name="channel",
    label="Channel",
    low=0,
    high=16,
    default=0,
    low_word="any",
    help="The MIDI channel.",
)
NUMBER = Int(
    name="number", label="Controller", low=0, high=127, default=1, help="The controller's number."
)
SMOOTH = Float(
    name="smooth",
    label="Smooth",
    low=0,
    high=5,
    default=0,
    unit="s",
    help="How long it takes to get there.",
)


def source_of(settings: Settings) -> str:
    """What a modulator follows, as `Inputs.moves` has it."""
    match settings["follows"]:
        case "cc":
            return f"cc/{settings['channel']}/{settings['number']}"
        case "osc":
            return f"osc{settings['address']}"
    return str(settings["address"])


def _followed(_: Modulator, settings: Settings, at: Moment) -> float:
    return _gone_along(source_of(settings), settings, at, at_rest=0.0)


def _gone_along(source: str, settings: Settings, at: Moment, *, at_rest: float) -> float:
    moves = at.inputs.moves.get(source)
    if not moves:
        return at_rest
    smooth = settings["smooth"]
    return settled(list(moves), at.seconds, smooth / 3) if smooth else moves[-1][1]


def _rings(settings: Settings) -> float:
    return 4.0 * float(settings["smooth"])


def _idle(settings: Settings) -> frozenset[str]:
    return frozenset({"address"} if settings["follows"] == "cc" else {"channel", "number"})


FOLLOW = Kind(
    name="follow",
    title="Follow",
    help="Goes where another control, a pedal, or another program goes.",
    settings=(FOLLOWS, ADDRESS, CHANNEL, NUMBER, SMOOTH),
    value=_followed,
    idle=_idle,
    follows=lambda settings: (source_of(settings),),
    rings=_rings,
)

# -- the crowd -------------------------------------------------------------------------------------

CROWD_SOURCES = ("crowd/calm to wild", "crowd/dark to bright")
"""As `Inputs.moves` has them."""
WAY = Choice(
    name="way",
    label="Listens to",
    options=("wild", "bright"),
    default="wild",
    words=("calm to wild", "dark to bright"),
    help="Which way of the mood pad it goes.",
)
CROWD_SMOOTH = replace(SMOOTH, default=2.0)


def _crowd_source(settings: Settings) -> str:
    return CROWD_SOURCES[WAY.options.index(settings["way"])]


def _swayed(_: Modulator, settings: Settings, at: Moment) -> float:
    return _gone_along(_crowd_source(settings), settings, at, at_rest=0.5)


CROWD = Kind(
    name="crowd",
    title="Crowd",
    help="Goes where the people are who tap the mood pad on their phones (songs on request), on "
    "average; in the middle while there is nobody.",
    settings=(WAY, CROWD_SMOOTH),
    value=_swayed,
    follows=lambda settings: (_crowd_source(settings),),
    rings=_rings,
)
