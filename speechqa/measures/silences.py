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

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from speechqa.conversation import PARTIES, Conversation, Party, Turn
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
    before: list[tuple[float, Party]] = []
    after: list[tuple[float, Party]] = []
    for party in PARTIES:
        spans = conversation.speech.get(party, Timeline()).spans
        ended = bisect_right(spans, gap.start_s, key=lambda span: span.end_s)
        begins = bisect_left(spans, gap.end_s, key=lambda span: span.start_s)
        before += [(span.end_s, party) for span in _first_loud(reversed(spans[:ended]))]
        after += [(span.start_s, party) for span in _first_loud(spans[begins:])]
    return max(before)[1] if before else None, min(after)[1] if after else None


def _first_loud(spans: Iterable[Span]) -> tuple[Span, ...]:
    return next(((span,) for span in spans if span.duration_s >= NOISE_S), ())


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
    turns = conversation.turns
    at = bisect_left(turns, at_s, key=lambda turn: turn.start_s) - 1
    while at >= 0 and (not turns[at].words or _customer_acknowledges(turns[at], lexicon)):
        at -= 1
    if at < 0 or turns[at].party != "agent" or at_s - turns[at].end_s > ANNOUNCED_WITHIN_S:
        return ""
    last = sentences(turns[at].words, lexicon)[-2:]
    return next((each.quote for each in reversed(last) if lexicon.has("wait", each.tokens)), "")


def _customer_acknowledges(turn: Turn, lexicon: Lexicon) -> bool:
    return turn.party == "customer" and acknowledges(turn.words, lexicon)
