"""Refusals: where the agent said no, and what stood beside the no.

Definition. A sentence of the agent that refuses (the lexicon's ``refusal``, or a ``flat_no``), not quoted, not negated.
``offers_instead``: the same turn or the agent's next one offers a solution, a choice or asks for the wish.
``explains``: a reason stands in the turn. ``acknowledges``: the turn acknowledges the customer.
``pattern`` names two bad habits: *footballer* (a flat no with nothing beside it, or the same refusal said again word
for word) and *nurse* (the management is blamed, or the no comes with a gushing apology).
``repeats``: how often the agent had said the same refusal before, word for word or nearly so (85 % alike by
Indel similarity). ``say_instead``: better wording, where the no stood without reason or way out.
Default. 85 %.
Source. S2 (saying no without losing the customer).
Limits. Words alone: the footballer's monotone and the nurse's plaintive voice are told in `speechqa.measures.habits`.
Languages whose lexicon has no ``refusal`` show flat refusals only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.fuzz import ratio

from speechqa.conversation import Conversation
from speechqa.lexicon import Lexicon
from speechqa.measures.inputs import validate
from speechqa.measures.wording import says
from speechqa.sentences import Sentence, punctuated, sentences

Pattern = Literal["footballer", "nurse"]
REFUSING = ("refusal", "flat_no")
ALIKE = 85.0
"""Percent; a recogniser writes the same sentence twice in slightly different words."""
INSTEAD = ("offers_solution", "offers_choice", "asks_wish")


@dataclass(frozen=True, slots=True)
class Refusal:
    """One no of the agent; see the module docstring."""

    start_s: float
    end_s: float
    quote: str
    acknowledges: bool
    explains: bool
    offers_instead: bool
    repeats: int
    pattern: Pattern | None
    say_instead: str = ""


def measure(conversation: Conversation, lexicon: Lexicon) -> tuple[Refusal, ...]:
    """All refusals in order; the conversation needs its turns."""
    validate(conversation)
    marks = punctuated(conversation.words, lexicon)
    turns = [sentences(turn.words, lexicon, marks=marks) for turn in conversation.turns_of("agent")]
    said: list[tuple[str, ...]] = []
    found: list[Refusal] = []
    for i, turn in enumerate(turns):
        for sentence in turn:
            if _any(REFUSING, (sentence,), lexicon):
                after = turns[i + 1] if i + 1 < len(turns) else ()
                found.append(_refusal(sentence, turn, after, _before(sentence.tokens, said), lexicon))
                said.append(sentence.tokens)
    return tuple(found)


def _before(tokens: tuple[str, ...], said: Sequence[tuple[str, ...]]) -> int:
    return sum(each == tokens or ratio(" ".join(tokens), " ".join(each)) >= ALIKE for each in said)


def _refusal(
    sentence: Sentence, turn: Sequence[Sentence], after: Sequence[Sentence], repeats: int, lexicon: Lexicon
) -> Refusal:
    instead = any(_any(INSTEAD, (each,), lexicon) for each in _from(sentence, turn, after))
    explains = any(lexicon.has("reason", each.tokens) for each in turn)
    kind: Pattern | None = None
    if _any(("blame_management", "gushing_apology"), turn, lexicon):
        kind = "nurse"
    elif repeats or (_any(("flat_no",), (sentence,), lexicon) and not instead and not explains):
        kind = "footballer"
    known = _any(("acknowledgement",), turn, lexicon)
    better = "" if explains and instead else _better(kind, lexicon)
    return Refusal(sentence.start_s, sentence.end_s, sentence.quote, known, explains, instead, repeats, kind, better)


def _better(kind: Pattern | None, lexicon: Lexicon) -> str:
    """What the lexicon would say instead of blaming those upstairs, or of a bare no."""
    rule = lexicon.rules.get("blame_management" if kind == "nurse" else "flat_no")
    return rule.say_instead if rule is not None else ""


def _from(refusal: Sentence, turn: Sequence[Sentence], after: Sequence[Sentence]) -> Iterator[Sentence]:
    yield from (each for each in turn if each.start_s >= refusal.start_s)
    yield from after


def _any(rules: Sequence[str], among: Sequence[Sentence], lexicon: Lexicon) -> bool:
    known = [rule for each in rules if (rule := lexicon.rules.get(each)) is not None]
    return any(says(rule, sentence, lexicon) for rule in known for sentence in among)
