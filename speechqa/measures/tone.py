"""Tone: how the company wants its agents to speak.

Definition. A word of the agent that the brand avoids, with what to say instead, or a pronoun that addresses the
customer otherwise than the brand does (formal or informal). The rules are those that its prompts are held to
(``tone:`` in ``brand.yaml``). The evidence is the word's own time and the sentence around it.
Default. None: only when a brand is named (``speechqa analyze --brand``), and only its rules of the call's language.
Source. S4.2; the rules are the company's own.
Limits. Words as recognised. The length of sentences is not judged, since where a spoken sentence ends is the
recogniser's guess. The findings do not change the score.
"""

from __future__ import annotations

from collections.abc import Iterator

from clearline.tone import Breach, ToneRules, breaches
from speechqa.conversation import Conversation, Word
from speechqa.lexicon import Lexicon
from speechqa.measures.inputs import validate
from speechqa.measures.wording import Finding
from speechqa.sentences import Sentence, punctuated, sentences

RULE = "tone"


def measure(conversation: Conversation, lexicon: Lexicon, rules: ToneRules) -> tuple[Finding, ...]:
    """The agent's breaches in order of their start; the conversation needs its turns."""
    validate(conversation)
    marks = punctuated(conversation.words, lexicon)
    spoken = (each for turn in conversation.turns_of("agent") for each in sentences(turn.words, lexicon, marks=marks))
    return tuple(finding for sentence in spoken for finding in _found(sentence, rules))


def _found(sentence: Sentence, rules: ToneRules) -> Iterator[Finding]:
    begins: dict[str, int] = {}
    for breach in breaches(sentence.quote, rules):
        if breach.rule == "long_sentence":
            continue
        first, last, begins[breach.quote] = _words_of(breach, sentence, begins.get(breach.quote, 0))
        why = (
            f"The brand avoids “{breach.quote}”."
            if breach.rule == "avoid"
            else f"“{breach.quote}”: the brand addresses customers in the {rules.formality} way."
        )
        yield Finding(RULE, "avoid", "agent", first.start_s, last.end_s, sentence.quote, why, breach.say_instead)


def _words_of(breach: Breach, sentence: Sentence, after: int) -> tuple[Word, Word, int]:
    """The first and last word of a breach, looked for from the ``after``th letter on, and where to look next."""
    at = sentence.quote.find(breach.quote, after)
    position, inside = 0, []
    for word in sentence.words:
        if position < at + len(breach.quote) and position + len(word.text) > at:
            inside.append(word)
        position += len(word.text) + 1
    return inside[0], inside[-1], at + len(breach.quote)
