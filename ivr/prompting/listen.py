"""A recording as it came from a studio: read, looked at, and made into a take; or refused with a sentence."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from clearline.level import active_level_dbov
from ivr.prompting.errors import RecordingError
from ivr.prompting.render import MAX_RECORDING_S, bounds, limited
from ivr.prompting.synthesize import Audio, Samples

CLIPPED_SHARE = 0.001
"""Of the samples, in runs at full scale: from here on a take is refused; below, it is noted."""
QUIET_DBOV, TOO_QUIET_DBOV = -40.0, -55.0
NOISY_DB, TOO_NOISY_DB = 25.0, 15.0
"""Speech over the noise between the words."""
SHORTEST_S, LONGEST_S = 0.25, 20.0
NO_STOP_S = 1.5
"""A word that is shorter and cut closely may have no silence in it: its noise is noted, never refused."""
FULL_SCALE = 0.999
EDGE_S = 0.1
"""Of the room before and after the words, kept so that nothing sounds cut off."""


@dataclass(frozen=True, slots=True)
class Studio:
    """A take that can be used, trimmed, and what there is to say about it."""

    audio: Audio
    notes: tuple[str, ...]
    level_dbov: float
    snr_db: float


def listened(path: Path, expected_s: float | None = None) -> Studio:
    """Read and check one file of any format that libsndfile reads; raises ``RecordingError`` with one sentence.

    ``expected_s`` is how long its text takes to read; a take that is far from it is noted.
    """
    channels, rate, container = _read(path)
    samples, notes = _one_channel(channels)
    notes = [*_format_notes(rate, container), *notes]
    peak = float(np.abs(samples).max(initial=0.0))
    if not samples.size or not math.isfinite(active_level_dbov(samples, rate)) or peak < 1e-3:
        raise RecordingError(f"{path.name} is silent: record it again.")
    notes += _clipping(samples, path)
    speech = _with_edges(samples, rate)
    level, snr = active_level_dbov(speech, rate), _snr_db(samples, rate)
    notes += _loudness(level, snr, len(speech) / rate, path)
    notes += _length(len(speech) / rate, expected_s, path)
    return Studio(Audio(speech, rate), tuple(notes), level, snr)


def levelled(audio: Audio, level_dbov: float) -> Samples:
    """A take at the brand's level, its peaks held down."""
    gain_db = level_dbov - active_level_dbov(audio.samples, audio.rate)
    return limited(audio.samples * np.float32(10 ** (gain_db / 20)), audio.rate)


def _read(path: Path) -> tuple[Samples, int, str]:
    import soundfile

    try:
        with soundfile.SoundFile(path) as file:
            if file.frames > MAX_RECORDING_S * file.samplerate:
                raise RecordingError(f"{path.name} is longer than {MAX_RECORDING_S:.0f} s: cut it into its prompts.")
            return file.read(dtype="float32", always_2d=True), file.samplerate, file.format
    except (soundfile.LibsndfileError, OSError, TypeError):
        raise RecordingError(f"{path.name} is not audio that can be read: save it as WAV, FLAC, OGG or MP3.") from None


def _one_channel(channels: Samples) -> tuple[Samples, list[str]]:
    """The channels as one: mixed, or the loudest where mixing would cancel them out or add an empty one."""
    if channels.shape[1] == 1:
        return channels[:, 0], []
    power = np.square(channels).mean(axis=0) if len(channels) else np.zeros(channels.shape[1])
    mixed: Samples = channels.mean(axis=1)
    loudest = int(power.argmax())
    if np.square(mixed).mean() < 0.3 * power[loudest]:
        return channels[:, loudest], [f"{channels.shape[1]} channels: the loudest one is taken"]
    return mixed, [f"{channels.shape[1]} channels, mixed to one"]


def _format_notes(rate: int, container: str) -> list[str]:
    notes = []
    if rate < 16000:
        notes.append(f"only {rate} samples a second: fine on the telephone, dull elsewhere")
    elif rate not in (16000, 24000, 32000, 48000):
        notes.append(f"{rate / 1000:g} kHz, converted when it is played")
    if container in ("MP3", "OGG"):
        notes.append(f"{container}, a compressed format: ask for WAV or FLAC where you can")
    return notes


def _clipping(samples: Samples, path: Path) -> list[str]:
    full = np.abs(samples) >= FULL_SCALE
    runs = full[2:] & full[1:-1] & full[:-2]  # three in a row: a cut peak, no lucky sample
    share = float(runs.mean()) if runs.size else 0.0
    if share > CLIPPED_SHARE:
        raise RecordingError(f"{path.name} is clipped ({share:.1%} of it at full scale): record it again, softer.")
    return ["a few peaks are clipped"] if share else []


def _with_edges(samples: Samples, rate: int) -> Samples:
    begin, end = bounds(samples, rate)
    edge = round(EDGE_S * rate)
    return samples[max(0, begin - edge) : end + edge]


def _snr_db(samples: Samples, rate: int) -> float:
    """Speech over the quietest 60 ms: every sentence has stops and pauses in which the room alone is heard."""
    frame = max(1, rate // 50)
    count = len(samples) // frame
    power = np.square(samples[: count * frame].reshape(count, frame)).mean(axis=1)
    quietest = np.convolve(power, np.full(3, 1 / 3), mode="valid") if count >= 3 else power
    return active_level_dbov(samples, rate) - 10 * math.log10(max(float(quietest.min(initial=1.0)), 1e-12))


def _loudness(level: float, snr: float, length_s: float, path: Path) -> list[str]:
    if level < TOO_QUIET_DBOV:
        raise RecordingError(f"{path.name} is too quiet ({level:.0f} dBov): record it nearer to the microphone.")
    if snr < TOO_NOISY_DB and length_s >= NO_STOP_S:
        raise RecordingError(f"{path.name} is noisy (speech {snr:.0f} dB over the noise): record it in a quiet room.")
    notes = [f"quiet ({level:.0f} dBov), brought to the brand's level"] if level < QUIET_DBOV else []
    return [*notes, f"some noise (speech {snr:.0f} dB over it)"] if snr < NOISY_DB else notes


def _length(length_s: float, expected_s: float | None, path: Path) -> list[str]:
    if length_s < SHORTEST_S + 2 * EDGE_S:
        raise RecordingError(f"{path.name} lasts {length_s:.1f} s, too short for any words: record it again.")
    notes = [f"{length_s:.0f} s long, callers lose the thread after {LONGEST_S:.0f} s"] if length_s > LONGEST_S else []
    if expected_s and not expected_s / 2.2 < length_s < expected_s * 2.2:
        notes.append(f"lasts {length_s:.1f} s where about {expected_s:.1f} s are expected: is it this text?")
    return notes
