"""espeak-ng (GPL-3.0-or-later) through the library of ``espeakng-loader``: a robot's voice for over 100 languages.

A fallback for languages without a natural voice, and labelled so. The library keeps one state per process, so one lock
guards it and the voice is set before every sentence. Functions: espeak-ng's ``speak_lib.h``.
"""

from __future__ import annotations

import ctypes
import threading
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ivr.prompting.errors import VoiceError
from ivr.prompting.synthesize import Audio

WORDS_PER_MINUTE = 160
"""Pace at speed 1; the library's own 175 is hurried on the phone."""

_SYNCHRONOUS, _DONT_EXIT, _UTF8, _RATE = 2, 0x8000, 1, 1
_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)
_LOCK = threading.Lock()


class EspeakVoice:
    """One language or voice of espeak-ng, by its code: ``uk``, ``nb``, ``ro``, ``lt``, ``ru``, ``en-us`` ..."""

    natural = False

    def __init__(self, voice: str, folder: Path) -> None:
        self._voice = voice
        with _LOCK:
            if _library().speaks(voice):
                return
        raise VoiceError(f"espeak-ng has no voice {voice!r}: give a language code such as uk, nb, ro, lt, ru or en-us.")

    @cached_property
    def version(self) -> str:
        """Package version and voice."""
        return f"espeakng-loader {version('espeakng-loader')} {self._voice}"

    def synthesize(self, text: str, *, speed: float = 1.0) -> Audio:
        """One sentence at 22.05 kHz."""
        with _LOCK:
            library = _library()
            library.speaks(self._voice)
            samples = library.say(text, round(WORDS_PER_MINUTE * speed))
        if not samples.size:
            raise VoiceError(f"The espeak voice {self._voice} can say nothing of {text!r}.")
        return Audio(samples.astype(np.float32) / np.float32(32768), library.rate)


class _Library:
    """The few functions used, and the buffer that the library fills."""

    def __init__(self) -> None:
        import espeakng_loader

        try:
            self._lib = ctypes.CDLL(espeakng_loader.get_library_path())
        except OSError as error:
            raise VoiceError(f"espeak-ng cannot be loaded on this machine: {error}.") from None
        self._pieces: list[npt.NDArray[np.int16]] = []
        self._callback = _CALLBACK(self._collect)  # kept: the library calls it later
        data = espeakng_loader.get_data_path().encode()
        self.rate: int = self._lib.espeak_Initialize(_SYNCHRONOUS, 0, data, _DONT_EXIT)
        if self.rate <= 0:
            raise VoiceError(f"espeak-ng finds no voice data at {data.decode()}: install espeakng-loader again.")
        self._lib.espeak_SetSynthCallback(self._callback)

    def _collect(self, wave: ctypes._Pointer[ctypes.c_short], count: int, events: int | None) -> int:
        if wave and count > 0:
            self._pieces.append(np.ctypeslib.as_array(wave, (count,)).copy())
        return 0

    def speaks(self, voice: str) -> bool:
        """Choose the voice; false when there is none of that name."""
        return bool(self._lib.espeak_SetVoiceByName(voice.encode()) == 0)

    def say(self, text: str, words_per_minute: int) -> npt.NDArray[np.int16]:
        """The samples of one text."""
        self._pieces.clear()
        self._lib.espeak_SetParameter(_RATE, words_per_minute, 0)
        encoded = text.encode() + b"\0"
        size = ctypes.c_size_t(len(encoded))
        self._lib.espeak_Synth(encoded, size, 0, 1, 0, _UTF8, None, None)
        self._lib.espeak_Synchronize()
        return np.concatenate(self._pieces) if self._pieces else np.zeros(0, np.int16)


@cache
def _library() -> _Library:
    return _Library()
