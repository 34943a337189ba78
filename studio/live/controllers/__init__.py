"""Controllers: what a hand does on a MIDI device, on its way to a control's address.

Bytes -> `decode` -> `Move`s -> `surfaces`, which finds the device's `Binding`s and lets a `Hand`
each apply them; `learn` makes bindings, `maps` keeps them on disk, `feedback` lights lamps. All of
it runs on the window's thread and takes its time from the messages.
"""
