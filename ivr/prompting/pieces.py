"""One file of audio before it is made: what shapes it, and how to make it, at whatever rate is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ivr.prompting.cache import AudioCache, content_key
from ivr.prompting.parts import Part
from ivr.prompting.render import RATE_HZ, TAIL_S, Breath, Manner, assembled


@dataclass(frozen=True, slots=True)
class Piece:
    """``shaped_by`` holds all that decides how it sounds beside its manner; ``say`` raises a ``PromptError``."""

    shaped_by: Mapping[str, Any]
    manner: Manner
    tail_s: float
    say: Callable[[], Sequence[Breath]] = field(repr=False, compare=False)

    def key(self, rate: int = RATE_HZ) -> str:
        """The name of its file at this rate, without the ending."""
        shaped_by = {**self.shaped_by, **self.manner.fingerprint(rate)}
        return content_key(shaped_by if self.tail_s == TAIL_S else {**shaped_by, "tail": self.tail_s})

    def part(self, cache: AudioCache) -> Part:
        """Its file for the telephone, there already or made when asked for."""
        key = self.key()
        return Part(cache.path(key), lambda: cache.get(key, lambda: assembled(self.say(), self.manner, self.tail_s)))

    def make(self, cache: AudioCache, rates: Sequence[int]) -> tuple[Path, ...]:
        """Its files at these rates, spoken at most once; those that are there already are not made again."""
        spoken: list[Sequence[Breath]] = []

        def breaths() -> Sequence[Breath]:
            if not spoken:
                spoken.append(self.say())
            return spoken[0]

        return tuple(
            cache.get(self.key(rate), lambda rate=rate: assembled(breaths(), self.manner, self.tail_s, rate), rate)  # type: ignore[misc]
            for rate in rates
        )
