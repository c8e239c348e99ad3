"""The tone of a company's voice: rules of one language held against what is said, by a prompt or by an agent.

A brand's rules (``tone:`` in its ``brand.yaml``) are words to avoid with what to say instead, how people are addressed,
and how long a sentence may be. Everything here is pure: text and rules in, breaches out.

How people are addressed is told by pronouns, in the languages of `INFORMAL` and `FORMAL`; in others, and in
English, nothing is said about it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Formality = Literal["formal", "informal"]

INFORMAL: Mapping[str, str] = MappingProxyType(
    {
        "uk": "ти тебе тобі тобою твій твоя твоє твої твого твоєї твоїх твоєму",
        "ru": "ты тебя тебе тобой твой твоя твоё твои твоего твоей твоих твоему",
        "nb": "du deg din ditt dine",
        "ro": "tu tine ție tău ta tăi tale",
        "lt": "tu tave tau tavo tavimi",
        "de": "du dich dir dein deine deinen deinem deiner",
    }
)
FORMAL: Mapping[str, str] = MappingProxyType(
    {
        "uk": "ви вас вам вами ваш ваша ваше ваші вашого вашої ваших вашому",
        "ru": "вы вас вам вами ваш ваша ваше ваши вашего вашей ваших вашему",
        "nb": "De Dem Deres",
        "ro": "dumneavoastră vă",
        "lt": "jūs jus jums jūsų jumis",
        "de": "Sie Ihnen Ihr Ihre Ihren Ihrem Ihrer",
    }
)
CASE_MATTERS = frozenset({("nb", "formal"), ("de", "formal")})
"""Where only the capital tells the polite word from another ("De" from "de"); not told at a sentence's beginning."""

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SENTENCE = re.compile(r"[^.!?…]+")

Rule = Literal["avoid", "formality", "long_sentence"]


@dataclass(frozen=True, slots=True)
class ToneRules:
    """One language's rules; ``avoid`` maps words to what to say instead ("" where they are just left out)."""

    language: str
    formality: Formality | None = None
    longest_sentence: int = 30
    use: tuple[str, ...] = ()
    avoid: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that a text breaks: the words it is about, and what to say instead ("" where there is no such advice)."""

    rule: Rule
    quote: str
    say_instead: str = ""


def breaches(text: str, rules: ToneRules) -> tuple[Breach, ...]:
    """Every breach in the text, in the order of the rules and then of the text."""
    avoided = [
        Breach("avoid", match[0], instead) for word, instead in rules.avoid.items() for match in _find(text, word)
    ]
    return (*avoided, *_address(text, rules), *_long_sentences(text, rules.longest_sentence))


def unused(texts: Iterable[str], rules: ToneRules) -> tuple[str, ...]:
    """The words to use that none of the texts says."""
    said = tuple(texts)
    return tuple(word for word in rules.use if not any(True for text in said for _ in _find(text, word)))


def _address(text: str, rules: ToneRules) -> Iterable[Breach]:
    language = rules.language.split("-")[0]
    if rules.formality is None:
        return
    unwanted: Formality = "informal" if rules.formality == "formal" else "formal"
    words = (INFORMAL if unwanted == "informal" else FORMAL).get(language, "").split()
    exact = (language, unwanted) in CASE_MATTERS
    wanted = frozenset(words) if exact else frozenset(word.casefold() for word in words)
    for sentence in _SENTENCE.finditer(text):
        for number, match in enumerate(_WORD.finditer(sentence[0])):
            word = match[0] if exact else match[0].casefold()
            if word in wanted and not (exact and number == 0):
                yield Breach("formality", match[0])


def _long_sentences(text: str, longest: int) -> Iterable[Breach]:
    for sentence in _SENTENCE.finditer(text):
        words = _WORD.findall(sentence[0])
        if len(words) > longest:
            yield Breach("long_sentence", f"{' '.join(words[:6])} … ({len(words)} words)")


def _find(text: str, word: str) -> Iterable[re.Match[str]]:
    return re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)
