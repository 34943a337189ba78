"""What the band plays in each genre: patterns of a bar, written for this instrument.

A pattern is a row of signs that share the bar evenly; blanks are for the eye.

Bass: `R` root, `5` fifth, `3` third, `8` octave, `A` root and fifth by turns of the bar, `>` the
step that leads to the next chord, `-` goes on, `.` rests. A new chord begins with its root.
Chords: `D` a full strum down, `d` a light one, `u` the upper strings up, `C` short and firm, `1` to
`4` single notes of the voicing that ring on, `-` goes on, `.` rests.
Drums, a row for each: `X` accent, `x` stroke, `o` light, `g` a ghost, `f` with a grace before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from studio.music.metres import Metre
from studio.music.pulses import groups

Rows = Mapping[str, str]
"""Drum patterns by the name of the drum (see `drums.KIT`)."""


@dataclass(frozen=True, slots=True)
class Groove:
    """One way of playing a bar in some metre: sparse, usual and busy, and what marks the form."""

    bass: tuple[str, str, str]
    chords: tuple[str, str, str]
    drums: tuple[Rows, Rows, Rows]
    fill: Rows = field(default_factory=dict)
    """Takes the place of the drums it names in the last bar of a part."""
    turn: Rows = field(default_factory=dict)
    """The same for the last bar of half a part."""


_REEL = Groove(
    bass=("R--- ----", "R--- 5---", "R--R 5-5>"),
    chords=("D--- D---", "..C- ..C-", "..D- .uDu"),
    drums=(
        {"low": "X... x...", "tip": "..o. o.oo"},
        {"low": "X.o. x.o.", "tip": ".o.x .oxo"},
        {"low": "X..x ..x.", "tip": "gxog xogx", "kick": "x... x...", "shaker": "oxox oxox"},
    ),
    fill={"low": "X.xx X.x.", "tip": ".x.. .xxx"},
    turn={"low": "X..x ..x.", "tip": ".oo. oo.x"},
)
_JIG = Groove(
    bass=("R-- ---", "R-. 5-.", "R-R 5->"),
    chords=("D-- D--", "..C ..C", "D-u D-u"),
    drums=(
        {"low": "X.. x..", "tip": ".oo .oo"},
        {"low": "X.o x..", "tip": ".o. .ox"},
        {"low": "X.o x.o", "tip": "gx. gxx", "kick": "x.. o..", "shaker": "xox xox"},
    ),
    fill={"low": "X.x Xxx", "tip": ".x. .xx"},
    turn={"low": "X.o X..", "tip": ".o. xxx"},
)
_SLIP_JIG = Groove(
    bass=("R-- --- ---", "R-. 5-. R-.", "R-R 5-. 3->"),
    chords=("D-- --- D--", "..C ..C ..C", "D-u D-u D-u"),
    drums=(
        {"low": "X.. x.. x..", "tip": ".oo .oo .oo"},
        {"low": "X.o o.. x..", "tip": ".o. .ox .oo"},
        {"low": "X.. x.o x..", "tip": "gxo gx. gxx", "shaker": "xox xox xox"},
    ),
    fill={"low": "X.. x.x Xxx", "tip": ".oo .x. .xx"},
    turn={"low": "X.o o.. X..", "tip": ".o. .ox xxx"},
)
_HORNPIPE = Groove(
    bass=("R--- 5---", "R-3- 5-3-", "R-3- 5->-"),
    chords=("D--- D---", "..C. ..C.", "d.Cu d.Cu"),
    drums=(
        {"low": "X... x...", "tip": "..oo ..oo"},
        {"low": "X... x...", "tip": ".o.o .o.o", "wood": "..x. ..x."},
        {"low": "X..o x..o", "tip": "gogx gogx", "wood": "..xo ..xx", "shaker": "xoxo xoxo"},
    ),
    fill={"low": "X.X. X...", "wood": "x.x. x..."},
    turn={"low": "X... x...", "wood": "..x. .xxx"},
)
_STRATHSPEY = Groove(
    bass=("R------- 5-------", "R--- 5--- R--- 5---", "R--- 5--R R--- 5-->"),
    chords=("D------- D-------", ".... C... .... C...", "D--u C--u D--u C--u"),
    drums=(
        {"low": "X... o... x... o...", "tip": "...o ...o ...o ...o"},
        {"kick": "X... .... x... ....", "snare": "x..o X..o x..o Xx.."},
        {
            "kick": "X... o... x... o...",
            "snare": "f..o Xx.. f..o Xx.o",
            "shaker": "x..o x..o x..o x..o",
        },
    ),
    fill={"snare": "f..o Xx.. xxxx X..."},
    turn={"snare": "x..o X..o Xx.. X..."},
)  # fmt: skip
_MARCH = Groove(
    bass=("R--- ---- 5--- ----", "R--. .... 5--. ....", "R--. R... 5--. >-.."),
    chords=("D--- ---- D--- ----", ".... C... .... C...", ".... C..u .... C.uu"),
    drums=(
        {"kick": "X... .... x... ....", "snare": ".... o... .... o..."},
        {"kick": "X... .... x... ....", "snare": "f... x.oo f... x.oo"},
        {"kick": "X... o... x... o...", "snare": "f.oo xooo f.oo xoxo"},
    ),
    fill={"snare": "f.oo xooo xoxo X..."},
    turn={"snare": "f... x.oo xoxo x..."},
)
_MARCH_6_8 = Groove(
    bass=("R-- 5--", "R-. 5-.", "R-. 5->"),
    chords=("D-- D--", "..C ..C", "..C u.C"),
    drums=(
        {"kick": "X.. x..", "snare": "..o ..o"},
        {"kick": "X.. x..", "snare": "f.o xoo"},
        {"kick": "X.o x..", "snare": "foo xox", "shaker": "x.o x.o"},
    ),
    fill={"snare": "foo xxX"},
)
_WALTZ = Groove(
    bass=("A- -- --", "A- -. ..", "A- -- >-"),
    chords=("D- -- --", ".. C. C.", "1- D- du"),
    drums=(
        {"low": "o. .. .."},
        {"kick": "x. .. ..", "brush": ".. o. o.", "ride": "o. .. .."},
        {"kick": "X. .. ..", "brush": ".. x. xo", "ride": "x. o. oo"},
    ),
    fill={"brush": ".. x. xx"},
)
_AIR = Groove(
    bass=("R--- ----", "R--- --5-", "R--- 5->-"),
    chords=("D--- ----", "1-2- 3-2-", "1234 3232"),
    drums=(
        {},
        {"ride": "o... ...."},
        {"low": "o... ....", "ride": "..o. o.o.", "brush": ".... o..."},
    ),
)
_AIR_3 = Groove(
    bass=("A- -- --", "A- -- --", "A- -- >-"),
    chords=("D- -- --", "1- 2- 3-", "12 32 32"),
    drums=({}, {"ride": "o. .. .."}, {"low": "o. .. ..", "ride": ".. o. o."}),
)
_AIR_6 = Groove(
    bass=("R-- ---", "R-- --5", "R-- 5->"),
    chords=("D-- ---", "1-2 3-2", "123 432"),
    drums=({}, {"ride": "o.. ..."}, {"low": "o.. ...", "ride": "..o o.o"}),
)
_POLKA = Groove(
    bass=("R--- ----", "R--. 5--.", "R--R 5-5>"),
    chords=("D--- D---", "..C. ..C.", "..Cu ..Cu"),
    drums=(
        {"low": "X... x...", "tip": "..o. ..o."},
        {"kick": "X... x...", "snare": "..x. ..x.", "hat": "o.o. o.o."},
        {"kick": "X... x..o", "snare": "g.Xg g.Xg", "shaker": "xoxo xoxo"},
    ),
    fill={"snare": "..x. xxX."},
)
_CHORALE = Groove(
    bass=("", "", ""),  # four voices, see `voices`
    chords=("", "", ""),
    drums=({}, {}, {"low": "o"}),
)
_ANY = Groove(
    bass=("R--- ----", "R--- 5---", "R--R 5->-"),
    chords=("D--- D---", "D-du -udu", "D-Du -uDu"),
    drums=(
        {"low": "X... x...", "tip": "..o. ..o."},
        {"kick": "X... x...", "snare": "..x. ..x.", "hat": "o.o. o.o."},
        {"kick": "X..x x...", "snare": "..X. .gX.", "hat": "xoxo xoxo"},
    ),
    fill={"snare": "..x. x.xx"},
)

GROOVES: Mapping[tuple[str, str], Groove] = {
    ("any", "4/4"): _ANY,
    ("any", "2/4"): _POLKA,
    ("any", "3/4"): _WALTZ,
    ("any", "6/8"): _JIG,
    ("any", "9/8"): _SLIP_JIG,
    ("reel", "4/4"): _REEL,
    ("jig", "6/8"): _JIG,
    ("slip jig", "9/8"): _SLIP_JIG,
    ("hornpipe", "4/4"): _HORNPIPE,
    ("hornpipe", "2/4"): _HORNPIPE,
    ("strathspey", "4/4"): _STRATHSPEY,
    ("strathspey", "2/4"): _STRATHSPEY,
    ("march", "4/4"): _MARCH,
    ("march", "2/4"): _MARCH,
    ("march", "6/8"): _MARCH_6_8,
    ("waltz", "3/4"): _WALTZ,
    ("air", "4/4"): _AIR,
    ("air", "2/4"): _AIR,
    ("air", "3/4"): _AIR_3,
    ("air", "6/8"): _AIR_6,
}
"""By genre and metre. What is not here is played as "any" in its metre, or by `plain`."""


def groove(genre: str, metre: Metre) -> Groove:
    """What a band plays for `genre` in `metre`."""
    if genre == "chorale":
        return _CHORALE
    cut = "4/4" if str(metre) == "2/2" else str(metre)
    found = GROOVES.get((genre, cut)) or GROOVES.get(("any", cut))
    return found or plain(metre)


def plain(metre: Metre) -> Groove:
    """For metres that nobody wrote patterns for: the bass on the first group and the last, chords
    and a drum on each group's second half."""
    steps = [round(length / metre.pulse_beats * 2) for length in groups(metre)]
    firsts = ["X" + "." * (n - 1) for n in steps]
    backs = ["." * (n // 2) + "x" + "." * (n - n // 2 - 1) for n in steps]
    bass = ["R" + "-" * (n - 1) for n in steps]
    held = "R" + "-" * (sum(steps) - 1)
    chops = "".join(backs).replace("x", "C")
    kick = {"kick": firsts[0] + "".join(firsts[1:]).replace("X", "x")}
    busy = {**kick, "snare": "".join(backs), "shaker": "xo" * (sum(steps) // 2)}
    return Groove(
        bass=(held, "".join(bass), "".join(bass)),
        chords=("D" + "-" * (sum(steps) - 1), chops, chops),
        drums=({"low": firsts[0] + "." * (sum(steps) - steps[0])}, {**kick, "hat": "".join(backs)},
               busy),
    )  # fmt: skip
