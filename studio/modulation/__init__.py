"""What modulators do: pure functions of the beat, the seconds and what is heard; no clock, no
thread, no memory, so that jumping to a beat is the same as playing up to it.

`kinds.KINDS` declares every kind with its settings, and the window builds itself from that;
`values.value(modulator, beat, seconds, inputs)` is one modulator at a moment, 0 to 1;
`graph.Graph(modulators, connections).at(beat, seconds, inputs)` is all of them, and
`targets.modulated` the scene that comes of it; `editing` changes the modulators of a scene;
`told` lets texts say the bar, the tempo and the like;
`factory` has some that are set to something, and bands of a sound by their names. What is saved is
in `studio.document.modulation`, and hands go by `session.modulation`:

    add("lfo") -> number   set(number, "rate", 2.0)   change(number, name=..., solo=..., steps=...)
    connect(number, "/deck/1/contrast", depth=0.3) -> number of the connection   disconnect(number)
    change_connection(number, depth=..., polarity=..., curve=..., on=...)   set_master(0.5)
    positions, moved: where each control stands that is moved, by its address, and what changed
    values.of(number): a modulator now, 0 to 1   values.settings(number): its settings as played
    connections_to(address)   base(address): where the hand has it   parameter(address): what it is
    shown: the scene that is played   moving: whether time moves anything   add_outside: others'

    session.gestures for recording: record(addresses, bars, count_in=, into=), stop(), cancel();
    made: a signal with the number of what came of it
"""

__all__ = [
    "crossing",
    "editing",
    "factory",
    "gestures",
    "graph",
    "inputs",
    "kinds",
    "offline",
    "targets",
    "told",
    "values",
]
