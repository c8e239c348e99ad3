"""Silences: nobody speaks.

Definition. A stretch in which neither party speaks, no prompt or hold message plays, from ``report_s`` on; *severe*
from ``severe_s``. Kind *hold*: at least half of it is on hold; *announced*: the agent's last words before it asked
for a moment ("one moment please"), and at most an acknowledgement followed; *dead_line*: no signal at all on the line
(`speechqa.measures.dead_line`); *dead_air*: anything else. Noises of less than 0.1 s do not divide a silence. *After*:
whose turn it followed; *broken by*: who spoke next. After the customer's turn the silence is the agent's to break.
Default. Reported from 3 s, severe from 10 s.
Source. Amazon Connect Contact Lens reports non-talk time from 3 s, Google Agent Assist from 5 s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from speechqa.conversation import PARTIES, Conversation, Party
from speechqa.lexicon import Lexicon
from speechqa.measures.inputs import validate, validate_positive
from speechqa.sentences import sentences
from speechqa.timeline import Span, Timeline
from speechqa.turns import acknowledges

Kind = Literal["dead_air", "announced", "hold", "dead_line"]
NOISE_S = 0.1
ANNOUNCED_WITHIN_S = 8.0


@dataclass(frozen=True, slots=True)
class SilenceSettings:
    """Seconds; see the module docstring."""

    report_s: float = 3.0
    severe_s: float = 10.0


@dataclass(frozen=True, slots=True)
class Silence:
    """One silence; ``quote`` is the announcement, where there was one; ``after`` and ``broken_by`` None for nobody."""

    start_s: float
    end_s: float
    kind: Kind
    severe: bool
    quote: str = ""
    after: Party | None = None
    broken_by: Party | None = None


def measure(
    conversation: Conversation, lexicon: Lexicon, settings: SilenceSettings | None = None
) -> tuple[Silence, ...]:
    """All silences in order; the conversation needs its turns."""
    validate(conversation)
    settings = settings or SilenceSettings()
    validate_positive(report_s=settings.report_s, severe_s=settings.severe_s)
    call = Span(0.0, conversation.duration_s)
    dead = conversation.dead_line.cropped(call)
    gaps = (_sounding(conversation) | dead).gaps(call)
    found = [
        *(_silence(conversation, gap, lexicon, settings) for gap in gaps),
        *(_of_kind("dead_line", span, conversation, settings) for span in dead),
    ]
    return tuple(sorted((each for each in found if each.end_s - each.start_s >= settings.report_s), key=_start))


def _start(silence: Silence) -> float:
    return silence.start_s


def _of_kind(kind: Kind, gap: Span, conversation: Conversation, settings: SilenceSettings, quote: str = "") -> Silence:
    severe = gap.duration_s >= settings.severe_s
    return Silence(gap.start_s, gap.end_s, kind, severe, quote, *_around(conversation, gap))


def _around(conversation: Conversation, gap: Span) -> tuple[Party | None, Party | None]:
    """Who spoke last before the gap, and who first after it; noises too short to divide a silence are nobody."""
    heard = [
        (span, party)
        for party in PARTIES
        for span in conversation.speech.get(party, Timeline()).without_shorter(NOISE_S)
    ]
    before = max(((span.end_s, party) for span, party in heard if span.end_s <= gap.start_s), default=None)
    after = min(((span.start_s, party) for span, party in heard if span.start_s >= gap.end_s), default=None)
    return before[1] if before else None, after[1] if after else None


def _sounding(conversation: Conversation) -> Timeline:
    talk = conversation.announcements
    for speech in conversation.speech.values():
        talk |= speech
    return talk.without_shorter(NOISE_S)


def _silence(conversation: Conversation, gap: Span, lexicon: Lexicon, settings: SilenceSettings) -> Silence:
    if conversation.hold.cropped(gap).covered_s >= gap.duration_s / 2:
        return _of_kind("hold", gap, conversation, settings)
    quote = _announcement(conversation, gap.start_s, lexicon)
    return _of_kind("announced" if quote else "dead_air", gap, conversation, settings, quote)


def _announcement(conversation: Conversation, at_s: float, lexicon: Lexicon) -> str:
    """The agent's request for a moment that this silence follows, or an empty string."""
    before = [turn for turn in conversation.turns if turn.start_s < at_s and turn.words]
    while before and before[-1].party == "customer" and acknowledges(before[-1].words, lexicon):
        before.pop()
    if not before or before[-1].party != "agent" or at_s - before[-1].end_s > ANNOUNCED_WITHIN_S:
        return ""
    last = sentences(before[-1].words, lexicon)[-2:]
    return next((each.quote for each in reversed(last) if lexicon.has("wait", each.tokens)), "")
