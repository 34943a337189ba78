"""What a scene says about time, each control declared once."""

from __future__ import annotations

from studio.live.metronome import METRONOME_PARAMETERS
from studio.live.quantise import QUANTUM
from studio.live.tempo import TEMPO_PARAMETERS
from studio.parameters import Parameter

SCORE: tuple[Parameter, ...] = (*TEMPO_PARAMETERS, *METRONOME_PARAMETERS, QUANTUM)
"""Tempo, count-in, metre, metronome, and what changes wait for."""
