"""The lines that sound on a channel all the time: mains hum and the whistle of a line, which are nobody's music.

Definition. Per window of about a minute the magnitude that each bin of the spectrum has nearly always (its 10th
percentile), where that is made of lines; a window is given what stands in it or in one beside it, so that hum which
begins in the middle of a call is known from its beginning. Music changes its notes and tones have pauses, so neither
stands.
Default. A window has at least 5 s of sound, of which 12 s are heard.
Limits. A note that is held for most of a minute is taken for hum; a dial tone too, unless nobody ever speaks on the
channel. Hum that comes and goes within seconds is not known.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.ndimage import binary_dilation

from speechqa.audio import Samples
from speechqa.engines.edges import ON, Activity
from speechqa.engines.energy import HOP_S
from speechqa.engines.spectra import FRAME, STEP_S, Values, concentration, magnitudes
from speechqa.recording import Channel
from speechqa.timeline import Span

RATE_HZ = 8000
BLOCK_S = 16 * STEP_S
WINDOW_S = 60.0
LEAST_S = 5.0
HEARD_BLOCKS = 24
PERCENTILE = 10.0
LINES = 0.045  # how concentrated the standing sound is when it is a hum and not a hiss
TWO_LINES = 0.2


@dataclass(frozen=True, slots=True)
class Standing:
    """Magnitudes per bin of what stands, for each of equally long windows of ``length_s``; None where nothing does."""

    windows: tuple[Values | None, ...]
    length_s: float

    def at(self, at_s: float) -> Values | None:
        """What stands at that moment, seconds from the channel's start."""
        return self.windows[min(len(self.windows) - 1, max(0, int(at_s / self.length_s)))] if self.windows else None


def find_standing(channel: Channel, sounding: npt.NDArray[np.bool_], activity: Activity) -> Standing:
    """What stands on a channel; ``sounding`` says per hop whether there is any sound."""
    blocks = np.add.reduceat(sounding, np.arange(0, len(sounding), round(BLOCK_S / HOP_S))) > 0
    block_s = round(BLOCK_S / HOP_S) * HOP_S
    heard = binary_dilation(blocks)
    count = max(1, round(len(blocks) * block_s / WINDOW_S))
    length = -(-len(blocks) // count)
    spoken = bool((activity.likely >= ON).any())
    starts = [(np.flatnonzero(heard[at : at + length]) + at) * block_s for at in range(0, len(blocks), length)]
    found = [_standing_in(channel, each, spoken) for each in starts]
    return Standing(tuple(_around(found, at) for at in range(len(found))), length * block_s)


def standing_of(pieces: Iterable[Samples]) -> Values | None:
    """What stands in pieces of 8 kHz samples taken as one; None when that is silence or noise."""
    spectra = [magnitudes(piece) for piece in pieces if len(piece) >= FRAME]
    if not spectra:
        return None
    standing: Values = np.percentile(np.concatenate(spectra), PERCENTILE, axis=0).astype(np.float32)
    return standing if concentration(standing) >= LINES else None


def _standing_in(channel: Channel, starts: npt.NDArray[np.floating], spoken: bool) -> Values | None:
    if len(starts) * BLOCK_S < LEAST_S:
        return None
    chosen = starts[:: max(1, len(starts) // HEARD_BLOCKS)].tolist()
    spans = (Span(at, at + BLOCK_S).shifted(channel.offset_s) for at in chosen)
    standing = standing_of(channel.read(span, RATE_HZ) for span in spans)
    dial_tone = standing is not None and not spoken and concentration(standing) >= TWO_LINES
    return None if dial_tone else standing


def _around(found: list[Values | None], at: int) -> Values | None:
    near = [each for each in found[max(0, at - 1) : at + 2] if each is not None]
    return np.asarray(np.max(near, axis=0), np.float32) if near else None
