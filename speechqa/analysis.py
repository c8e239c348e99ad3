"""The analysis of one call as values, and the document ``speechqa.analysis/1`` that is written of it.

Times are seconds from the start of the call, intervals half-open. A field is None where it was not measured, and then
a sentence in ``notes`` says why. `to_json` gives plain dictionaries and lists with the fields' own names;
``analysis.schema.json`` beside this file is the document's JSON Schema.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from speechqa.better_ending import BetterEnding
from speechqa.call_score import CallScore
from speechqa.conflict_map import CallConflict, CallEmotion
from speechqa.conversation import Party
from speechqa.languages import FoundBy, PartyLanguage
from speechqa.measures.bandwidth import Band
from speechqa.measures.complaint import Complaint
from speechqa.measures.ending import Criterion
from speechqa.measures.fillers import Fillers
from speechqa.measures.loss import Gap
from speechqa.measures.offers import Offer
from speechqa.measures.overlaps import Overlap
from speechqa.measures.pace import Pace
from speechqa.measures.patience import Patience
from speechqa.measures.pauses import Pause
from speechqa.measures.pressure import Pressure
from speechqa.measures.questions import Question
from speechqa.measures.refusals import Refusal
from speechqa.measures.silences import Silence
from speechqa.measures.situation import Situation
from speechqa.measures.standing import Standing
from speechqa.measures.touchpoints import Touchpoint
from speechqa.measures.wording import Finding
from speechqa.timeline import Span

if TYPE_CHECKING:
    from speechqa.assistant.answer import Proposal
    from speechqa.recording import CallFacts

SCHEMA = "speechqa.analysis/1"
SCHEMA_FILE = Path(__file__).with_name("analysis.schema.json")
DECIMALS = 3


@dataclass(frozen=True, slots=True)
class AnalyzedVoices:
    """How a mono recording was divided: voices found (0, 1, 2; 3 for more) and the probability (0-1) of that."""

    found: int
    confidence: float | None
    engine: str


@dataclass(frozen=True, slots=True)
class AnalyzedRecording:
    """The recording; ``roles`` are channel numbers, None where one channel carries both people.

    ``voices``: for a mono recording that was listened to for who speaks. Layout "transcript": there was no sound, only
    the file of another recogniser or diariser, and no sample rate.
    """

    file: str
    sha256: str
    sample_rate_hz: int | None
    layout: Literal["stereo", "two-files", "mono", "transcript"]
    roles: Mapping[Party, int] | None
    roles_confidence: float | None
    roles_swapped: bool
    offset_s: Mapping[Party, float]
    offset_confidence: float | None
    voices: AnalyzedVoices | None = None


@dataclass(frozen=True, slots=True)
class AnalyzedCall:
    """What the call record says about the call; ``started`` is RFC 3339."""

    id: str | None
    started: str | None
    agent: str | None
    customer: str | None

    @classmethod
    def of(cls, call: CallFacts) -> AnalyzedCall:
        """The document's form of what the record says."""
        return cls(call.id, call.started.isoformat() if call.started else None, call.agent, call.customer)


@dataclass(frozen=True, slots=True)
class Engines:
    """What listened, with versions."""

    vad: str
    asr: str
    version: str


@dataclass(frozen=True, slots=True)
class SpeechSpan:
    """A stretch in which the party speaks."""

    party: Party
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A recognised word; ``confidence`` 0-1."""

    party: Party
    text: str
    start_s: float
    end_s: float
    confidence: float


@dataclass(frozen=True, slots=True)
class SpokenLanguage:
    """A party's language, and ``others`` that it also spoke; see `speechqa.languages.PartyLanguage`."""

    language: str | None
    confidence: float | None
    found_by: FoundBy
    others: tuple[str, ...] = ()

    @classmethod
    def of(cls, own: PartyLanguage) -> SpokenLanguage:
        """The document's form of what was found."""
        spoken = dict.fromkeys(each.language for each in own.stretches if each.language not in (None, own.language))
        return cls(own.language, own.confidence, own.found_by, tuple(each for each in spoken if each))


@dataclass(frozen=True, slots=True)
class SpokenTurn:
    """A turn with its words and its language (None where unknown); the rates (words per minute, syllables per second)
    are None where nothing was measured.
    """

    party: Party
    start_s: float
    end_s: float
    text: str
    speech_rate_wpm: float | None
    articulation_rate_sps: float | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class CallLatency:
    """Seconds from the customer's end to the agent's start."""

    agent_median_s: float | None
    agent_p90_s: float | None


@dataclass(frozen=True, slots=True)
class CallListening:
    """Shares 0-1, the agent's longest monologue (its length and place), talk-over per customer minute."""

    agent_talk_share: float | None
    agent_longest_monologue_s: float | None
    agent_talk_over_per_minute: float | None
    agent_sentence_pause_share: float | None
    agent_first_minute_listening_share: float | None = None
    agent_longest_monologue: Span | None = None


