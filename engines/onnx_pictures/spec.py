"""What the instrument knows about the engine for ONNX files. Imports neither torch nor a runtime.

It comes without a model: each is a file that the artist drops on the window.
"""

from __future__ import annotations

from pathlib import Path

from engines.onnx_pictures import weights_file
from engines.onnx_pictures.description import Description
from studio.document.parameters import Choice, Float, Int, Parameter
from studio.engine import EngineSpec, ModelFiles, ModelSpec


def model_of(name: str, weights: Path) -> ModelSpec:
    """The model in a weights file that `taking_in` has written. Raises `WeightsError`."""
    told = weights_file.describe(weights)
    return ModelSpec(
        name=name,
        title=told.title or name,
        latent_size=told.latent_size,
        weights=weights,
        licence=told.licence or "Licence not stated",
        credit=told.credit,
        parameters=tuple(_parameters(told)),
    )


def _parameters(told: Description) -> list[Parameter]:
    """Those that do something in this model."""
    found: list[Parameter] = []
    if told.labels > 1:
        found.append(_class(told))
    if told.truncates:
        found.append(
            Float(
                name="truncation",
                label="Truncation",
                low=0.0,
                high=1.5,
                default=1.0,
                help="Below 1 nearer to the model's average picture, above 1 farther out.",
                group="Picture",
            )
        )
    return found


def _class(told: Description) -> Parameter:
    what = "What the picture is to show, of the classes that the model has learnt."
    if told.words:
        first = told.words[0]
        return Choice(
            name="label", label="Class", options=told.words, default=first, help=what,
            group="Picture",
        )  # fmt: skip
    return Int(
        name="label", label="Class", low=0, high=told.labels - 1, default=0, help=what,
        group="Picture",
    )  # fmt: skip


SPEC = EngineSpec(
    name="onnx_pictures",
    title="ONNX pictures",
    summary="Draws with other people's decoders: a GAN or VAE, exported to one ONNX file.",
    factory="engines.onnx_pictures.engine:OnnxEngine",
    models=(),
    model_files=ModelFiles(
        endings=(".onnx",),
        take_in="engines.onnx_pictures.taking_in:take_in",
        model="engines.onnx_pictures.spec:model_of",
    ),
)
