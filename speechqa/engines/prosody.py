"""The voice stretch by stretch: pitch and level over a party's speech, by Praat (praat-parselmouth).

Definition. Pitch by autocorrelation between 75 and 500 Hz every 50 ms; the frames that Praat finds voiced, without the
tenth with the weakest periodicity, which noise and echoes make up. Speech is read in pieces of at most 4 s, and of one
minute in the call no more than 20 s of a voice, so that long calls stay quick. The customer's voice is listened to; of
the agent's, in calls with a refusal, what is near it and the first minute of the rest.
Default. The limits above; not on a mono recording, nor where the speech is less than 10 dB above the noise.
Source. Boersma 1993 (the autocorrelation method of Praat).
Limits. Octave errors remain; medians and percentiles of a turn suffer little from them.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from speechqa.conversation import Voice
from speechqa.recording import Channel
from speechqa.timeline import Span, Timeline

LOWEST_HZ, HIGHEST_HZ, STEP_S = 75.0, 500.0, 0.05
CANDIDATES = 5
"""Per frame; Praat's own default of 15 takes a third longer and finds the same on these pieces."""
LONGEST_PIECE_S, SHORTEST_PIECE_S = 4.0, 0.25
MOST_PER_MINUTE_S = 20.0
LEAST_VOICED_S = 0.2
REFERENCE_HZ = 100.0
RATE_HZ = 8000


def voices_of(lane: Channel, speech: Timeline) -> tuple[Voice, ...]:
    """The voice on a channel over ``speech`` (recording time), in order."""
    wanted = list(_pieces(speech))
    found = []
    for span, samples in _samples(lane, wanted):
        found.append(_voice(samples, span))
    return tuple(found)


def _pieces(speech: Timeline) -> Iterator[Span]:
    """The speech in pieces of at most 4 s, as much of each minute as is read."""
    read: dict[int, float] = defaultdict(float)
    for span in speech:
        count = max(1, math.ceil(span.duration_s / LONGEST_PIECE_S))
        each_s = span.duration_s / count
        for number in range(count):
            piece = Span(span.start_s + number * each_s, span.start_s + (number + 1) * each_s)
            minute = int(piece.start_s // 60)
            if each_s >= SHORTEST_PIECE_S and read[minute] < MOST_PER_MINUTE_S:
                read[minute] += each_s
                yield piece


def _samples(lane: Channel, wanted: list[Span]) -> Iterator[tuple[Span, NDArray[np.float64]]]:
    """The samples of each span, the channel read once in blocks; spans are in order and apart."""
    kept = np.zeros(0, np.float32)
    begun = 0
    todo = iter(wanted)
    span = next(todo, None)
    for block in lane.blocks(RATE_HZ):
        kept = np.concatenate([kept, block])
        while span is not None:
            start, end = (round((at_s - lane.offset_s) * RATE_HZ) for at_s in (span.start_s, span.end_s))
            if end > begun + len(kept):
                break
            yield span, kept[max(0, start - begun) : max(0, end - begun)].astype(np.float64)
            span = next(todo, None)
        if span is None:
            return
        drop = max(0, min(len(kept), round((span.start_s - lane.offset_s) * RATE_HZ) - begun))
        kept, begun = kept[drop:], begun + drop
    if span is not None and len(kept):
        start = max(0, round((span.start_s - lane.offset_s) * RATE_HZ) - begun)
        yield span, kept[start:].astype(np.float64)


def _voice(samples: NDArray[np.float64], span: Span) -> Voice:
    power = float(np.mean(samples**2)) if len(samples) else 0.0
    level = 10 * math.log10(power) if power > 0 else None
    pitches = _pitches(samples)
    voiced_s = len(pitches) * STEP_S
    if voiced_s < LEAST_VOICED_S:
        return Voice(span.start_s, span.end_s, voiced_s, None, None, level)
    low, middle, high = np.percentile(12 * np.log2(pitches / REFERENCE_HZ), (10, 50, 90))
    return Voice(span.start_s, span.end_s, voiced_s, float(middle), float(high - low), level)


def _pitches(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pitch in Hz of the voiced frames."""
    import parselmouth

    if len(samples) < RATE_HZ * SHORTEST_PIECE_S:
        return np.zeros(0)
    sound = parselmouth.Sound(samples, sampling_frequency=RATE_HZ)
    pitch = sound.to_pitch_ac(
        time_step=STEP_S, pitch_floor=LOWEST_HZ, pitch_ceiling=HIGHEST_HZ, max_number_of_candidates=CANDIDATES
    )
    frames = pitch.selected_array
    voiced = frames["frequency"] > 0
    hz, strength = frames["frequency"][voiced], frames["strength"][voiced]
    firm: NDArray[np.float64] = hz[strength >= np.quantile(strength, 0.1)] if len(hz) else hz
    return firm
