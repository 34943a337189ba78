"""Files of other programs that an engine makes models of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ModelFiles:
    """Which files they are, declared in the engine's spec, which then need not list a model.

    Both callables are `"package.module:name"` strings. What they raise is an `EngineError`; the
    first may take its time and is not called on the window's thread.
    """

    endings: tuple[str, ...]
    """With the dot, in small letters."""
    take_in: str
    """`take_in(file, weights)`: check the file, which a stranger may have made, and write what it
    is to the safetensors file `weights`."""
    model: str
    """`model(name, weights)`: the `ModelSpec` of such weights, from what they say of themselves. It
    imports no torch: it is called when the instrument begins."""
