"""Habits: the footballer and the nurse, two bad ways of saying no (S2), told by their signs.

Definition. *Footballer* (gets rid of the customer): `flat_no` (a no with neither reason nor a way out), `repeated` (the
same refusal again: at least 85 % alike), `sends_to_complain` ("you can complain, that is your right"), `monotone` (the
refusals have at most 60 % of the pitch range of the agent's other speech). *Nurse* (plaintive, unsure): `blames_upward`
(the management is blamed), `apologies` (from the second apology within 20 s of a refusal on), `unsure` ("I am not
sure", "perhaps" in the turn of a refusal). A habit is told where one of its strong signs is there (repeated, blames
upward) or two different ones; only a call with a refusal has habits.
Default. 85 %, 60 %, 20 s; the pitch needs 1.5 s of voiced speech on both sides.
Source. S2; the numbers are own definitions.
Limits. Words as recognised. A short "no" has little pitch range by itself. Signs are evidence for a person to hear.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from speechqa.conversation import Conversation, Party, Turn, Voice
from speechqa.lexicon import Lexicon
from speechqa.measures.emotion import joined
from speechqa.measures.inputs import validate
from speechqa.measures.refusals import REFUSING, Pattern, Refusal
from speechqa.measures.wording import Finding, says
from speechqa.sentences import Sentence, punctuated, sentences
from speechqa.timeline import Span, Timeline

Sign = Literal["flat_no", "repeated", "sends_to_complain", "monotone", "blames_upward", "apologies", "unsure"]
STRONG: tuple[Sign, ...] = ("repeated", "blames_upward")
NEAR_S = 20.0
MONOTONE = 0.6
VOICED_S = 1.5
EDGE_S = 0.2
LISTENED_S, COMPARED_S = 4.0, 60.0
"""How much of the agent is listened to: around each refusal, and of their other speech."""


@dataclass(frozen=True, slots=True)
class Trait:
    """One sign at one place; ``quote`` is what was said, or the measured ratio for the pitch."""

    sign: Sign
    start_s: float
    end_s: float
    quote: str


@dataclass(frozen=True, slots=True)
class Habit:
    """A pattern with all its signs in order of time; ``found`` says whether they are enough to tell it."""

    pattern: Pattern
    found: bool
    traits: tuple[Trait, ...]


def measure(
    conversation: Conversation, lexicon: Lexicon, refusals: Sequence[Refusal], findings: Sequence[Finding]
) -> tuple[Habit, ...]:
    """Both habits, those with at least one sign; none in a call without a refusal."""
    validate(conversation)
    if not refusals:
        return ()
    around = Timeline(Span(no.start_s - NEAR_S, no.end_s + NEAR_S) for no in refusals)
    near = [each for each in _sentences(conversation, lexicon) if each.start_s in around]
    football = [*_flat(refusals), *_repeated(refusals), *_rule("sends_to_complain", "sends_to_complain", near, lexicon)]
    football += _monotone(conversation, refusals)
    nurse = [*_blamed(findings), *_apologies(near, lexicon), *_unsure(conversation, lexicon, refusals)]
    habits = (_habit("footballer", football), _habit("nurse", nurse))
    return tuple(each for each in habits if each.traits)


def voices_wanted(talk: Conversation, lexicon: Lexicon | None) -> Mapping[Party, Timeline]:
    """Which speech the measures listen to: the customer's; of the agent what is near a refusal, and something to
    compare it with.
    """
    wanted: dict[Party, Timeline] = {"customer": talk.speech.get("customer", Timeline())}
    marks = lexicon is not None and punctuated(talk.words, lexicon)
    said = () if lexicon is None else sentences(talk.words_of("agent"), lexicon, marks=marks)
    refused = [s for s in said if lexicon and any(lexicon.has(rule, s.tokens) for rule in REFUSING)]
    if refused:
        own = talk.speech.get("agent", Timeline())
        near = Timeline(Span(s.start_s - LISTENED_S, s.end_s + LISTENED_S) for s in refused)
        wanted["agent"] = own & (near | _first(own, COMPARED_S))
    return wanted


def _first(speech: Timeline, seconds: float) -> Timeline:
    """Until so much was spoken."""
    spans, left_s = [], seconds
    for span in speech:
        if left_s <= 0:
            break
        spans.append(span)
        left_s -= span.duration_s
    return Timeline(spans)


def _habit(pattern: Pattern, traits: Sequence[Trait]) -> Habit:
    signs = {each.sign for each in traits}
    enough = bool(signs & set(STRONG)) or len(signs) > 1
    return Habit(pattern, enough, tuple(sorted(traits, key=lambda each: (each.start_s, each.sign))))


def _sentences(talk: Conversation, lexicon: Lexicon) -> Iterator[Sentence]:
    marks = punctuated(talk.words, lexicon)
    for turn in talk.turns_of("agent"):
        yield from sentences(turn.words, lexicon, marks=marks)


def _flat(refusals: Sequence[Refusal]) -> Iterator[Trait]:
    for no in refusals:
        if not (no.explains or no.offers_instead):
            yield Trait("flat_no", no.start_s, no.end_s, no.quote)


def _repeated(refusals: Sequence[Refusal]) -> Iterator[Trait]:
    yield from (Trait("repeated", no.start_s, no.end_s, no.quote) for no in refusals if no.repeats)


def _rule(sign: Sign, rule_id: str, said: Sequence[Sentence], lexicon: Lexicon) -> Iterator[Trait]:
    rule = lexicon.rules.get(rule_id)
    for each in said if rule is not None else ():
        if rule is not None and says(rule, each, lexicon):
            yield Trait(sign, each.start_s, each.end_s, each.quote)


def _blamed(findings: Sequence[Finding]) -> Iterator[Trait]:
    for each in findings:
        if each.rule == "blame_management":
            yield Trait("blames_upward", each.start_s, each.end_s, each.quote)


def _apologies(near: Sequence[Sentence], lexicon: Lexicon) -> Iterator[Trait]:
    yield from list(_rule("apologies", "apology", near, lexicon))[1:]


def _refusing(talk: Conversation, refusals: Sequence[Refusal]) -> list[Turn]:
    """The turns of the agent with a refusal in them."""
    starts = [no.start_s for no in refusals]
    return [t for t in talk.turns_of("agent") if bisect_left(starts, t.start_s) < bisect_left(starts, t.end_s)]


def _unsure(talk: Conversation, lexicon: Lexicon, refusals: Sequence[Refusal]) -> Iterator[Trait]:
    said = [each for turn in _refusing(talk, refusals) for each in sentences(turn.words, lexicon)]
    yield from _rule("unsure", "hedging", said, lexicon)


def _monotone(talk: Conversation, refusals: Sequence[Refusal]) -> Iterator[Trait]:
    """The turns of the refusals against the agent's other speech, by pitch range."""
    turns = Timeline(Span(turn.start_s - EDGE_S, turn.end_s + EDGE_S) for turn in _refusing(talk, refusals))
    inside: list[Voice] = []
    outside: list[Voice] = []
    for voice in talk.voices.get("agent", ()):
        (inside if (voice.start_s + voice.end_s) / 2 in turns else outside).append(voice)
    refusing, other = joined(inside), joined(outside)
    if refusing is None or other is None or min(refusing.voiced_s, other.voiced_s) < VOICED_S:
        return
    if refusing.range_st is not None and other.range_st and refusing.range_st <= MONOTONE * other.range_st:
        quote = f"{refusing.range_st:.1f} semitones against {other.range_st:.1f} otherwise"
        yield Trait("monotone", refusals[0].start_s, refusals[-1].end_s, quote)
