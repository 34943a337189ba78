"""From the scene to pictures and phrases: the contract with engines, and the thread they run on.

Here belongs all that talks to an engine. Guests import the contract from this package.
"""

from studio.document.arrays import Atlas, BlendMap, Latent, Pixels
from studio.engine.contract import (
    Decoders,
    DeviceChoice,
    DeviceError,
    Engine,
    EngineError,
    EngineSpec,
    Job,
    Loaded,
    ModelSpec,
    Passage,
    Resources,
    WeightsError,
    thread_budget,
)
from studio.engine.learning import Learning, ModelFiles, Stopped, Watch

__all__ = [
    "Atlas",
    "BlendMap",
    "Decoders",
    "DeviceChoice",
    "DeviceError",
    "Engine",
    "EngineError",
    "EngineSpec",
    "Job",
    "Latent",
    "Learning",
    "Loaded",
    "ModelFiles",
    "ModelSpec",
    "Passage",
    "Pixels",
    "Resources",
    "Stopped",
    "Watch",
    "WeightsError",
    "contract",
    "deck_job",
    "deck_state",
    "decks",
    "learning",
    "messages",
    "meter",
    "offline",
    "own_pictures",
    "picture_files",
    "refinements",
    "registry",
    "room",
    "thread_budget",
    "thumbnails",
    "worker_thread",
]
