"""What a graph is to us, by the names and shapes of its inputs and by drawing a few pictures.

What an artist declares goes before what is found; what neither says is a refusal that says what to
declare.
"""

from __future__ import annotations

import math
import re
from typing import Any, Literal

import numpy as np

from engines.onnx_pictures.decoder import Array, Feeds
from engines.onnx_pictures.description import (
    LIMIT_LABELS,
    LIMIT_SIDE_PX,
    Declared,
    Description,
    Input,
    Kind,
    Order,
    Role,
)
from engines.onnx_pictures.graph import RefusedError, last_range

KINDS: dict[str, Kind] = {
    "tensor(float16)": "float16",
    "tensor(float)": "float32",
    "tensor(double)": "float64",
    "tensor(int32)": "int32",
    "tensor(int64)": "int64",
    "tensor(bool)": "bool",
}
POINTS = 4
_TRUNCATION, _NOISE = re.compile(r"psi|trunc"), re.compile("noise")
_LABEL = re.compile(r"(^|[^a-z])(c|y|cond|class(es)?|labels?|one_?hot)([^a-z]|$)")
_LATENT = re.compile(r"^(z|x|w|ws|input|latents?|latent_?(vector|code|sample)|code|noise)$")
_STEEP = 0.15
"""How far below 0 the darkest is, in lightest ones, in pictures from -1 to 1 at least."""


def found_out(session: Any, model: Any, said: Declared) -> Description:
    """Of a runtime's session for the checked message `model`. Raises `RefusedError`, and what the
    runtime raises."""
    inputs = _inputs(session.get_inputs(), said)
    runs = _Runs(session, inputs)
    labels = _labels(runs, said)
    drawn = runs.outputs()
    name, order, shape = _picture(drawn[0], said)
    values = np.stack([each[name].astype(np.float32) for each in drawn])
    _check_values(values, runs.outputs(1)[0][name])
    near = runs.outputs(1, nearer=0.5)[0][name].astype(np.float32)
    height, width, channels = shape
    return Description(
        title=said.title,
        licence=said.licence,
        credit=said.credit,
        inputs=inputs,
        output=name,
        order=order,
        channels=channels,
        height=height,
        width=width,
        range=said.range or _range(drawn[0][name], values, last_range(model, name)),
        labels=labels,
        words=said.labels if isinstance(said.labels, tuple) else (),
        shrinks=bool(np.abs(near - values[0]).max() > 1e-3 * np.ptp(values)),
    )


# -- inputs ----------------------------------------------------------------------------------------


def _inputs(ports: list[Any], said: Declared) -> tuple[Input, ...]:
    known: dict[str, Role] = dict.fromkeys(said.fixed, "fixed") | said.roles  # type: ignore[assignment]
    for port in ports:
        if port.type not in KINDS:
            raise RefusedError(f"wants {port.type[:40]} for {port.name[:40]}, no numbers")
        role = known.get(port.name) or _role(port, [p for p in ports if p.name not in known])
        if role is not None:
            known[port.name] = role
    open_ = [p for p in ports if p.name not in known]
    if "latent" not in known.values():
        known[_point_among(open_, ports, known)] = "latent"
    for port in ports:
        if port.name not in known:
            raise RefusedError(
                f"has an input {port.name[:40]} of unknown meaning; declare its role in a JSON "
                "of the same name beside it"
            )
    return tuple(
        Input(
            name=p.name,
            role=known[p.name],
            kind=KINDS[p.type],
            shape=_shape(p, known[p.name], said),
            value=said.fixed.get(p.name, 0.0),
        )
        for p in ports
    )


def _role(port: Any, others: list[Any]) -> Role | None:
    """By its name, kind and shape; None for what may be the point, or anything."""
    name, dims = port.name.lower(), port.shape
    single = len(dims) <= 2 and all(not isinstance(d, int) or d == 1 for d in dims)
    if 0 in dims:
        return "fixed"  # conditional networks without classes want an empty label
    if KINDS[port.type] in ("int32", "int64"):
        alone = sum(KINDS[p.type] in ("int32", "int64") for p in others) == 1
        if single and "seed" in name:
            return "seed"
        return "label" if single and (_LABEL.search(name) or alone) else None
    if KINDS[port.type] == "bool":
        return None
    if single and _TRUNCATION.search(name):
        return "truncation"
    if len(dims) == 2 and isinstance(dims[1], int) and dims[1] > 1 and _LABEL.search(name):
        return "classes"
    return None


def _point_among(open_: list[Any], ports: list[Any], known: dict[str, Role]) -> str:
    """The name of the input that is the point; the others that are noise by name become `known`."""
    floats = [p for p in open_ if KINDS[p.type].startswith("float")]
    if len(floats) > 1:
        noisy = [p for p in floats if _NOISE.search(p.name.lower())]
        if len(noisy) < len(floats):
            known.update({p.name: "noise" for p in noisy})
            floats = [p for p in floats if p not in noisy]
    if len(floats) > 1:
        floats = [p for p in floats if _LATENT.match(p.name.lower())] or floats
    if len(floats) != 1:
        names = ", ".join(p.name[:20] for p in ports[:6])
        raise RefusedError(
            f"does not show which input is the point ({names}); declare it in a JSON of the same "
            "name beside it"
        )
    return str(floats[0].name)


