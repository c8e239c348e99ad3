"""An example call as plain values: for the tutorial, for trying the measures out, for the documentation's pictures.

Nobody recorded it. Words follow each other without gaps at the pace of their line; the speech is where the words are.
"""

from __future__ import annotations

from speechqa.conversation import PARTIES, Conversation, Party, Word
from speechqa.rubric.load import load_lexicon
from speechqa.timeline import Timeline
from speechqa.turns import with_turns

LINES: tuple[tuple[Party, float, float, str], ...] = (
    ("agent", 0.5, 0.35, "Good morning, Plum Street Bakery, this is Ines."),
    ("agent", 0.4, 0.35, "How can I help you?"),
    ("customer", 0.6, 0.4, "Hello."),
    ("customer", 0.3, 0.4, "The cake for Saturday came late and it has the wrong name on"),
    ("agent", -0.4, 0.3, "As I said before, the order form says Tom."),
    ("customer", 0.4, 0.4, "That is ridiculous. I wrote Ann."),
    ("agent", 0.5, 0.4, "One moment, please, I am looking."),
    ("agent", 6.2, 0.4, "I see it now, the form was copied wrongly."),
    (
        "agent",
        0.6,
        0.2,
        "The terms and conditions say that a cake with a wrong name is made again or paid back within two days",
    ),
    ("customer", -2.0, 0.4, "Mm-hmm."),
    (
        "agent",
        1.75,
        0.2,
        "and that the old one must be kept in its box until our driver has collected it at your door.",
    ),
    ("customer", -2.6, 0.3, "But I wrote it down,"),
    ("customer", 1.9, 0.4, "So what happens now?"),
    ("agent", 5.5, 0.4, "Would you like a new cake or your money back?"),
    ("customer", 0.5, 0.4, "A new"),
    ("customer", 1.2, 0.4, "cake, please. Who pays for it?"),
    ("agent", 0.2, 0.4, "We do."),
    ("agent", 0.5, 0.4, "I will bake it tonight, and our driver brings it tomorrow at nine."),
    ("agent", 0.4, 0.4, "Is there anything else?"),
    ("customer", -0.2, 0.4, "No, thank you."),
    ("agent", 0.4, 0.4, "Thank you for calling, and have a lovely party."),
)
"""Who, seconds after the end of the line before (below zero: inside it), seconds a word, the words."""
AFTERWARDS_S = 1.5


def conversation() -> Conversation:
    """The call with its turns: about 70 s, English, an agent of a bakery and a customer with a cake."""
    words: list[Word] = []
    end_s = 0.0
    for party, after_s, word_s, text in LINES:
        start_s = end_s + after_s
        said = text.split()
        words += [
            Word(party, each, round(start_s + i * word_s, 3), round(start_s + (i + 1) * word_s, 3))
            for i, each in enumerate(said)
        ]
        end_s = start_s + len(said) * word_s
    ordered = tuple(sorted(words, key=lambda word: (word.start_s, word.end_s, word.party)))
    speech = {party: Timeline(word.span for word in words if word.party == party) for party in PARTIES}
    bare = Conversation(round(end_s + AFTERWARDS_S, 3), "en", speech, ordered)
    return with_turns(bare, load_lexicon("en"))
