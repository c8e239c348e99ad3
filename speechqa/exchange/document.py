"""``analysis.json`` as it comes from a file: checked, and as far as exports need it typed.

Raises ExchangeError with the file and the line or the field. Fields that are not named here stay in ``raw``.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from speechqa.analysis import SCHEMA
from speechqa.conversation import PARTIES, Party
from speechqa.errors import ExchangeError
from speechqa.timeline import Span

Seconds = Annotated[float, Field(allow_inf_nan=False, ge=-360_000, le=360_000)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Stretch(_Part):
    """From when to when; ``span`` is what lies in the call (a channel may have begun earlier)."""

    start_s: Seconds
    end_s: Seconds

    @property
    def span(self) -> Span:
        """The stretch cut at 0 s."""
        start_s = max(0.0, self.start_s)
        return Span(start_s, max(start_s, self.end_s))


class Speech(Stretch):
    """A party speaks."""

    party: Party


class Said(Speech):
    """A word or a turn."""

    text: str


class Word(Said):
    """A word; ``confidence`` 0-1."""

    confidence: Annotated[float, Field(ge=0, le=1)] = 1.0


class Turn(Said):
    """A turn; its rate is None without words."""

    speech_rate_wpm: float | None = None


class Silence(Stretch):
    """Nobody speaks."""

    kind: str


class Overlap(Stretch):
    """Both speak; ``by`` began later."""

    by: Party
    kind: str


class Finding(Speech):
    """A finding of the wording."""

    rule: str
    quote: str = ""
    say_instead: str | None = None
    why: str | None = None
    credit: bool = False


class Voices(_Part):
    """How many voices were found on a mono recording: 0, 1, 2; 3 for more."""

    found: int = 0


class Recording(_Part):
    """The recording; ``roles`` None where one channel carries both people."""

    file: str
    sha256: str = ""
    layout: str = "stereo"
    roles: dict[Party, int] | None = None
    voices: Voices | None = None

    @property
    def told_apart(self) -> bool:
        """Whether both people were on one channel and who speaks was estimated from their voices."""
        return self.voices is not None and self.voices.found >= 2


class Call(_Part):
    """What the call record says of the call; ``started`` is RFC 3339."""

    id: str | None = None
    started: str | None = None
    agent: str | None = None
    customer: str | None = None


class AnalysisDocument(_Part):
    """The parts of ``speechqa.analysis/1`` that exports read."""

    duration_s: Annotated[float, Field(ge=0, le=360_000, allow_inf_nan=False)]
    language: str = "en"
    recording: Recording
    call: Call | None = None
    speech: tuple[Speech, ...] = ()
    words: tuple[Word, ...] = ()
    turns: tuple[Turn, ...] = ()
    silences: tuple[Silence, ...] = ()
    overlaps: tuple[Overlap, ...] | None = None
    findings: tuple[Finding, ...] | None = None
    pace: dict[Party, dict[str, Any] | None] = {}

    def worded_turns(self) -> tuple[tuple[Turn, tuple[int, ...]], ...]:
        """Each turn with the places in ``words`` of its words: those of its party whose middle lies in it."""
        middles = {
            party: sorted(
                ((word.start_s + word.end_s) / 2, place) for place, word in enumerate(self.words) if word.party == party
            )
            for party in PARTIES
        }
        return tuple((turn, _places(middles[turn.party], turn)) for turn in self.turns)

    def channel(self, party: Party) -> int:
        """The party's channel number, from 0; customer 0 and agent 1 where the recording does not say."""
        roles = self.recording.roles or {}
        return roles.get(party, PARTIES[::-1].index(party))


def _places(middles: list[tuple[float, int]], turn: Turn) -> tuple[int, ...]:
    first, last = bisect_left(middles, (turn.start_s, -1)), bisect_left(middles, (turn.end_s, len(middles) + 1))
    return tuple(sorted(place for _, place in middles[first:last]))


@dataclass(frozen=True, slots=True)
class Document:
    """A checked analysis and the JSON that it was read from."""

    analysis: AnalysisDocument
    raw: Mapping[str, Any]


def parse_document(text: str, name: str) -> Document:
    """An analysis from its JSON text; ``name`` is what errors call it."""
    return document_of(parse_json(text, name), name)


def document_of(raw: Any, name: str) -> Document:
    """An analysis from its JSON object."""
    if not isinstance(raw, dict) or raw.get("schema") != SCHEMA:
        raise ExchangeError(f"{name} is no analysis ({SCHEMA}); make one with speechqa analyze CALL --json {name}.")
    try:
        return Document(AnalysisDocument.model_validate(raw), raw)
    except ValidationError as error:
        raise ExchangeError(f"{name}, {fault(error)}.") from None


def parse_json(text: str, name: str) -> Any:
    """The value in a JSON text; raises ExchangeError with the line. NaN and Infinity are no JSON."""

    def refuse(constant: str) -> None:
        before = re.search(rf"[\[:,]\s*{constant}\b", text)
        line = text.count("\n", 0, before.end()) + 1 if before else 1
        raise ExchangeError(f"{name}, line {line}: {constant} is no JSON number; write null where nothing is known.")

    try:
        return json.loads(text, parse_constant=refuse)
    except json.JSONDecodeError as error:
        raise ExchangeError(f"{name}, line {error.lineno}: not JSON ({error.msg.lower()}).") from None
    except RecursionError:
        raise ExchangeError(f"{name} is JSON nested too deeply to be read.") from None


def fault(error: ValidationError) -> str:
    """The first fault of a model: the field and what is wrong with it."""
    first = error.errors()[0]
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"]).lstrip(".")
    return f"field {place or 'document'}: {first['msg'].rstrip('.').lower()}"
