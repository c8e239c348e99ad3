"""Ending: how the call closes; the last words are remembered best (S1.2).

Definition. The window is the last 30 s of talk or the last 4 turns, whichever is longer; backchannels are no turns
here. Criteria:

- ``recap``: the agent sums up, or states what will be done, when and by whom (S0.4)
- ``next_step_dated``: a next step with a date or time and somebody who does it; "soon" and "at some point" are no
  dates
- ``offer_more_help``: the agent asks whether there is anything else
- ``positive_close``: thanks for something or good wishes in the agent's last two turns; bare thanks ("thanks, bye") in
  the last one
- ``no_renewed_apology``: no apology "again", after the solution, or as the last word without a solution
- ``no_reproach``: no reproach in the window
- ``stops_talking``: the customer has the last word, or half a second to say one, after at most 15 s of the agent
- ``no_dead_air``: no unannounced silence of 3 s and more between the window's turns
- ``not_hung_up_on``: not ended by one party before the other was done; an agent's goodbye into a sentence of the
  customer's, or as the only answer to a question, does not close the call; unknown where the record does not say who
  hung up

How the call came to its end (see *situation*) decides what could be expected: what had no chance is not judged, with
the reason. Beside the criteria stands who hung up and how many seconds after the last word.

Default. The points of each criterion are the rubric's.
Source. S1.2, S0.4, S1.4. That the end weighs most is the peak-end rule, a hypothesis on phone calls.
Limits. Closing words count only with acoustic speech under them: recognisers invent "thank you" in silence. A
criterion is None where it cannot be told, all of them when none of the agent's words were recognised.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from speechqa.conversation import Conversation, Turn, Word
from speechqa.lexicon import Lexicon
from speechqa.measures.inputs import validate
from speechqa.measures.silences import Silence
from speechqa.measures.situation import Situation, breaks_off, situation
from speechqa.measures.wording import says
from speechqa.sentences import Sentence, punctuated, sentences
from speechqa.timeline import Span, Timeline
from speechqa.turns import is_backchannel

CRITERIA = (
    "recap",
    "next_step_dated",
    "offer_more_help",
    "positive_close",
    "no_renewed_apology",
    "no_reproach",
    "stops_talking",
    "no_dead_air",
    "not_hung_up_on",
)
WORD_EDGE_S = 0.2
FILLING_TOKENS = 2
"""Words of a sentence that says nothing yet: "okay then"."""
NEED_A_MATTER = ("recap", "next_step_dated", "offer_more_help")
NEED_A_CLOSE = (*NEED_A_MATTER, "positive_close", "stops_talking")
"""What nobody can do in a call that was cut off, handed over or never answered; a brief one can have a good word."""
CLOSED = Situation("closed")


@dataclass(frozen=True, slots=True)
class EndingSettings:
    """Seconds and counts; see the module docstring. ``length_known``: the conversation's duration is the call's."""

    window_s: float = 30.0
    window_turns: int = 4
    last_turn_max_s: float = 15.0
    last_word_s: float = 0.5
    length_known: bool = True


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a criterion rests on."""

    start_s: float
    end_s: float
    quote: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion; ``met`` is None where it cannot be told or does not apply, which ``reason`` then says."""

    id: str
    met: bool | None
    evidence: tuple[Evidence, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Ending:
    """The window in seconds (None without any turn) and its criteria, in the order of `CRITERIA`.

    ``hung_up_after_s``: seconds from the last word to the end of the call, None where its length is not known.
    """

    window: Span | None
    criteria: tuple[Criterion, ...]
    situation: Situation = CLOSED
    hung_up_after_s: float | None = None


def measure(
    conversation: Conversation,
    lexicon: Lexicon,
    silences: Sequence[Silence] = (),
    settings: EndingSettings | None = None,
) -> Ending:
    """The ending of the call; the conversation needs its turns, ``silences`` are those of the whole call."""
    validate(conversation)
    settings = settings or EndingSettings()
    turns = _heard_turns(conversation, lexicon)
    window = _window(turns, settings)
    closing = [turn for turn in turns if window and turn.end_s > window.start_s]
    if window is None or not any(turn.party == "agent" and turn.words for turn in closing):
        return Ending(window, tuple(Criterion(each, None) for each in CRITERIA))
    words = _Closing(conversation, closing, lexicon)
    found = (*words.criteria(), _stops(conversation, closing, settings), _quiet(closing, silences))
    ended = situation(conversation, turns, lexicon)
    after_s = conversation.duration_s - max(turn.end_s for turn in closing) if settings.length_known else None
    judged = (_excused(each, ended) for each in (*found, words.hang_up(length_known=settings.length_known)))
    return Ending(window, tuple(judged), ended, None if after_s is None else max(0.0, after_s))


def _excused(criterion: Criterion, ended: Situation) -> Criterion:
    """What was not done and had no chance to be done is not judged; what was done counts."""
    missed = NEED_A_MATTER if ended.kind == "brief" else () if ended.kind == "closed" else NEED_A_CLOSE
    if criterion.met is not False or criterion.id not in missed:
        return criterion
    return replace(criterion, met=None, reason=ended.reason)


def _heard_turns(conversation: Conversation, lexicon: Lexicon) -> list[Turn]:
    """Turns with only the words that have speech under them, without backchannels."""
    heard = (
        replace(turn, words=tuple(word for word in turn.words if _voiced(word, turn.speech)))
        for turn in conversation.turns
    )
    return [turn for turn in heard if not is_backchannel(turn, conversation.turns, lexicon)]


def _voiced(word: Word, speech: Timeline) -> bool:
    near = Span(word.start_s - WORD_EDGE_S, word.end_s + WORD_EDGE_S)
    return speech.cropped(near).covered_s > 0


def _window(turns: Sequence[Turn], settings: EndingSettings) -> Span | None:
    if not turns:
        return None
    end_s = max(turn.end_s for turn in turns)
    start_s = min(end_s - settings.window_s, turns[-settings.window_turns :][0].start_s)
    return Span(max(0.0, min(start_s, end_s)), end_s)


class _Closing:
    """The agent's sentences in the window and what they say."""

    def __init__(self, conversation: Conversation, turns: Sequence[Turn], lexicon: Lexicon) -> None:
        self._conversation, self._lexicon, self._turns = conversation, lexicon, turns
        self._marks = punctuated(conversation.words, lexicon)
        own = [turn for turn in turns if turn.party == "agent" and turn.words]
        self._by_turn = [sentences(turn.words, lexicon, marks=self._marks) for turn in own]
        self._all = [sentence for each in self._by_turn for sentence in each]

    def criteria(self) -> tuple[Criterion, ...]:
        dated = self._saying("dated_next_step")
        last_two = [sentence for each in self._by_turn[-2:] for sentence in each]
        return (
            _met("recap", self._saying("recap") or dated),
            _met("next_step_dated", dated),
            _met("offer_more_help", self._saying("offer_more_help")),
            _met("positive_close", self._saying("positive_close", last_two) or self._bare_thanks()),
            _absent("no_renewed_apology", self._renewed_apologies()),
            _absent("no_reproach", self._saying("reproach")),
        )

    def _saying(self, rule_id: str, among: Iterable[Sentence] | None = None) -> list[Sentence]:
        rule = self._lexicon.rules.get(rule_id)
        if rule is None:
            return []
        return [each for each in (self._all if among is None else among) if says(rule, each, self._lexicon)]

    def _renewed_apologies(self) -> list[Sentence]:
        solution = [
            *self._saying("recap"),
            *self._saying("dated_next_step"),
            *self._saying("offers_solution"),
            *self._saying("offer_more_help"),
        ]
        solved_s = min((each.start_s for each in solution), default=None)
        last = self._by_turn[-1] if self._by_turn else ()
        return [
            each
            for each in self._saying("apology")
            if self._lexicon.has("again", each.tokens)
            or (each.start_s > solved_s if solved_s is not None else each in last)
        ]

    def _bare_thanks(self) -> list[Sentence]:
        return self._saying("thanks", self._by_turn[-1]) if self._by_turn else []

    def hang_up(self, *, length_known: bool) -> Criterion:
        """Who ended the call, and whether both had closed."""
        by = self._conversation.hung_up
        if by is None:
            return Criterion("not_hung_up_on", None)
        last = max(self._turns, key=lambda turn: turn.end_s)
        left = [*self._by_turn[-2:]] if by == "customer" else [self._by_turn[-1]] if self._by_turn else []
        closed = any(self._closes(sentence) for each in left for sentence in each)
        cut = length_known and last.party != by and self._conversation.duration_s - last.end_s < WORD_EDGE_S
        cut = cut or (by == "agent" and self._customer_cut_short())
        return Criterion("not_hung_up_on", closed and not cut, (_evidence_of(last),))

    def _customer_cut_short(self) -> bool:
        """Whether the agent's last words were only a goodbye to a customer who was still speaking, or had asked."""
        own = [turn for turn in self._turns if turn.party == "agent" and turn.words]
        theirs = [turn for turn in self._turns if turn.party == "customer" and turn.words]
        if not own or not theirs or not self._only_closes(self._by_turn[-1]):
            return False
        said = sentences(theirs[-1].words, self._lexicon, marks=self._marks)
        if not said or any(self._closes(each) for each in said):
            return False
        spoken_into = own[-1].start_s < theirs[-1].end_s - WORD_EDGE_S
        unanswered = theirs[-1].end_s <= own[-1].start_s and said[-1].asks
        return spoken_into or unanswered or (theirs[-1].end_s <= own[-1].start_s and self._broken_off(theirs[-1]))

    def _only_closes(self, said: Sequence[Sentence]) -> bool:
        return all(self._closes(each) or len(each.tokens) <= FILLING_TOKENS for each in said)

    def _broken_off(self, turn: Turn) -> bool:
        return breaks_off(turn, self._lexicon) or (self._marks and not self._lexicon.ends_sentence(turn.words[-1].text))

    def _closes(self, sentence: Sentence) -> bool:
        return any(self._lexicon.has(rule, sentence.tokens) for rule in ("positive_close", "goodbye", "thanks"))


