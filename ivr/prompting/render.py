"""From text, or a recorded take, to audio at the brand's level: mono PCM16, 8 kHz for the telephone or 16 kHz (HD).

Each sentence is said on its own, moved in pitch, resampled (soxr), trimmed to the speech and joined with the brand's
pauses. Then the whole is filtered, brought to its active speech level (P.56), its peaks held under ``PEAK_DBFS``, and
given short silent edges, so that prompts can follow each other without clicks.

The telephone passes 300-3400 Hz (G.712). What lies under 150 Hz is rumble that only eats headroom and is removed; the
octave above it is kept for phones that reproduce it. The upper edge is the resampler's: 3.65 kHz, or 7.3 kHz at 16 kHz.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from clearline.level import active_level_dbov
from ivr.prompting.colour import coloured
from ivr.prompting.errors import RecordingError, VoiceError
from ivr.prompting.sentences import paragraphs
from ivr.prompting.synthesize import Audio, Samples, Synthesizer

RATE_HZ = 8000
WIDE_RATE_HZ = 16000
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
LEVELLED_WITHIN_DB = 0.3
LEVELLING_ROUNDS = 8
REVISION = 2
"""Raised with every change here that is heard, so that cached audio is made anew."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How something is said: ``speed`` a factor, ``pitch`` in semitones, pauses in seconds, levels in dB and dBov."""

    speed: float = 1.0
    pitch: float = 0.0
    sentence_pause_s: float = 0.35
    paragraph_pause_s: float = 0.7
    level_dbov: float = -24.0
    bass_db: float = 0.0
    presence_db: float = 0.0

    def fingerprint(self, rate: int = RATE_HZ) -> dict[str, Any]:
        """Everything that shapes the result beside text and voice."""
        return {**asdict(self), "rate": rate, "revision": REVISION}


@dataclass(frozen=True, slots=True)
class Breath:
    """One sentence as a voice said it, at the voice's own rate, after so much silence."""

    pause_s: float
    audio: Audio


def render_text(
    text: str, voice: Synthesizer, manner: Manner, tail_s: float = TAIL_S, rate: int = RATE_HZ
) -> npt.NDArray[np.int16]:
    """Say ``text``; samples at ``rate``, shape (n,), with ``tail_s`` of silence after it. Raises ``VoiceError``."""
    return assembled(said(text, voice, manner), manner, tail_s, rate)


def said(text: str, voice: Synthesizer, manner: Manner) -> tuple[Breath, ...]:
    """The sentences of a text; the voice speaks slower by as much as the pitch shift will speed it up."""
    between = {True: manner.paragraph_pause_s, False: manner.sentence_pause_s}
    speed = manner.speed / 2 ** (manner.pitch / 12)
    breaths: list[Breath] = []
    for paragraph in paragraphs(text):
        for index, sentence in enumerate(paragraph):
            pause_s = between[index == 0] if breaths else 0.0
            breaths.append(Breath(pause_s, voice.synthesize(sentence, speed=speed)))
    if not breaths:
        raise VoiceError(f"There are no words in {text!r}: write what is to be said.")
    return tuple(breaths)


def assembled(
    breaths: Sequence[Breath], manner: Manner, tail_s: float = TAIL_S, rate: int = RATE_HZ
) -> npt.NDArray[np.int16]:
    """What was said, as one prompt at ``rate``; raises ``VoiceError`` when it is silence."""
    pieces: list[Samples] = []
    for breath in breaths:
        pieces.append(_silence(breath.pause_s, rate))
        own = breath.audio
        own = Audio(coloured(own.samples, own.rate, manner.bass_db, manner.presence_db), own.rate)
        pieces.append(_faded(trimmed(resampled(own, rate, manner.pitch), rate), rate))
    return finish(np.concatenate(pieces), manner.level_dbov, tail_s, rate)


def recorded(path: Path) -> tuple[Breath, ...]:
    """A recorded take, as something that was said; raises ``RecordingError``, also when it is silent."""
    audio = read_audio(path)
    speech = trimmed(audio.samples, audio.rate)
    if not speech.size or not math.isfinite(active_level_dbov(speech, audio.rate)):
        raise RecordingError(f"{path} is silent: record it again, or remove its file: line.")
    return (Breath(0.0, Audio(speech, audio.rate)),)


def render_recording(path: Path, level_dbov: float, rate: int = RATE_HZ) -> npt.NDArray[np.int16]:
    """A recorded take of any format that libsndfile reads; samples at ``rate``. Raises ``RecordingError``."""
    return assembled(recorded(path), Manner(level_dbov=level_dbov), rate=rate)


