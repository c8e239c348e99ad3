"""A brand's sounds as telephone audio: the sonic logo before greetings, the music while a caller waits."""

from __future__ import annotations

import hashlib
import math
from pathlib import Path

import numpy as np
import numpy.typing as npt

from clearline.level import active_level_dbov
from ivr.prompting.cache import content_key
from ivr.prompting.errors import RecordingError
from ivr.prompting.pieces import Piece
from ivr.prompting.render import RATE_HZ, Manner, limited, pcm16, read_audio, recorded, resampled

EARCON_BELOW_DB = 3.0
"""The logo is a little softer than the words after it: a bell at the level of speech startles."""
EARCON_GAP_S = 0.25
HOLD_BELOW_DB = 6.0
"""Music that is in nobody's way: the prompts between it are understood at once."""
HOLD_FADES_S = (0.03, 0.25)
"""At its beginning and its end, so that the loop has no click."""
REVISION = 1


def earcon(file: Path, level_dbov: float) -> Piece:
    """The sonic logo and the short silence after it, trimmed, levelled and faded like a take."""
    sound = hashlib.sha256(file.read_bytes()).hexdigest()
    manner = Manner(level_dbov=level_dbov - EARCON_BELOW_DB)
    return Piece({"earcon": sound, "sounds": REVISION}, manner, EARCON_GAP_S, lambda: recorded(file))


def hold_key(file: Path, level_dbov: float, rate: int = RATE_HZ) -> str:
    """The content key of hold music at this brand's level."""
    sound = hashlib.sha256(file.read_bytes()).hexdigest()
    shaped_by = {"hold": sound, "level_dbov": level_dbov, "below": HOLD_BELOW_DB, "fades": HOLD_FADES_S}
    return content_key({**shaped_by, "sounds": REVISION, "rate": rate})


def render_hold(file: Path, level_dbov: float, rate: int = RATE_HZ) -> npt.NDArray[np.int16]:
    """Hold music made to be looped, at ``rate``, shape (n,); raises ``RecordingError`` for what is no sound."""
    music = resampled(read_audio(file), rate)
    level = active_level_dbov(music, rate)
    if not math.isfinite(level):
        raise RecordingError(f"{file} is silent: name other hold music, or remove the hold: line.")
    levelled = limited(music * np.float32(10 ** ((level_dbov - HOLD_BELOW_DB - level) / 20)), rate)
    begin, end = (min(round(fade * rate), len(levelled) // 2) for fade in HOLD_FADES_S)
    levelled[:begin] *= np.sin(np.linspace(0, np.pi / 2, begin, dtype=np.float32)) ** 2
    levelled[len(levelled) - end :] *= np.cos(np.linspace(0, np.pi / 2, end, dtype=np.float32)) ** 2
    return pcm16(levelled)
