"""Which MIDI inputs are heard while something is learnt."""

from __future__ import annotations

from studio.live.rig import Rig


class LearnInputs:
    """All that are plugged in are heard while a control waits for a movement; the one that was
    moved stays ticked in the settings, the others are as before."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        self._before: tuple[str, ...] | None = None

    @property
    def there(self) -> bool:
        """Whether there is anything to learn from."""
        return bool(self._rig.surfaces.devices or self._rig.devices.ports.inputs)

    def open(self) -> None:
        """Hear everything."""
        settings = self._rig.settings
        every = tuple(dict.fromkeys((*settings.inputs, *self._rig.devices.ports.inputs)))
        if self._before is None and every != settings.inputs:
            self._before = settings.inputs
            self._rig.use(settings.but(inputs=every))

    def close(self, learnt: str = "") -> None:
        """Hear what was heard before, and the device called `learnt`."""
        before, self._before = self._before, None
        if before is not None:
            opened = self._rig.settings.inputs
            kept = tuple(name for name in opened if name in before or name == learnt)
            self._rig.use(self._rig.settings.but(inputs=kept))
