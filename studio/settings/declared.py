"""Every setting, declared once: its range, label and help, where it is listed, where it is kept.

A new setting is one `Setting` here and one field in `studio.settings.model`. What can only be
listed at run time (MIDI ports, sound devices, keys of actions) is in the model alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from studio.document.parameters import Choice, Float, Int, Parameter, Text, Toggle

TEXT_SIZE = Choice(
    name="text_size",
    label="Text size",
    help="How large all text in the window is; applies at once.",
    options=("100 %", "115 %", "130 %", "150 %"),
    default="100 %",
)

AT_START = Choice(
    name="at_start",
    label="At the start",
    help="Reopen last: scene, decks, set list and window as they were when you closed it.",
    options=("reopen last", "start fresh"),
    default="reopen last",
)
KEEP_MOVING = Toggle(
    name="keep_moving",
    label="Keep moving",
    help="What walks goes on when another scene is opened, whatever that scene was saved with.",
    default=False,
)

REDUCED_MOTION = Toggle(
    name="reduced_motion",
    label="Reduced motion",
    help="Nothing in the window moves or pulses by itself; the pictures still do what you play.",
    default=False,
)

FULL_SCREEN_PICTURE = Choice(
    name="full_screen_picture",
    label="Full screen",
    help="Fit shows all of it, fill leaves no border, tile lays it side by side.",
    options=("fit", "fill", "tile"),
    default="fit",
)

PRESETS_FOLDER = Text(
    name="presets_folder",
    label="Presets folder",
    help="Where your presets are; empty: Latent Loom/Presets in your documents.",
    default="",
    max_length=1000,
)
RECORDINGS_FOLDER = Text(
    name="recordings_folder",
    label="Recordings folder",
    help="Where recordings go, a folder for each; empty: Latent Loom in your videos.",
    default="",
    max_length=1000,
)
AUTOSAVE_S = Float(
    name="autosave",
    label="Autosave after",
    help="How long after a change the scene is kept, so that a crash loses no more than that.",
    low=0.2,
    high=60,
    default=0.8,
    curve="log",
    decimals=1,
    unit="s",
)

MORPH_SECONDS = Float(
    name="morph_seconds",
    label="Morph time",
    low=0.1,
    high=300,
    default=8,
    curve="log",
    decimals=1,
    unit="s",
    help="How long a morph takes that is counted in seconds.",
)
MORPH_BARS = Int(
    name="morph_bars",
    label="Morph bars",
    low=1,
    high=64,
    default=4,
    unit="bars",
    help="How long a morph takes that is counted in bars.",
)
MORPH_UNIT = Choice(
    name="morph_unit",
    label="Morph in",
    options=("seconds", "bars"),
    default="seconds",
    help="Whether a morph's length is in seconds or in bars of the present tempo.",
)
MORPH_PARAMETERS: tuple[Parameter, ...] = (MORPH_SECONDS, MORPH_BARS, MORPH_UNIT)

SOUND_ON = Toggle(
    name="sound_on",
    label="This computer sounds",
    help="Off: MIDI plays, and this computer is silent.",
    default=True,
)
VOLUME = Float(
    name="sound_volume",
    label="Volume",
    help="How loud the sound of this computer is; MIDI is not touched.",
    low=0,
    high=1,
    default=0.8,
)
ROOM = Float(
    name="sound_room",
    label="Reverb",
    help="How much reverb the instruments have.",
    low=0,
    high=1,
    default=0.25,
)
OFFSET = Float(
    name="sound_offset",
    label="Sound offset",
    help="Plays the sound later (+) or earlier (-) than the MIDI, for outboard gear that is late.",
    unit="ms",
    low=-50,
    high=200,
    default=0,
    decimals=0,
)
BUFFER = Choice(
    name="sound_buffer",
    label="Sound buffer",
    help="Small answers a key at once; larger ones never crackle. Notes in time stay in time.",
    options=("small", "medium", "large"),
    default="medium",
)
FONT = Text(
    name="sound_font",
    label="SoundFont",
    help="The instruments: the path of a SoundFont (.sf2 or .sf3) of your own, which you can "
    "drag on to the window; empty: those that come along. Films and files have them too.",
    default="",
    max_length=1000,
)
SOUND_PARAMETERS: tuple[Parameter, ...] = (VOLUME, ROOM, OFFSET, BUFFER)
"""What controllers and OSC play too."""

ECHO = Toggle(
    name="echo",
    label="Notes that come in sound here",
    help="Keys that are struck play this computer's own sound at once.",
    default=True,
)
RECORD_INPUT = Toggle(
    name="record_input",
    label="Record the input as well",
    help="A recording has the chosen sound input, too, as a file beside the film: input.wav.",
    default=False,
)
VIRTUAL_PORTS = Toggle(
    name="virtual_ports",
    label="Ports of our own, for other programs on this computer",
    help="Other programs then find an input and an output called Latent Loom.",
    default=False,
)

OSC_LISTENS = Toggle(
    name="osc_listens",
    label="Receive OSC",
    help="Lets other programs play every control by its address.",
    default=False,
)
OSC_PORT = Int(
    name="osc_port",
    label="Port",
    help="The UDP port on which OSC is received.",
    low=1,
    high=65535,
    default=9000,
)
OSC_OPEN = Toggle(
    name="osc_open",
    label="Open to the network",
    help="Everybody on the networks of this computer can then play this instrument: OSC knows no "
    "password. Open it only on a network that you trust.",
    default=False,
)
OSC_TARGET_PORT = Int(
    name="osc_target_port",
    label="Port of the target",
    help="The UDP port that changes are sent to.",
    low=1,
    high=65535,
    default=9001,
)

REQUESTS_ON = Toggle(
    name="requests_on",
    label="Take songs on request",
    help="Opens a web page on which people ask for songs, from this computer alone.",
    default=False,
)
REQUESTS_OPEN = Toggle(
    name="requests_open",
    label="Open to the network",
    help="Everybody on the networks of this computer can then ask for songs, and read what they "
    "write themselves; nothing else here can be seen or changed. What is sent is not encrypted. "
    "Open it only on a network that you trust.",
    default=False,
)
REQUESTS_PORT = Int(
    name="requests_port",
    label="Port",
    help="The TCP port of the web page.",
    low=1024,
    high=65535,
    default=8080,
)
REQUESTS_LET_THROUGH = Toggle(
    name="requests_let_through",
    label="Let all through",
    help="Songs wait for their turn at once; off: until you let each of them through.",
    default=False,
)
REQUESTS_CODE = Toggle(
    name="requests_code",
    label="QR code on stage",
    help="Shows the code of the page in a corner of the output.",
    default=False,
)
REQUESTS_CHAT = Toggle(
    name="requests_chat",
    label="Guests by chat",
    help="Takes songs from the chats that guests.toml in the folder of songs names (IRC, Twitch, "
    "Mastodon), and answers there: it connects to their servers.",
    default=False,
)
REQUESTS_VOTE = Toggle(
    name="requests_vote",
    label="Vote between two scenes",
    help="The page offers two snapshots to choose from; you decide whether the winner comes.",
    default=False,
)
REQUESTS_MOOD = Toggle(
    name="requests_mood",
    label="Mood pad",
    help="The page offers a pad from calm to wild and from dark to bright; its average is what the "
    "modulator Crowd gives.",
    default=False,
)
REQUESTS_BOARD = Toggle(
    name="requests_board",
    label="Votes on stage",
    help="Shows the votes and the mood pad in a corner of the output.",
    default=True,
)

OUTPUT_FORMAT = Choice(
    name="output_format",
    label="Format",
    help="How large the output is, whatever the size of the window.",
    options=("1280 x 720", "1920 x 1080", "1080 x 1920", "1080 x 1080", "own size"),
    default="1280 x 720",
)


def _side(name: str, default: int) -> Int:
    return Int(
        name=f"output_{name}",
        label=f"Own {name}",
        help="Of the output, where the format is own size.",
        low=16,
        high=7680,
        default=default,
        unit="px",
    )


OUTPUT_WIDTH, OUTPUT_HEIGHT = _side("width", 1280), _side("height", 720)
STREAM_TO = Text(
    name="stream_to",
    label="Stream to",
    help="Where the network stream goes; 127.0.0.1 is this computer. What is sent to others can be "
    "seen on the way.",
    default="udp://127.0.0.1:5004",
    max_length=500,
)
OUTPUT_FADE = Float(
    name="output_fade",
    label="Fade time",
    help="How long blackout takes, and the way back from it and from freeze.",
    low=0,
    high=20,
    default=1,
    decimals=1,
    unit="s",
)


@dataclass(frozen=True)
class Setting:
    """A parameter of this computer."""

    page: str
    """Of the dialog that it is on."""
    path: str
    """Where the settings keep it, such as "sound.volume": see `studio.settings.model`."""
    parameter: Parameter
    restarts: bool = False
    """Whether it holds from the next start of the app only."""


SETTINGS: tuple[Setting, ...] = (
    Setting("General", "window.text_size", TEXT_SIZE),
    Setting("General", "window.reduced_motion", REDUCED_MOTION),
    Setting("General", "window.at_start", AT_START, restarts=True),
    Setting("General", "window.full_screen_picture", FULL_SCREEN_PICTURE),
    Setting("General", "keep_moving", KEEP_MOVING),
    Setting("General", "morph.seconds", MORPH_SECONDS),
    Setting("General", "morph.bars", MORPH_BARS),
    Setting("General", "morph.unit", MORPH_UNIT),
    Setting("Files", "files.presets_folder", PRESETS_FOLDER, restarts=True),
    Setting("Files", "files.recordings_folder", RECORDINGS_FOLDER),
    Setting("Files", "files.autosave_s", AUTOSAVE_S),
    Setting("Sound", "sound.on", SOUND_ON),
    Setting("Sound", "sound.volume", VOLUME),
    Setting("Sound", "sound.room", ROOM),
    Setting("Sound", "sound.offset_ms", OFFSET),
    Setting("Sound", "sound.buffer", BUFFER),
    Setting("Sound", "sound.record_input", RECORD_INPUT),
    Setting("Sound", "sound.font", FONT),
    Setting("MIDI outputs", "virtual_ports", VIRTUAL_PORTS),
    Setting("MIDI inputs", "echo", ECHO),
    Setting("OSC", "osc.listens", OSC_LISTENS),
    Setting("OSC", "osc.port", OSC_PORT),
    Setting("OSC", "osc.open_to_network", OSC_OPEN),
    Setting("OSC", "osc.target_port", OSC_TARGET_PORT),
    Setting("Requests", "requests.on", REQUESTS_ON),
    Setting("Requests", "requests.open_to_network", REQUESTS_OPEN),
    Setting("Requests", "requests.port", REQUESTS_PORT),
    Setting("Requests", "requests.lets_through", REQUESTS_LET_THROUGH),
    Setting("Requests", "requests.code_on_stage", REQUESTS_CODE),
    Setting("Requests", "requests.chat", REQUESTS_CHAT),
    Setting("Requests", "requests.votes", REQUESTS_VOTE),
    Setting("Requests", "requests.moods", REQUESTS_MOOD),
    Setting("Requests", "requests.votes_on_stage", REQUESTS_BOARD),
    Setting("Output", "output.format", OUTPUT_FORMAT),
    Setting("Output", "output.width", OUTPUT_WIDTH),
    Setting("Output", "output.height", OUTPUT_HEIGHT),
    Setting("Output", "output.fade_s", OUTPUT_FADE),
    Setting("Output", "output.stream_to", STREAM_TO),
)


def setting(path: str) -> Setting:
    """The one that is kept at `path`. Raises KeyError."""
    return {setting.path: setting for setting in SETTINGS}[path]
