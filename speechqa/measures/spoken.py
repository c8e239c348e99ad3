"""Words as they were spoken: recognisers write "NW3 5TG" for six words and "20" for one.

Definition. A written word counts one; one that holds digits counts what is said: a whole number up to 20 or a full
ten one, other numbers below 100 two, hundreds and thousands by their parts, a number of five digits and more without
separators one per digit, a mixture of letters and digits (postcode, order number) one per character, a currency or
percent sign one more. Syllables follow the language's rule in `clearline/speaking.yaml` (matches of its nucleus,
less the silent and more the separate vowels); a spoken word of a number counts `Syllables.per_number`.
Default. Rules for English, Ukrainian, Russian, Norwegian, Romanian and Lithuanian; for any other language syllables and
articulation rate are None.
Source. Own rules, held against words of the trade counted by hand, more than 40 per language, and against sentences
that the rules were not made on. Hyphenation (pyphen) was tried instead and counts 10-70 % of the same words wrong,
since not every syllable may be divided in print.
Limits. "Double six" written as "66" counts two; years are counted as two pairs. Numbers are counted as in English.
"""

from __future__ import annotations

from collections.abc import Iterable

from clearline import spoken
from clearline.spoken import spoken_words
from speechqa.conversation import Word
from speechqa.lexicon import Lexicon

__all__ = ["count_syllables", "count_words", "spoken_words"]


def count_words(words: Iterable[Word]) -> int:
    """Spoken words in all."""
    return spoken.count_words(word.text for word in words)


def count_syllables(words: Iterable[Word], lexicon: Lexicon) -> float | None:
    """Spoken syllables in all, an estimate; None for a language without a rule."""
    return spoken.count_syllables((word.text for word in words), lexicon.syllables)
