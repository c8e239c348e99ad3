"""ITU-T P.56 (12/2011), method B, written down a second time and independently: one sample at a time, in plain Python.

After the recommendation's text (clause 7.3, "Method B") alone: ``sq``, ``p``, ``q``, the activity counts ``a`` and
hangover counts ``h`` of fourteen thresholds, a factor of two (6.02 dB) apart below full scale, and at the end the
interpolation by halving (the recommendation's ``bin_interp``) to within 0.1 dB of the margin. It shares nothing with
`clearline.level`: no numpy, no decimated envelope, another set of thresholds, another interpolation.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

MARGIN_DB, T_S, H_S, THRESHOLDS = 15.9, 0.03, 0.2, 15
TOLERANCE_DB = 0.1


def method_b(samples: Iterable[float], rate: int) -> tuple[float, float]:
    """The active level in dBov and the activity factor, (-inf, 0) for silence; samples in [-1, 1]."""
    g = math.exp(-1 / (rate * T_S))
    hang = math.ceil(H_S * rate)
    c = [2.0**-k for k in range(THRESHOLDS, 0, -1)]
    a, h = [0] * len(c), [hang] * len(c)
    count, sq, p, q = 0, 0.0, 0.0, 0.0
    for x in samples:
        count += 1
        sq += x * x
        p = g * p + (1 - g) * abs(x)
        q = g * q + (1 - g) * p
        for j, threshold in enumerate(c):
            if q >= threshold:
                a[j], h[j] = a[j] + 1, 0
            elif h[j] < hang:
                a[j], h[j] = a[j] + 1, h[j] + 1
            else:
                break
    return _level(sq, a, c, count)


def _level(sq: float, a: list[int], c: list[float], count: int) -> tuple[float, float]:
    if sq == 0 or a[0] == 0:
        return float("-inf"), 0.0
    below = None
    for active, threshold in zip(a, c, strict=True):
        if active == 0:
            break
        level, at = 10 * math.log10(sq / active), 20 * math.log10(threshold)
        if level - at <= MARGIN_DB:
            if below is None:
                break
            found = _halved(*below, level, at)
            return found, min(1.0, sq / count / 10 ** (found / 10))
        below = (level, at)
    return float("-inf"), 0.0


def _halved(upper: float, upper_at: float, lower: float, lower_at: float) -> float:
    """The level between two thresholds at which it is ``MARGIN_DB`` above its threshold."""
    while True:
        level, at = (upper + lower) / 2, (upper_at + lower_at) / 2
        off = level - at - MARGIN_DB
        if abs(off) <= TOLERANCE_DB / 10:
            return level
        if off > 0:
            upper, upper_at = level, at
        else:
            lower, lower_at = level, at
