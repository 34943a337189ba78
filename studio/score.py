"""What a scene says about time and about how a band plays, each control declared once."""

from __future__ import annotations

from studio.live.metronome import METRONOME_PARAMETERS
from studio.live.quantise import QUANTUM
from studio.live.tempo import TEMPO_PARAMETERS
from studio.music.settings import BAND
from studio.parameters import Parameter

SCORE: tuple[Parameter, ...] = (*TEMPO_PARAMETERS, *METRONOME_PARAMETERS, QUANTUM, *BAND)
"""Tempo, count-in, metre, metronome, what changes wait for, and the band's playing."""
