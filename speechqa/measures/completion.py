"""Had the holder finished when the other began? Evidence from words and timing, weighed.

Definition. Each piece of evidence adds to a balance; at 0 and above the holder had finished. With a full stop and
nothing else to go by, the balance turns at 0.45 s of overlap; a terminal overlap is at most 0.5 s.

==========================================================  ======
the recogniser wrote a question mark at the end              +2.0
it wrote a full stop or exclamation mark                     +0.6
the holder's last words are a question by their form and the
other begins with an acknowledgement                         +1.5
it wrote neither though it punctuates, a dash or an ellipsis -2.0
it wrote a comma, as it also does where a sentence may go on -1.0
the last word wants another ("the", "and", "because")        -2.0
speech without any word for 0.8 s and more at the end        -1.0
for each tenth that the voice fell steeper (flatter) than    -0.6 (+0.6), at most
0.55 of its way down within 30 ms (`engines.falls`)           1.0 up and 1.8 down
the other answers or acknowledges ("yes, sure", "thank you") +0.5
the other contests or stops ("but", "hold on", "may I stop") -2.0
for each second of overlap below (above) 0.35 s              +6 (-6), at most 1 and at least -2
==========================================================  ======

Source. Own weights, from the definition (0.5 s) and from what recognisers do to cut words: they finish the sentence,
drop its tail, or write an ellipsis.
Limits. Intonation is not heard; without sound the fall of the voice is not known; an ellipsis of a thoughtful speaker
reads as cut off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from speechqa.conversation import Word
from speechqa.lexicon import Lexicon

OPENING_TOKENS = 12
QUESTION_TOKENS = 7


@dataclass(frozen=True, slots=True)
class Weights:
    """The table of the module docstring; ``neutral_overlap_s`` and ``tail_s`` in seconds."""

    question: float = 2.0
    full_stop: float = 0.6
    asked: float = 1.5
    open_end: float = -2.0
    comma: float = -1.0
    unfinished_word: float = -2.0
    wordless_tail: float = -1.0
    answer: float = 0.5
    contest: float = -2.0
    per_second: float = -6.0
    per_steepness: float = -6.0
    neutral_steepness: float = 0.55
    neutral_overlap_s: float = 0.35
    tail_s: float = 0.8


def finished(
    holder: Sequence[Word],
    holder_end_s: float,
    incoming: Sequence[Word],
    overlap_s: float,
    lexicon: Lexicon,
    *,
    marks: bool,
    steepness: float | None = None,
    weights: Weights | None = None,
) -> bool:
    """Whether the holder, of whom words and end of speech are given, had finished; ``marks``: words are punctuated.

    ``steepness``: how steeply the holder fell silent, 0-1, None where it is not known.
    """
    weights = weights or Weights()
    timing = weights.per_second * (overlap_s - weights.neutral_overlap_s)
    balance = max(-2.0, min(1.0, timing))
    if steepness is not None:
        balance += max(-1.8, min(1.0, weights.per_steepness * (steepness - weights.neutral_steepness)))
    balance += _end_of(holder, holder_end_s, lexicon, marks, weights)
    if _asks(holder, lexicon) and _acknowledging(incoming, lexicon):
        balance += weights.asked
    return balance + _opening_of(incoming, lexicon, weights) >= 0


def _asks(holder: Sequence[Word], lexicon: Lexicon) -> bool:
    tokens = [token for word in holder for token in lexicon.tokens(word.text)]
    return lexicon.has("question", tokens[-QUESTION_TOKENS:])


def _acknowledging(incoming: Sequence[Word], lexicon: Lexicon) -> bool:
    tokens = [token for word in incoming[:1] for token in lexicon.tokens(word.text)]
    return bool(tokens) and tokens[0] in lexicon.acknowledgements


def _end_of(holder: Sequence[Word], end_s: float, lexicon: Lexicon, marks: bool, weights: Weights) -> float:
    if not holder:
        return 0.0
    balance = _mark(holder, lexicon, marks, weights)
    tokens = [token for word in holder[-2:] for token in lexicon.tokens(word.text)]
    if tokens and tokens[-1] in lexicon.unfinished_words:
        balance += weights.unfinished_word
    if end_s - max(word.end_s for word in holder) >= weights.tail_s:
        balance += weights.wordless_tail
    return balance


def _mark(holder: Sequence[Word], lexicon: Lexicon, marks: bool, weights: Weights) -> float:
    last = holder[-1].text.rstrip("\"'”’)")
    if last.endswith("?"):
        return weights.question
    if last.endswith(","):
        return weights.comma
    if last.endswith(("...", "…", "-", "–", "—")):
        return weights.open_end
    if lexicon.ends_sentence(last):
        return weights.full_stop
    return weights.open_end if marks else 0.0


def _opening_of(incoming: Sequence[Word], lexicon: Lexicon, weights: Weights) -> float:
    tokens = [token for word in incoming for token in lexicon.tokens(word.text)][:OPENING_TOKENS]
    if lexicon.has("contest", tokens) or lexicon.has("polite_stop", tokens):
        return weights.contest
    return weights.answer if tokens and tokens[0] in lexicon.acknowledgements else 0.0