def finish(speech: Samples, level_dbov: float, tail_s: float = TAIL_S, rate: int = RATE_HZ) -> npt.NDArray[np.int16]:
    """Filter, level, limit and edge one prompt's speech."""
    edges = _silence(LEAD_S, rate), _silence(tail_s, rate)
    filtered = _faded(_without_rumble(speech, rate), rate) if speech.size else speech
    edged = np.concatenate([edges[0], filtered, edges[1]])
    level = active_level_dbov(edged, rate)
    if not math.isfinite(level):
        raise VoiceError("The voice gave only silence: try another voice or text.")
    return pcm16(_levelled(edged, level_dbov - level, level_dbov, rate))


def _levelled(prompt: Samples, gain_db: float, level_dbov: float, rate: int) -> Samples:
    """At its level with its peaks held down: what the peaks lose in a short, peaky word, the whole of it gains."""
    for _ in range(LEVELLING_ROUNDS):
        levelled = limited(prompt * np.float32(10 ** (gain_db / 20)), rate)
        missing_db = level_dbov - active_level_dbov(levelled, rate)
        if missing_db < LEVELLED_WITHIN_DB:
            break
        gain_db += missing_db
    return levelled


def pcm16(samples: Samples) -> npt.NDArray[np.int16]:
    """Samples in [-1, 1] as 16-bit ones."""
    pcm: npt.NDArray[np.int16] = np.rint(samples * 32767).astype(np.int16)
    return pcm


def resampled(audio: Audio, rate: int = RATE_HZ, pitch: float = 0.0) -> Samples:
    """Resample to ``rate``; ``pitch`` semitones up also shortens by as much, as a tape run faster would."""
    import soxr

    played_at = audio.rate * 2 ** (pitch / 12)
    samples: Samples = soxr.resample(audio.samples, played_at, rate, quality="HQ")
    return samples


def trimmed(speech: Samples, rate: int = RATE_HZ) -> Samples:
    """Without the silence before and after; empty when there is nothing but silence."""
    begin, end = bounds(speech, rate)
    return speech[begin:end]


def bounds(speech: Samples, rate: int = RATE_HZ) -> tuple[int, int]:
    """The first sample of the speech, and the one after its last; both 0 when there is nothing but silence."""
    frame = round(FRAME_S * rate)
    count = len(speech) // frame
    if not count:
        return 0, 0
    power = np.square(speech[: count * frame].reshape(count, frame)).mean(axis=1)
    loud = np.flatnonzero(power > max(float(power.max()) * 10 ** (-SPEECH_BELOW_PEAK_DB / 10), 1e-9))
    if not loud.size:
        return 0, 0
    begin, end = max(0, int(loud[0]) - MARGIN_FRAMES[0]), int(loud[-1]) + 1 + MARGIN_FRAMES[1]
    return begin * frame, min(end * frame, len(speech))


def limited(speech: Samples, rate: int = RATE_HZ) -> Samples:
    """Peaks turned down to ``PEAK_DBFS`` by a gain that moves within 10 ms and looks ahead."""
    from scipy.ndimage import minimum_filter1d

    ceiling = 10 ** (PEAK_DBFS / 20)
    need = np.minimum(1.0, ceiling / np.maximum(np.abs(speech), 1e-9))
    if need.min() >= 1.0:
        return speech
    width = round(0.01 * rate) | 1
    window = np.hanning(width + 2)[1:-1]
    held = np.pad(minimum_filter1d(need, width, mode="nearest"), width // 2, mode="edge")
    gain = np.convolve(held, window / window.sum(), mode="valid")
    return (speech * np.minimum(gain, need)).astype(np.float32)


def _without_rumble(speech: Samples, rate: int) -> Samples:
    from scipy.signal import butter, sosfiltfilt

    sections = butter(2, RUMBLE_HZ, "highpass", fs=rate, output="sos")
    padding = min(len(speech) - 1, rate // 20)
    return np.asarray(sosfiltfilt(sections, speech, padlen=padding), np.float32)


def _faded(speech: Samples, rate: int) -> Samples:
    count = min(round(FADE_S * rate), len(speech) // 2)
    ramp = np.sin(np.linspace(0, np.pi / 2, count, dtype=np.float32)) ** 2
    faded = speech.copy()
    faded[:count] *= ramp
    faded[len(faded) - count :] *= ramp[::-1]
    return faded


def _silence(seconds: float, rate: int) -> Samples:
    return np.zeros(round(seconds * rate), np.float32)


def read_audio(path: Path) -> Audio:
    """A file of any format that libsndfile reads, its channels averaged; raises ``RecordingError``."""
    import soundfile

    try:
        with soundfile.SoundFile(path) as file:
            if file.frames > MAX_RECORDING_S * file.samplerate:
                raise RecordingError(f"{path} is longer than {MAX_RECORDING_S:.0f} s: a prompt is a sentence or a few.")
            samples = file.read(dtype="float32", always_2d=True)
            return Audio(samples.mean(axis=1), file.samplerate)
    except (soundfile.LibsndfileError, OSError, TypeError):
        raise RecordingError(f"{path} is not audio that can be read: save it as WAV, FLAC, OGG or MP3.") from None
