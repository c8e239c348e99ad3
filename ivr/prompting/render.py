"""From text, or a recorded take, to telephone audio: 8 kHz mono PCM16 at the brand's level.

Each sentence is said on its own, moved in pitch, resampled (soxr), trimmed to the speech and joined with the brand's
pauses. Then the whole is filtered, brought to its active speech level (P.56), its peaks held under ``PEAK_DBFS``, and
given short silent edges, so that prompts can follow each other without clicks.

The telephone passes 300-3400 Hz (G.712). What lies under 150 Hz is rumble that only eats headroom and is removed; the
octave above it is kept for phones that reproduce it. The upper edge is the resampler's, 3.65 kHz.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from clearline.level import active_level_dbov
from ivr.prompting.errors import RecordingError, VoiceError
from ivr.prompting.sentences import paragraphs
from ivr.prompting.synthesize import Audio, Samples, Synthesizer

RATE_HZ = 8000
PEAK_DBFS = -3.0
RUMBLE_HZ = 150.0
LEAD_S, TAIL_S = 0.04, 0.12
FADE_S = 0.005
FRAME_S = 0.01
SPEECH_BELOW_PEAK_DB = 42.0
"""A frame this far under the loudest one is no speech, when edges are looked for."""
MARGIN_FRAMES = (2, 4)
"""Frames kept before and after the speech found: soft consonants at word edges."""
MAX_RECORDING_S = 300.0
REVISION = 1
"""Raised with every change here that is heard, so that cached audio is made anew."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How something is said: ``speed`` a factor, ``pitch`` in semitones, pauses in seconds, level in dBov."""

    speed: float = 1.0
    pitch: float = 0.0
    sentence_pause_s: float = 0.35
    paragraph_pause_s: float = 0.7
    level_dbov: float = -24.0

    def fingerprint(self) -> dict[str, Any]:
        """Everything that shapes the result beside text and voice."""
        return {**asdict(self), "rate": RATE_HZ, "revision": REVISION}


def render_text(text: str, voice: Synthesizer, manner: Manner, tail_s: float = TAIL_S) -> npt.NDArray[np.int16]:
    """Say ``text``; samples at ``RATE_HZ``, shape (n,), with ``tail_s`` of silence after it. Raises ``VoiceError``."""
    between = {True: manner.paragraph_pause_s, False: manner.sentence_pause_s}
    pieces: list[Samples] = []
    for paragraph in paragraphs(text):
        for index, sentence in enumerate(paragraph):
            if pieces:
                pieces.append(_silence(between[index == 0]))
            pieces.append(_sentence(sentence, voice, manner))
    if not pieces:
        raise VoiceError(f"There are no words in {text!r}: write what is to be said.")
    return finish(np.concatenate(pieces), manner.level_dbov, tail_s)


def render_recording(path: Path, level_dbov: float) -> npt.NDArray[np.int16]:
    """A recorded take of any format that libsndfile reads; samples at ``RATE_HZ``. Raises ``RecordingError``."""
    audio = _read(path)
    speech = trimmed(to_telephone_rate(audio))
    if not speech.size or not math.isfinite(active_level_dbov(speech, RATE_HZ)):
        raise RecordingError(f"{path} is silent: record it again, or remove its file: line.")
    return finish(speech, level_dbov)


def finish(speech: Samples, level_dbov: float, tail_s: float = TAIL_S) -> npt.NDArray[np.int16]:
    """Filter, level, limit and edge one prompt's speech (``RATE_HZ``)."""
    filtered = _faded(_without_rumble(speech)) if speech.size else speech
    level = active_level_dbov(filtered, RATE_HZ)
    if not math.isfinite(level):
        raise VoiceError("The voice gave only silence: try another voice or text.")
    levelled = limited(filtered * np.float32(10 ** ((level_dbov - level) / 20)))
    edged = np.concatenate([_silence(LEAD_S), levelled, _silence(tail_s)])
    pcm: npt.NDArray[np.int16] = np.rint(edged * 32767).astype(np.int16)
    return pcm


def to_telephone_rate(audio: Audio, pitch: float = 0.0) -> Samples:
    """Resample to ``RATE_HZ``; ``pitch`` semitones up also shortens by as much, as a tape run faster would."""
    import soxr

    played_at = audio.rate * 2 ** (pitch / 12)
    resampled: Samples = soxr.resample(audio.samples, played_at, RATE_HZ, quality="HQ")
    return resampled


def trimmed(speech: Samples) -> Samples:
    """Without the silence before and after; empty when there is nothing but silence."""
    frame = round(FRAME_S * RATE_HZ)
    count = len(speech) // frame
    if not count:
        return speech[:0]
    power = np.square(speech[: count * frame].reshape(count, frame)).mean(axis=1)
    loud = np.flatnonzero(power > max(float(power.max()) * 10 ** (-SPEECH_BELOW_PEAK_DB / 10), 1e-9))
    if not loud.size:
        return speech[:0]
    begin, end = max(0, loud[0] - MARGIN_FRAMES[0]), loud[-1] + 1 + MARGIN_FRAMES[1]
    return speech[begin * frame : end * frame]


def limited(speech: Samples) -> Samples:
    """Peaks turned down to ``PEAK_DBFS`` by a gain that moves within 10 ms and looks ahead."""
    from scipy.ndimage import minimum_filter1d

    ceiling = 10 ** (PEAK_DBFS / 20)
    need = np.minimum(1.0, ceiling / np.maximum(np.abs(speech), 1e-9))
    if need.min() >= 1.0:
        return speech
    width = round(0.01 * RATE_HZ) | 1
    window = np.hanning(width + 2)[1:-1]
    held = np.pad(minimum_filter1d(need, width, mode="nearest"), width // 2, mode="edge")
    gain = np.convolve(held, window / window.sum(), mode="valid")
    return (speech * np.minimum(gain, need)).astype(np.float32)


def _sentence(sentence: str, voice: Synthesizer, manner: Manner) -> Samples:
    """One sentence; the voice speaks slower by as much as the pitch shift will speed it up."""
    audio = voice.synthesize(sentence, speed=manner.speed / 2 ** (manner.pitch / 12))
    return _faded(trimmed(to_telephone_rate(audio, manner.pitch)))


def _without_rumble(speech: Samples) -> Samples:
    from scipy.signal import butter, sosfiltfilt

    sections = butter(2, RUMBLE_HZ, "highpass", fs=RATE_HZ, output="sos")
    padding = min(len(speech) - 1, RATE_HZ // 20)
    return np.asarray(sosfiltfilt(sections, speech, padlen=padding), np.float32)


def _faded(speech: Samples) -> Samples:
    count = min(round(FADE_S * RATE_HZ), len(speech) // 2)
    ramp = np.sin(np.linspace(0, np.pi / 2, count, dtype=np.float32)) ** 2
    faded = speech.copy()
    faded[:count] *= ramp
    faded[len(faded) - count :] *= ramp[::-1]
    return faded


def _silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE_HZ), np.float32)


def _read(path: Path) -> Audio:
    import soundfile

    try:
        with soundfile.SoundFile(path) as file:
            if file.frames > MAX_RECORDING_S * file.samplerate:
                raise RecordingError(f"{path} is longer than {MAX_RECORDING_S:.0f} s: a prompt is a sentence or a few.")
            samples = file.read(dtype="float32", always_2d=True)
            return Audio(samples.mean(axis=1), file.samplerate)
    except (soundfile.LibsndfileError, OSError, TypeError):
        raise RecordingError(f"{path} is not audio that can be read: save it as WAV, FLAC, OGG or MP3.") from None
