"""Complaint: what the customer complained of, and what became of it (S0.7, S0.8, S1.10).

Definition. A call is a complaint where the customer's words hold a cue ``complaint``, ``anger`` or ``rage``, or two of
``annoyance`` (`speechqa.measures.feelings`). Beside it stand, each with its place and the seconds since the complaint
began: the agent's first acknowledgement or apology, the question what the customer wishes, the first solution or choice
offered, the first dated next step; and the customer's acceptance of it. *Resolved*: a solution was offered or a step
was dated, the customer accepted it or thanked, and the emotion ends near the norm; not resolved: nothing was offered,
or the emotion ends raised; else None. ``rude`` are the agent's wordings that are rude even to a rude customer,
``threats`` the customer's own. The *kind* of complainer (hater, extreme critic, once happy, happy fan) is set by the
reviewer: ``hints`` only shows what speaks for one (two threats or insults; "I was always content with you").
Default. None.
Source. S0.7, S0.8; the rule of thumb for *resolved* is an own definition.
Limits. Words as recognised. Whether the solution is a good one is not judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from speechqa.conversation import Conversation, Party
from speechqa.lexicon import Lexicon
from speechqa.measures.conflict import CALM
from speechqa.measures.emotion import RAISED, Emotion
from speechqa.measures.ending import Evidence
from speechqa.measures.feelings import NEGATIVE, Cue
from speechqa.measures.wording import Finding, says
from speechqa.sentences import Sentence, punctuated, sentences

Complainer = Literal["hater", "extreme_critic", "once_happy", "happy_fan"]
CALMING = ("acknowledgement", "apology")
SOLUTIONS = ("offers_solution", "offers_choice")
RUDE = ("dont_care", "not_my_problem", "dislike", "know_it_all", "dont_come_back", "i_am_right", "hurry_up")


@dataclass(frozen=True, slots=True)
class Response:
    """Something said in answer to the complaint, ``after_s`` seconds from its beginning."""

    start_s: float
    end_s: float
    quote: str
    after_s: float


@dataclass(frozen=True, slots=True)
class Hint:
    """What speaks for a kind of complainer."""

    kind: Complainer
    start_s: float
    end_s: float
    quote: str


@dataclass(frozen=True, slots=True)
class Complaint:
    """See the module docstring; ``quotes`` are the cues that make the call a complaint."""

    start_s: float
    quotes: tuple[Evidence, ...]
    acknowledged: Response | None
    asked_wish: Response | None
    solution: Response | None
    next_step: Response | None
    accepted: Response | None
    resolved: bool | None
    rude: tuple[Evidence, ...] = ()
    threats: tuple[Evidence, ...] = ()
    kind: Complainer | None = None
    hints: tuple[Hint, ...] = ()


def measure(
    conversation: Conversation, lexicon: Lexicon, customers: Lexicon, emotion: Emotion, findings: Sequence[Finding]
) -> Complaint | None:
    """The complaint of a call, None where nobody complained; ``customers`` is the customer's lexicon."""
    negative = [cue for point in emotion.points for cue in point.cues if cue.feeling in NEGATIVE]
    if not _complains(negative):
        return None
    begun_s = negative[0].start_s
    agent = list(_said(conversation, "agent", lexicon, begun_s))
    acknowledged, wish, solution, step = (
        _first(agent, rules, lexicon, begun_s) for rules in (CALMING, ("asks_wish",), SOLUTIONS, ("dated_next_step",))
    )
    offered = min((each.start_s for each in (solution, step) if each), default=None)
    accepted = None if offered is None else _accepted(emotion, offered, begun_s)
    threats = _places(cue for cue in negative if cue.feeling == "rage")
    rude = tuple(Evidence(f.start_s, f.end_s, f.quote) for f in findings if f.rule in RUDE)
    return Complaint(
        start_s=begun_s,
        quotes=_places(negative),
        acknowledged=acknowledged,
        asked_wish=wish,
        solution=solution,
        next_step=step,
        accepted=accepted,
        resolved=_resolved(emotion, offered, accepted),
        rude=rude,
        threats=threats,
        hints=tuple(_hints(conversation, customers, threats)),
    )


def _complains(negative: Sequence[Cue]) -> bool:
    return any(cue.feeling != "annoyance" for cue in negative) or len(negative) > 1


def _said(talk: Conversation, party: Party, lexicon: Lexicon, from_s: float) -> Iterator[Sentence]:
    marks = punctuated(talk.words, lexicon)
    for turn in talk.turns_of(party):
        if turn.end_s > from_s:
            yield from (s for s in sentences(turn.words, lexicon, marks=marks) if s.start_s >= from_s)


def _first(said: Sequence[Sentence], rules: Sequence[str], lexicon: Lexicon, begun_s: float) -> Response | None:
    known = [rule for each in rules if (rule := lexicon.rules.get(each)) is not None]
    hit = next((each for each in said if any(says(rule, each, lexicon) for rule in known)), None)
    return None if hit is None else Response(hit.start_s, hit.end_s, hit.quote, hit.start_s - begun_s)


def _accepted(emotion: Emotion, offered_s: float, begun_s: float) -> Response | None:
    """The customer's first acceptance or thanks after the offer that no negative word follows in the same turn."""
    for point in emotion.points:
        if point.start_s >= offered_s and point.cues and point.cues[-1].feeling not in NEGATIVE:
            cue = point.cues[-1]
            return Response(cue.start_s, cue.end_s, cue.sentence, cue.start_s - begun_s)
    return None


def _resolved(emotion: Emotion, offered_s: float | None, accepted: Response | None) -> bool | None:
    last = emotion.points[-1].smoothed
    if last >= RAISED or offered_s is None:
        return False
    return True if accepted is not None and last <= emotion.norm_value + CALM else None


def _hints(talk: Conversation, customers: Lexicon, threats: Sequence[Evidence]) -> Iterator[Hint]:
    if len(threats) > 1:
        yield Hint("extreme_critic", threats[0].start_s, threats[0].end_s, threats[0].quote)
    rule = customers.rules.get("loyal_until_now")
    for each in _said(talk, "customer", customers, 0.0) if rule is not None else ():
        if rule is not None and rule.found_in(each.tokens):
            yield Hint("once_happy", each.start_s, each.end_s, each.quote)


def _places(found: Iterator[Cue] | Sequence[Cue]) -> tuple[Evidence, ...]:
    return tuple(Evidence(cue.start_s, cue.end_s, cue.sentence) for cue in found)
