"""What a telephone line does to a prompt: ITU-T G.711 mu-law, by libsndfile's coder."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ivr.prompting.errors import RecordingError

RATE_HZ = 8000
Samples = npt.NDArray[np.float32]


def through_g711(samples: npt.NDArray[np.floating[Any]]) -> Samples:
    """Mono samples at ``RATE_HZ`` in [-1, 1], coded and decoded."""
    import soundfile

    coded = io.BytesIO()
    soundfile.write(coded, samples, RATE_HZ, format="AU", subtype="ULAW")
    coded.seek(0)
    decoded: Samples = soundfile.read(coded, dtype="float32")[0]
    return decoded


def read_prompt(path: Path) -> tuple[Samples, int]:
    """A file's mono samples (channels are averaged) and rate; raises ``RecordingError`` when it is no audio."""
    import soundfile

    try:
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, OSError, TypeError):
        raise RecordingError(f"{path} is not audio that can be read") from None
    return samples.mean(axis=1, dtype=np.float32), int(rate)
