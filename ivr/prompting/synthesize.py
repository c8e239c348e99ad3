"""From text to speech: what every voice engine offers, and the list of engines.

An engine is one small file with a class that fits ``Synthesizer``, in ``ivr/prompting/engines`` or in any installed
package (see there). Opening a voice is cheap and checks that it is there; what is heavy is loaded by the first word
said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import Protocol, cast

import numpy as np
import numpy.typing as npt

from ivr.prompting.engines import engines
from ivr.prompting.errors import VoiceError

Samples = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Audio:
    """Mono samples, shape (n,), float32 in [-1, 1], and their rate in Hz."""

    samples: Samples
    rate: int

    @property
    def duration_s(self) -> float:
        """The length in seconds."""
        return len(self.samples) / self.rate


class Synthesizer(Protocol):
    """A voice that can be asked to say one sentence at a time; may be called from one thread at a time."""

    @property
    def natural(self) -> bool:
        """Whether it sounds like a person; a voice that does not is a fallback and is labelled as one."""

    @property
    def version(self) -> str:
        """Names engine, version and voice data: audio made under another version is made anew."""

    def synthesize(self, text: str, *, speed: float = 1.0) -> Audio:
        """Say one sentence, ``speed`` times as fast as the voice's own pace; raises ``VoiceError``."""


def open_voice(engine: str, voice: str, folder: Path, variation: float = 1.0) -> Synthesizer:
    """The voice of an engine, checked but not loaded; raises ``VoiceError``. ``folder`` anchors relative paths.

    An engine whose voices vary takes ``variation`` too, a factor of their own.
    """
    module, _, name = engines()[engine].partition(":")
    try:
        factory = cast("Callable[..., Synthesizer]", getattr(import_module(module), name))
    except (ImportError, AttributeError) as error:
        raise VoiceError(f"The engine {engine!r} cannot be loaded ({error}): install its package again.") from None
    if variation == 1.0:
        return factory(voice, folder)
    if "variation" not in signature(factory).parameters:
        raise VoiceError(f"The voices of {engine!r} do not vary: take out variation in brand.yaml.")
    return factory(voice, folder, variation=variation)
