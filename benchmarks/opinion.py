"""What listeners would say of a sound: DNSMOS (P.835, overall), foretold by Microsoft's model in ``speechmos``."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import soxr

RATE_HZ = 16_000


@cache
def _model() -> Any | None:
    try:
        from speechmos import dnsmos
    except ImportError:
        return None
    return dnsmos


def opinion(samples: npt.NDArray[np.float32], rate: int) -> float | None:
    """The overall mean opinion score (1-5) of mono samples in [-1, 1]; None without the package ``speechmos``."""
    model = _model()
    if model is None:
        return None
    wide = np.clip(soxr.resample(samples, rate, RATE_HZ), -1, 1).astype(np.float32)
    return float(model.run(wide, sr=RATE_HZ)["ovrl_mos"])
