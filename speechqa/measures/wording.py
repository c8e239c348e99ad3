"""Wording: what the agent said that drives customers away, and what deserves credit.

Definition. A finding is a sentence of the agent that holds a phrase of a rule (ids are the same in every language;
the phrases are the lexicon's). No hit: the rule's own exceptions, a phrase that is quoted ("you said that you don't
care", "I don't care, you said") or negated ("it is not that I don't care") in the sentence, anything the customer says.
``gushing_apology`` also holds from the third apology of a call on; ``uses_name`` when the agent says the customer's
name.
Default. Apologies without remark: 2.
Source. S0.11 (avoid, why, say instead), S0.6, S1.4, S1.8, S2. Credit: S0.4, S0.7, S1.6, S1.7, S1.9, S3.
Limits. Words as recognised, one sentence at a time: irony and tone are not heard.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from speechqa.conversation import Conversation, Party, Turn
from speechqa.lexicon import Lexicon, PhraseRule
from speechqa.measures.inputs import validate
from speechqa.measures.names import calls_by_name, customer_names
from speechqa.sentences import Sentence, punctuated, sentences

APOLOGIES_WITHOUT_REMARK = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence and the rule that it met; ``why`` and ``say_instead`` are the lexicon's."""

    rule: str
    kind: Literal["avoid", "credit"]
    party: Party
    start_s: float
    end_s: float
    quote: str
    why: str = ""
    say_instead: str = ""


def measure(conversation: Conversation, lexicon: Lexicon) -> tuple[Finding, ...]:
    """All findings in order of their start; the conversation needs its turns."""
    validate(conversation)
    marks = punctuated(conversation.words, lexicon)
    names = customer_names(conversation, lexicon)
    findings: list[Finding] = []
    apologies = 0
    for turn in conversation.turns_of("agent"):
        for sentence in sentences(turn.words, lexicon, marks=marks):
            found = list(_found(sentence, names, lexicon))
            apologies += lexicon.has("apology", sentence.tokens)
            if apologies > APOLOGIES_WITHOUT_REMARK and lexicon.has("apology", sentence.tokens):
                found.append("gushing_apology")
            findings.extend(_finding(rule, sentence, lexicon) for rule in dict.fromkeys(found) if rule in lexicon.rules)
    return tuple(sorted(findings, key=lambda each: (each.start_s, each.end_s, each.rule)))


def says(rule: PhraseRule, sentence: Sentence, lexicon: Lexicon) -> bool:
    """Whether the sentence says what the rule looks for, in the speaker's own name: neither quoted nor negated."""
    hit = rule.found_in(sentence.tokens)
    if hit is None:
        return False
    before, after = sentence.tokens[: hit[0]], sentence.tokens[hit[1] :]
    quoted = lexicon.has("quoted", before) or lexicon.has("quoted_after", after)
    return not (quoted or lexicon.has("negated", before))


def turn_says(rule_id: str, turn: Turn, lexicon: Lexicon) -> tuple[Sentence, ...]:
    """The sentences of a turn that say what that rule looks for; none when the language has no such rule."""
    rule = lexicon.rules.get(rule_id)
    if rule is None:
        return ()
    return tuple(each for each in sentences(turn.words, lexicon) if says(rule, each, lexicon))


def _found(sentence: Sentence, names: frozenset[str], lexicon: Lexicon) -> Iterator[str]:
    for rule in lexicon.of_kind("avoid", "credit"):
        if says(rule, sentence, lexicon):
            yield rule.id
    if calls_by_name(sentence.tokens, names, lexicon):
        yield "uses_name"


def _finding(rule_id: str, sentence: Sentence, lexicon: Lexicon) -> Finding:
    rule = lexicon.rules[rule_id]
    kind: Literal["avoid", "credit"] = "avoid" if rule.kind == "avoid" else "credit"
    return Finding(rule_id, kind, "agent", sentence.start_s, sentence.end_s, sentence.quote, rule.why, rule.say_instead)
