"""Whether rendered audio is what a build promises: its level, its peak, its edges, its place in the telephone band."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from clearline.level import active_level_dbov
from ivr.prompting.render import PEAK_DBFS

LEVEL_DB = 1.0
"""How far a prompt may be from the brand's level."""
EDGE_S = 0.35
"""The longest silence before the first word; the pause after a sentence may be longer."""
BAND_HZ = (300.0, 3400.0)
"""What the telephone passes (ITU-T G.712)."""
BAND_SHARE = 0.25
"""The share of the energy that lies in that band, at least: less is heard as a mumble. Speech has two thirds there."""
QUIET = 10 ** (-50 / 20)


@dataclass(frozen=True, slots=True)
class Soundness:
    """Measured on one file: seconds, dBov (P.56), dBFS, the share of energy in the telephone band, leading silence."""

    length_s: float
    level_dbov: float
    peak_dbfs: float
    band: float
    lead_s: float

    def faults(self, level_dbov: float) -> tuple[str, ...]:
        """What is not as promised, in words; empty when all is."""
        found = []
        if abs(self.level_dbov - level_dbov) > LEVEL_DB:
            found.append(f"its level is {self.level_dbov:.1f} dBov instead of {level_dbov:g}")
        if self.peak_dbfs > PEAK_DBFS + 0.05:
            found.append(f"its peak is {self.peak_dbfs:.1f} dBFS, above {PEAK_DBFS:g}")
        if self.lead_s > EDGE_S:
            found.append(f"it begins with {self.lead_s:.2f} s of silence")
        if self.band < BAND_SHARE:
            found.append(f"only {self.band:.0%} of its energy lies in the telephone band")
        return tuple(found)


def soundness(samples: npt.NDArray[np.int16], rate: int) -> Soundness:
    """Measure mono samples, shape (n,)."""
    sound = samples.astype(np.float64) / 32768
    peak = float(np.abs(sound).max(initial=0.0))
    loud = np.flatnonzero(np.abs(sound) > QUIET * peak)
    return Soundness(
        length_s=round(len(samples) / rate, 3),
        level_dbov=round(active_level_dbov(samples, rate), 2),
        peak_dbfs=round(20 * math.log10(peak), 2) if peak else -math.inf,
        band=round(_band_share(sound, rate), 3),
        lead_s=round(float(loud[0]) / rate, 3) if loud.size else 0.0,
    )


def _band_share(sound: npt.NDArray[np.float64], rate: int) -> float:
    spectrum: npt.NDArray[Any] = np.square(np.abs(np.fft.rfft(sound)))
    hz = np.fft.rfftfreq(len(sound), 1 / rate)
    total = float(spectrum.sum())
    return float(spectrum[(hz >= BAND_HZ[0]) & (hz <= BAND_HZ[1])].sum()) / total if total else 0.0
