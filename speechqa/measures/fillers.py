"""Filled pauses: um, eh, hmm.

Definition. A recognised word of the language's list of fillers (`clearline/speaking.yaml`) in a turn that says
something else too; "mm-hmm" alone is listening, not hesitating. *Per minute* is over the party's speaking time
(pauses up to 1 s inside). *Wordless voice*: a stretch of voice of 0.15-1.5 s inside a turn, apart from other voice by
0.15 s and more, near which (0.2 s) no word was recognised: an "um" that was dropped, a laugh, a cough, a breath.
Default. Lists for English, Ukrainian, Russian, Norwegian, Romanian and Lithuanian; None for any other language.
Source. Filled pauses apart from silent ones: Campione & Véronis 2002. The rest is an own definition.
Limits. Recognisers are trained to leave fillers out (Whisper nearly always does), so the count is a lower bound and
zero proves nothing. Wordless voice shows where to listen; it is not counted as fillers, for it may be anything.
"""

from __future__ import annotations

from dataclasses import dataclass

from speechqa.conversation import Conversation, Party, Turn, Word
from speechqa.lexicon import Lexicon
from speechqa.measures.inputs import validate
from speechqa.measures.pace import speaking_time
from speechqa.timeline import Span, Timeline

SPEAKING_PAUSE_S = 1.0
APART_S = 0.15
SHORTEST_S, LONGEST_S = 0.15, 1.5
WORD_REACH_S = 0.2


@dataclass(frozen=True, slots=True)
class Filler:
    """One filled pause that was recognised."""

    party: Party
    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True, slots=True)
class Fillers:
    """A party's filled pauses; ``per_minute`` None without speech, ``found`` None where the language has no list."""

    found: tuple[Filler, ...] | None
    per_minute: float | None
    wordless: tuple[Span, ...]


def measure(conversation: Conversation, party: Party, lexicon: Lexicon) -> Fillers:
    """The party's filled pauses; the conversation needs its turns."""
    validate(conversation)
    turns = conversation.turns_of(party)
    wordless = tuple(span for turn in turns if turn.words for span in _wordless(turn))
    if not lexicon.fillers:
        return Fillers(None, None, wordless)
    found = tuple(
        Filler(party, word.start_s, word.end_s, word.text) for turn in turns for word in _fillers(turn, lexicon)
    )
    spoken_s = speaking_time(turns, SPEAKING_PAUSE_S).covered_s
    return Fillers(found, 60 * len(found) / spoken_s if spoken_s else None, wordless)


def fills(word: Word, lexicon: Lexicon) -> bool:
    """Whether the word is a filled pause."""
    return word.text.casefold().strip(".,;:!?…\"'”’()- ") in lexicon.fillers


def _fillers(turn: Turn, lexicon: Lexicon) -> tuple[Word, ...]:
    found = tuple(word for word in turn.words if fills(word, lexicon))
    said = [word for word in turn.words if word not in found and lexicon.tokens(word.text)]
    return found if any(not set(lexicon.tokens(word.text)) <= lexicon.acknowledgements for word in said) else ()


def _wordless(turn: Turn) -> tuple[Span, ...]:
    near = Timeline(Span(word.start_s - WORD_REACH_S, word.end_s + WORD_REACH_S) for word in turn.words)
    return tuple(
        span
        for span in turn.speech.closed(APART_S)
        if SHORTEST_S <= span.duration_s <= LONGEST_S and not near.cropped(span)
    )
