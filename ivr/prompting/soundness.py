"""Whether rendered audio is what a build promises: its level, its peak, its edges, its place in the telephone band.

A build looks at few things and keeps them with its stamp; what is measured and where it becomes too much is that of
``ivr prompts check`` (``ivr.prompting.checking``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ivr.prompting.checking.rules import IN_BAND_DB, LEAD_S, LEVEL_WITHIN_DB, PEAK_DBFS
from ivr.prompting.checking.sound import measure


@dataclass(frozen=True, slots=True)
class Soundness:
    """Of one file: seconds, dBov (P.56), dBFS, dB that the telephone band keeps of it, leading silence."""

    length_s: float
    level_dbov: float
    peak_dbfs: float
    in_band_db: float
    lead_s: float

    def faults(self, level_dbov: float) -> tuple[str, ...]:
        """What is not as promised, in words; empty when all is."""
        found = []
        if abs(self.level_dbov - level_dbov) > LEVEL_WITHIN_DB:
            found.append(f"its level is {self.level_dbov:.1f} dBov instead of {level_dbov:g}")
        if self.peak_dbfs > PEAK_DBFS:
            found.append(f"its peak is {self.peak_dbfs:.1f} dBFS, above {PEAK_DBFS:g}")
        if self.lead_s > LEAD_S:
            found.append(f"it begins with {self.lead_s:.2f} s of silence")
        if self.in_band_db < IN_BAND_DB:
            found.append(f"only {10 ** (self.in_band_db / 10):.0%} of its energy lies in the telephone band")
        return tuple(found)


def soundness(samples: npt.NDArray[np.int16], rate: int) -> Soundness:
    """Measure mono samples, shape (n,)."""
    sound = measure(samples.astype(np.float32) / np.float32(32768), rate, "", "")
    return Soundness(
        length_s=round(sound.duration_s, 3),
        level_dbov=round(sound.level_dbov, 2),
        peak_dbfs=round(sound.peak_dbfs, 2),
        in_band_db=round(sound.in_band_db, 1),
        lead_s=round(sound.lead_s, 3),
    )
