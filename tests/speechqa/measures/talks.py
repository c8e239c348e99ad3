"""Conversations written down for tests: ``("agent", 0.0, "Hello there.")`` is said at 0.3 s a word, edges exact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from speechqa.conversation import PARTIES, Conversation, Party, Word
from speechqa.lexicon import Lexicon
from speechqa.rubric.load import load_lexicon
from speechqa.timeline import Span, Timeline
from speechqa.turns import with_turns

WORD_S = 0.3
Line = tuple[Party, float, str]

ENGLISH: Lexicon = load_lexicon("en")


def words_of(party: Party, start_s: float, text: str, word_s: float = WORD_S) -> list[Word]:
    return [Word(party, each, start_s + i * word_s, start_s + (i + 1) * word_s) for i, each in enumerate(text.split())]


def talk(
    lines: Iterable[Line],
    *,
    duration_s: float | None = None,
    word_s: float = WORD_S,
    hung_up: Party | None = None,
    lexicon: Lexicon = ENGLISH,
) -> Conversation:
    """A conversation with its turns; the speech is exactly where the words are."""
    words = [word for party, start_s, text in lines for word in words_of(party, start_s, text, word_s)]
    return from_words(words, duration_s=duration_s, hung_up=hung_up, lexicon=lexicon)


def from_words(
    words: Sequence[Word],
    *,
    duration_s: float | None = None,
    hung_up: Party | None = None,
    lexicon: Lexicon = ENGLISH,
) -> Conversation:
    speech = {party: Timeline(word.span for word in words if word.party == party) for party in PARTIES}
    end_s = max((word.end_s for word in words), default=0.0)
    bare = Conversation(
        duration_s=end_s if duration_s is None else duration_s,
        language=lexicon.language,
        speech=speech,
        words=tuple(sorted(words, key=lambda word: word.start_s)),
        hung_up=hung_up,
    )
    return with_turns(bare, lexicon)


def spoken(party: Party, *spans: tuple[float, float]) -> tuple[Party, Timeline]:
    return party, Timeline(Span(start, end) for start, end in spans)