@dataclass(frozen=True, slots=True)
class CallEnding:
    """``score`` 0-100; ``window`` is ``{"start_s", "end_s"}`` or None; ``situation`` how the call came to its end.

    ``hung_up`` is who ended the call, ``hung_up_after_s`` how long after the last word, each None where not known.
    ``better`` is an ending that the agent could have said, None where nothing was missing or no step was named.
    """

    score: int | None
    criteria: tuple[Criterion, ...]
    window: Mapping[str, float] | None = None
    situation: Situation | None = None
    hung_up: Party | None = None
    hung_up_after_s: float | None = None
    better: BetterEnding | None = None


@dataclass(frozen=True, slots=True)
class CallFinding:
    """A finding; ``say_instead`` None where nothing is to be said otherwise, ``credit`` for the good ones."""

    rule: str
    party: Party
    start_s: float
    end_s: float
    quote: str
    say_instead: str | None
    why: str | None
    credit: bool

    @classmethod
    def of(cls, found: Finding) -> CallFinding:
        """The document's form of a finding."""
        said, instead, why = found.quote, found.say_instead or None, found.why or None
        return cls(found.rule, found.party, found.start_s, found.end_s, said, instead, why, found.kind == "credit")


@dataclass(frozen=True, slots=True)
class ChannelLoss:
    """Packet-loss gaps heard in a channel: how many, seconds in all, and where."""

    count: int
    total_s: float
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class CallTone:
    """A telephone tone on the party's channel; ``key`` is a stretch of pressed keys (DTMF), never which."""

    party: Party
    start_s: float
    end_s: float
    kind: Literal["key", "ringing", "busy", "tone"]


@dataclass(frozen=True, slots=True)
class PartyQuality:
    """A party's channel: P.56 active level and noise floor in dBov, speech over noise in dB, share of clipped samples
    0-1, DC offset of full scale 1, upper edge of the codec's band in Hz and its class.

    ``bleed_db`` and ``bleed_delay_s``: how the other party is heard again in this channel; None when it is not.
    """

    active_level_dbov: float | None
    snr_db: float | None
    clipped_ratio: float | None
    noise_dbov: float | None = None
    dc_offset: float | None = None
    bandwidth_hz: float | None = None
    band: Band | None = None
    loss: ChannelLoss | None = None
    bleed_db: float | None = None
    bleed_delay_s: float | None = None


@dataclass(frozen=True, slots=True)
class Quality:
    """``mos`` (G.107) needs RTP counters: None for a bare recording. ``one_way``: one channel silent, the other not."""

    agent: PartyQuality | None
    customer: PartyQuality | None
    one_way: bool | None
    mos: float | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """One plain coaching line, with the place in the call that it is about."""

    text: str
    start_s: float | None = None
    end_s: float | None = None


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything measured on one call.

    ``overlaps_reliable`` False: the people were told apart on one channel, so talk of both at once was missed.
    """

    duration_s: float
    language: str
    recording: AnalyzedRecording
    engines: Engines
    speech: tuple[SpeechSpan, ...]
    words: tuple[SpokenWord, ...]
    turns: tuple[SpokenTurn, ...]
    pace: Mapping[Party, Pace | None]
    pauses: tuple[Pause, ...] | None
    silences: tuple[Silence, ...]
    overlaps: tuple[Overlap, ...] | None
    latency: CallLatency | None
    listening: CallListening | None
    ending: CallEnding
    findings: tuple[CallFinding, ...] | None
    quality: Quality
    score: CallScore
    call: AnalyzedCall | None = None
    announcements: tuple[Mapping[str, float], ...] = ()
    hold: tuple[Mapping[str, float], ...] = ()
    tones: tuple[CallTone, ...] = ()
    advice: tuple[Advice, ...] = ()
    notes: tuple[str, ...] = ()
    fillers: Mapping[Party, Fillers | None] | None = None
    patience: Patience | None = None
    questions: tuple[Question, ...] | None = None
    pressure: Pressure | None = None
    standings: tuple[Standing, ...] = ()
    languages: Mapping[Party, SpokenLanguage | None] | None = None
    overlaps_reliable: bool | None = None
    refusals: tuple[Refusal, ...] | None = None
    emotion: CallEmotion | None = None
    conflict: CallConflict | None = None
    complaint: Complaint | None = None
    offers: tuple[Offer, ...] | None = None
    touchpoints: tuple[Touchpoint, ...] = ()
    proposal: Proposal | None = None
    schema: str = field(default=SCHEMA)

    def to_json(self) -> dict[str, Any]:
        """The document: dictionaries, lists, strings, numbers rounded to a millisecond, None; ``schema`` first."""
        document: dict[str, Any] = plain(self)
        return {"schema": document.pop("schema"), **document}

    def write(self, path: Path) -> None:
        """Write the document as JSON (UTF-8), whole or not at all."""
        partial = path.with_name(f".{path.name}.part")
        partial.write_text(json.dumps(self.to_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        partial.replace(path)


def plain(value: Any) -> Any:
    """Values as dictionaries, lists, strings, numbers rounded to a millisecond, None."""
    if is_dataclass(value):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    if isinstance(value, float):
        return round(value, DECIMALS) if math.isfinite(value) else None
    return value


def json_schema() -> dict[str, Any]:
    """The JSON Schema of the document."""
    schema: dict[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return schema
