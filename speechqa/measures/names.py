"""Names: what the customer is called, from the words in which people introduce themselves or are addressed.

Definition. The words that follow an introduction by the customer ("my name is …", "this is …", "… speaking" in the
lexicon's ``introduction`` phrases, which end or begin at the name) and the word after a title ("Mrs …") in the
agent's words.
Default. Up to two words of a name.
Source. S0.3 and S0.11: use the customer's name.
Limits. Recognisers spell names at will, so a word of four letters and more counts when it is
three quarters alike (difflib ratio).
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from speechqa.conversation import Conversation
from speechqa.lexicon import Lexicon
from speechqa.sentences import sentences

ALIKE_LETTERS = 3
ALIKE = 0.75


def customer_names(conversation: Conversation, lexicon: Lexicon) -> frozenset[str]:
    """Tokens of the customer's names as far as they were said; titles and common words are no names."""
    names: set[str] = set()
    for turn in conversation.turns_of("customer")[:6]:
        for sentence in sentences(turn.words, lexicon):
            names.update(_introduced(sentence.tokens, lexicon))
    return frozenset(names)


def calls_by_name(tokens: Sequence[str], names: frozenset[str], lexicon: Lexicon) -> bool:
    """Whether the tokens address the customer: by a title (``uses_name`` phrases) or one of the names."""
    if lexicon.has("uses_name", tokens):
        return True
    return any(token in names or (not _common(token, lexicon) and _alike(token, names)) for token in tokens)


def _alike(token: str, names: frozenset[str]) -> bool:
    return len(token) > ALIKE_LETTERS and any(
        name[0] == token[0] and SequenceMatcher(None, name, token).ratio() >= ALIKE for name in names
    )


def _introduced(tokens: tuple[str, ...], lexicon: Lexicon) -> list[str]:
    out: list[str] = []
    for rule, before in (("introduction", False), ("introduction_after", True)):
        known = lexicon.rules.get(rule)
        hit = known.found_in(tokens) if known else None
        if hit:
            near = tokens[max(0, hit[0] - 2) : hit[0]] if before else tokens[hit[1] : hit[1] + 2]
            out.extend(token for token in near if len(token) >= ALIKE_LETTERS and not _common(token, lexicon))
    return out


def _common(token: str, lexicon: Lexicon) -> bool:
    words = (
        lexicon.light_words,
        lexicon.unfinished_words,
        lexicon.acknowledgements,
        lexicon.titles,
        lexicon.common_words,
    )
    return any(token in each for each in words)