def _stops(conversation: Conversation, turns: Sequence[Turn], settings: EndingSettings) -> Criterion:
    last = max(turns, key=lambda turn: turn.end_s)
    if last.party == "customer":
        return Criterion("stops_talking", True, (_evidence_of(last),))
    brief = last.end_s - last.start_s <= settings.last_turn_max_s
    if brief and not settings.length_known and conversation.hung_up != "customer":
        return Criterion("stops_talking", None, (_evidence_of(last),), "It is not known how long the call went on.")
    room = conversation.duration_s - last.end_s >= settings.last_word_s or not settings.length_known
    return Criterion("stops_talking", room and brief, (_evidence_of(last),))


def _quiet(turns: Sequence[Turn], silences: Sequence[Silence]) -> Criterion:
    between = Span(min(turn.start_s for turn in turns), max(turn.end_s for turn in turns))
    dead = [each for each in silences if each.kind == "dead_air" and each.start_s in between]
    return Criterion("no_dead_air", not dead, tuple(Evidence(each.start_s, each.end_s, "") for each in dead))


def _evidence_of(turn: Turn) -> Evidence:
    return Evidence(turn.start_s, turn.end_s, turn.text)


def _evidence(found: Sequence[Sentence]) -> tuple[Evidence, ...]:
    return tuple(Evidence(each.start_s, each.end_s, each.quote) for each in found)


def _met(criterion: str, found: Sequence[Sentence]) -> Criterion:
    return Criterion(criterion, bool(found), _evidence(found))


def _absent(criterion: str, found: Sequence[Sentence]) -> Criterion:
    return Criterion(criterion, not found, _evidence(found))
