"""Fake stereo: one sound on both channels.

Definition. The two sides are one sound when one fixed gain (of either sign) turns one into the other and leaves, at
every moment looked at, less than 1 % of the energy, while no gain that changes with the moment would leave much less:
two people with strong cross-talk fit a different gain each.
One fixed delay may lie between them.
Default. Gains up to 10 dB, delays up to 0.5 s. Looked at: up to 12 stretches of 5 s, then, if all agree, the whole
recording.
Source. Own definition; -20 dB leaves room for two passes of G.711 (noise about -37 dB) and none for a second talker.
Limits. The same sound twice with a delay of a fraction of a sample, or once through a lossy music codec, is not
recognised.

*Alternating.* A mono file whose header says stereo has every other sample of one sound on each channel: the second
channel lies half a sample after the first, at every moment looked at, and clearly nearer to that than to no delay or
to a whole sample's (as fake stereo through a lossy codec would). Nothing can be measured by such a header.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt
from scipy.fft import irfft, rfft

from speechqa.audio import Samples

STRETCHES = 12
STRETCH_S = 5.0
FRAME_S = 0.05
LEFT_OVER = 10 ** (-20 / 10)
CHANGING_GAIN = 0.25
CODEC_NOISE = 10 ** (-33 / 10)
HIGHEST_GAIN_DB = 10.0
LONGEST_DELAY_S = 0.5
ALIKE = 0.9
"""Correlation of two stretches that may be one sound with a delay."""
BETWEEN_TAPS = 16
BETWEEN_LEFT_OVER = 0.5
"""Of the second channel's energy; what lies above half of the band folds and cannot be put between the samples."""
BETWEEN_NEARER = 0.75
SILENT_POWER = 10 ** (-65 / 10)

Pair = tuple[Samples, Samples]
Products = npt.NDArray[np.float64]
"""Per frame: the power of one, of the other, and their product; shape ``(frames, 3)``."""


def same_sound(pairs: Iterable[Pair], rate_hz: int) -> bool:
    """Whether every pair of simultaneous stretches is one sound; silence alone is no evidence."""
    products = [_products(one, two, rate_hz) for one, two in pairs]
    joined = np.concatenate(products) if products else np.zeros((0, 3))
    return is_one_sound(joined)


def common_delay(pairs: Iterable[Pair], rate_hz: int) -> int | None:
    """By how many samples the second is later (negative: earlier) in every stretch that sounds; None where it differs.

    Gives up at the first stretch that is not alike, so that two people cost one look.
    """
    found: int | None = None
    for one, two in pairs:
        if min(_power(one), _power(two)) <= SILENT_POWER:
            continue
        delay = _delay(one, two, round(LONGEST_DELAY_S * rate_hz))
        if delay is None or (found is not None and delay != found):
            return None
        found = delay
    return found


def _delay(one: Samples, two: Samples, longest: int) -> int | None:
    length = 1 << (len(one) + len(two)).bit_length()
    cross = irfft(rfft(two, length) * np.conj(rfft(one, length)), length)
    within = np.concatenate([cross[-longest:], cross[: longest + 1]])
    peak = int(np.abs(within).argmax())
    alike = float(np.abs(within[peak])) / np.sqrt(float(np.sum(one**2)) * float(np.sum(two**2)))
    return peak - longest if alike >= ALIKE else None


def alternating(pairs: Iterable[Pair], rate_hz: int) -> bool:
    """Whether the channels of every stretch that sounds are every other sample of one sound."""
    seen = [_between(one, two) for one, two in pairs if _power(two) > SILENT_POWER and len(two) >= rate_hz // 2]
    return bool(seen) and all(seen)


def _between(one: Samples, two: Samples) -> bool:
    """Whether the second is the first, half a sample later."""
    at = np.arange(-BETWEEN_TAPS, BETWEEN_TAPS) + 0.5
    later = np.convolve(one, np.sinc(at) * np.hanning(2 * BETWEEN_TAPS + 2)[1:-1])[BETWEEN_TAPS:][: len(two)]
    inner = slice(BETWEEN_TAPS, len(later) - BETWEEN_TAPS)
    left = _power(two[inner] - later[inner])
    nearest = min(_power(two - one), _power(two[:-1] - one[1:]))
    return left < BETWEEN_LEFT_OVER * _power(two[inner]) and left < BETWEEN_NEARER * nearest


def _power(samples: Samples | npt.NDArray[np.float64]) -> float:
    level = samples.astype(np.float64) - samples.mean() if len(samples) else np.zeros(1)
    return float(np.mean(level**2))


def is_one_sound(products: Products) -> bool:
    """The decision on the frames that are not silent; see the module docstring."""
    sounding = products[(products[:, 0] > SILENT_POWER) | (products[:, 1] > SILENT_POWER)]
    if not len(sounding):
        return False
    one, two, both = sounding.sum(axis=0)
    if one <= 0 or two <= 0:
        return False
    gain = both / one
    if abs(20 * np.log10(abs(gain) + 1e-12)) > HIGHEST_GAIN_DB:
        return False
    left = sounding[:, 1] - 2 * gain * sounding[:, 2] + gain**2 * sounding[:, 0]
    own_gain = np.maximum(sounding[:, 1] - sounding[:, 2] ** 2 / np.maximum(sounding[:, 0], 1e-12), 0)
    if left.sum() > LEFT_OVER * two or _worst(left, sounding[:, 1]) > 4 * LEFT_OVER:
        return False
    return bool(left.sum() <= CODEC_NOISE * two or own_gain.sum() > CHANGING_GAIN * left.sum())


def stretches(duration_s: float) -> Iterator[tuple[float, float]]:
    """Where to look first: start and end in seconds, spread over the recording."""
    if duration_s <= STRETCHES * STRETCH_S:
        yield 0.0, duration_s
        return
    for start_s in np.linspace(0.0, duration_s - STRETCH_S, STRETCHES):
        yield float(start_s), float(start_s) + STRETCH_S


def _worst(left: npt.NDArray[np.float64], two: npt.NDArray[np.float64]) -> float:
    """The share left over in the worst second, against sound that is at most 20 dB under the mean."""
    size = round(1.0 / FRAME_S)
    least = float(two.mean()) * size / 100
    count = max(1, len(left) // size)
    parts = zip(np.array_split(left, count), np.array_split(two, count), strict=True)
    return max(float(over.sum() / max(all_of.sum(), least, 1e-12)) for over, all_of in parts)


def _products(one: Samples, two: Samples, rate_hz: int) -> Products:
    size = round(FRAME_S * rate_hz)
    count = min(len(one), len(two)) // size
    a, b = (side[: count * size].reshape(count, size).astype(np.float64) for side in (one, two))
    a, b = a - a.mean(axis=1, keepdims=True), b - b.mean(axis=1, keepdims=True)
    return np.stack([np.einsum("ij,ij->i", x, y) / size for x, y in ((a, a), (b, b), (a, b))], axis=1)