def _shape(port: Any, role: Role, said: Declared) -> tuple[int, ...]:
    if port.name in said.shapes:
        return said.shapes[port.name]
    shape = []
    for place, size in enumerate(port.shape):
        one = place == 0 or (role == "latent" and place > 1) or role not in ("latent", "noise")
        if not isinstance(size, int) and not one:
            raise RefusedError(
                f"leaves the shape of {port.name[:40]} open; declare it in a JSON of the same "
                "name beside it"
            )
        shape.append(size if isinstance(size, int) else 1)
    return tuple(shape)


# -- runs ------------------------------------------------------------------------------------------


class _Runs:
    """Pictures of a few points, always the same ones."""

    def __init__(self, session: Any, inputs: tuple[Input, ...]) -> None:
        self._session = session
        self.inputs = inputs
        self._feeds = Feeds(inputs)
        size = math.prod(next(i for i in inputs if i.role == "latent").own_shape)
        self._points = np.random.default_rng(0).standard_normal((POINTS, size), np.float32)

    def outputs(
        self, count: int = POINTS, *, nearer: float = 1.0, label: int = 0
    ) -> list[dict[str, Array]]:
        """By name, for each of the first `count` points, drawn `nearer` to the origin."""
        names = [port.name for port in self._session.get_outputs()]
        return [
            dict(zip(names, self._session.run(names, fed), strict=True))
            for fed in (self._feeds.of(nearer * p, 1, 1.0, label) for p in self._points[:count])
        ]

    def takes(self, label: int) -> bool:
        try:
            self.outputs(1, label=label)
        except Exception:  # noqa: BLE001 - the runtime's errors have no common class of their own
            return False
        return True


def _labels(runs: _Runs, said: Declared) -> int:
    """How many classes there are. A graph refuses a number beyond its last."""
    for i in runs.inputs:
        if i.role == "classes":
            return i.shape[-1]
    if not any(i.role == "label" for i in runs.inputs):
        return 0
    if said.labels:
        return said.labels if isinstance(said.labels, int) else len(said.labels)
    good, bad = 0, 1
    while runs.takes(bad):
        good, bad = bad, 2 * bad
        if good >= LIMIT_LABELS:
            raise RefusedError(
                'takes any number as a class; declare how many there are ("labels") in a JSON of '
                "the same name beside it"
            )
    while bad - good > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if runs.takes(middle) else (good, middle)
    return bad


# -- the output ------------------------------------------------------------------------------------

_Laid = tuple[Order, tuple[int, int, Literal[1, 3]]]


def _picture(drawn: dict[str, Array], said: Declared) -> tuple[str, Order, Any]:
    """The output that is a picture, the largest of several; its order; height, width, channels."""
    wanted = {said.output: drawn.get(said.output)} if said.output else drawn
    laid = {
        name: found
        for name, each in wanted.items()
        if each is not None and (found := _laid(each, said.order)) is not None
    }
    if not laid:
        shapes = ", ".join(str(list(a.shape)) for a in list(drawn.values())[:3])
        raise RefusedError(f"draws no picture: what comes out has the shape {shapes}")
    name = max(laid, key=lambda n: laid[n][1][0] * laid[n][1][1])
    order, (height, width, channels) = laid[name]
    if max(height, width) > LIMIT_SIDE_PX:
        raise RefusedError(
            f"draws pictures of {width} x {height} pixels, and {LIMIT_SIDE_PX} on a side are the "
            "most"
        )
    return name, order, (height, width, channels)


def _laid(output: Array, order: Order | None) -> _Laid | None:
    """How an output is a picture; None where it is none."""
    if output.dtype != np.uint8 and not np.issubdtype(output.dtype, np.floating):
        return None
    shape = output.shape[1:] if output.ndim == 4 or output.shape[:1] == (1,) else output.shape
    match shape:
        case (c, h, w) if c in (1, 3) and order != "NHWC" and min(h, w) > 1:
            return "NCHW", (h, w, c)
        case (h, w, c) if c in (1, 3) and order != "NCHW" and min(h, w) > 1:
            return "NHWC", (h, w, c)
        case (h, w) if min(h, w) > 1:
            return "NCHW", (h, w, 1)
        case (n,) if n > 1:  # a row of numbers, as small decoders of digits make it
            for channels in (1, 3):
                side = math.isqrt(n // channels)
                if channels * side * side == n and side > 1:
                    return order or "NCHW", (side, side, channels)
    return None


def _check_values(values: Array, again: Array) -> None:
    if not np.isfinite(values).all():
        raise RefusedError("draws pictures with pixels that are no numbers")
    if np.ptp(values) == 0 or all(np.array_equal(values[0], each) for each in values[1:]):
        raise RefusedError("draws the same picture for every point")
    if not np.array_equal(values[0], again.astype(np.float32)):
        raise RefusedError(
            "draws another picture each time for the same point; export it with constant noise"
        )


def _range(
    first: Array, values: Array, by_graph: tuple[float, float] | None
) -> tuple[float, float]:
    """What is black and white: as the graph's last step says, else by what was drawn."""
    if first.dtype == np.uint8:
        return 0.0, 255.0
    if by_graph is not None:
        return by_graph
    low, high = (float(v) for v in np.quantile(values, (0.005, 0.995)))
    if low < -_STEEP * max(high, 0.1) and low > -2.5 and high < 2.5:
        return -1.0, 1.0
    if low > -0.5 and high < 2.5:
        return 0.0, 1.0
    if low > -_STEEP * high and 8 < high < 400:
        return 0.0, 255.0
    raise RefusedError(
        f"draws values from {values.min():.3g} to {values.max():.3g}; declare what is black and "
        'white ("range") in a JSON of the same name beside it'
    )
