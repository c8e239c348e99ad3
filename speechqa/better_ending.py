"""A better ending in the agent's own facts: "you could have ended on: …".

Pure but for the wording of the language, which is data (``rubric/closings.yaml``). The steps are quoted from what the
agent said in this call; where the agent named no step, nothing is proposed, since nothing may be invented. No apology
is part of it (S1.2).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from speechqa.conversation import Conversation
from speechqa.lexicon import Lexicon
from speechqa.measures.ending import Criterion, Evidence
from speechqa.measures.wording import says
from speechqa.rubric.load import Closing
from speechqa.sentences import Sentence, punctuated, sentences

STEPS = ("dated_next_step", "offers_solution")
TO_CLOSE = ("recap", "next_step_dated", "offer_more_help", "positive_close", "no_renewed_apology", "no_reproach")
SPOILS = ("apology", "reproach", "flat_no", "refusal", "over_promise", "blame_management")
MOST_STEPS = 2


@dataclass(frozen=True, slots=True)
class BetterEnding:
    """``text`` is what could have been said; ``steps`` are the places that it quotes."""

    text: str
    steps: tuple[Evidence, ...]


def better_ending(
    talk: Conversation, lexicon: Lexicon, criteria: Sequence[Criterion], closing: Closing | None
) -> BetterEnding | None:
    """A proposal where something was missing and the agent had named a step; None else."""
    missed = any(each.met is False and each.id in TO_CLOSE for each in criteria)
    steps = _steps(talk, lexicon) if missed and closing else ()
    if not steps or closing is None:
        return None
    told = " ".join(_whole(bare_step(each.quote, closing.openers)) for each in steps)
    text = " ".join((closing.sum_up.format(step=told), closing.more_help, closing.farewell))
    return BetterEnding(text, tuple(Evidence(each.start_s, each.end_s, each.quote) for each in steps))


def _steps(talk: Conversation, lexicon: Lexicon) -> tuple[Sentence, ...]:
    """The agent's last steps with a date, else the last solution that was offered; never a question."""
    marks = punctuated(talk.words, lexicon)
    said = [each for turn in talk.turns_of("agent") for each in sentences(turn.words, lexicon, marks=marks)]
    firm = [each for each in said if not each.asks and not any(lexicon.has(rule, each.tokens) for rule in SPOILS)]
    dated, solutions = ([each for each in firm if _says(rule, each, lexicon)] for rule in STEPS)
    unique = {each.tokens: each for each in dated}
    return tuple(unique.values())[-MOST_STEPS:] or tuple(solutions[-1:])


def _says(rule_id: str, sentence: Sentence, lexicon: Lexicon) -> bool:
    rule = lexicon.rules.get(rule_id)
    return rule is not None and says(rule, sentence, lexicon)


def bare_step(quote: str, openers: Sequence[str]) -> str:
    """The step without what it only answers with: "Right, then, you will …" is "You will …".

    A word is left out only before a comma or another opener: "Right after noon …" stays.
    """
    one = "|".join(re.escape(each) for each in sorted(openers, key=len, reverse=True)) or "(?!)"
    opening = re.match(rf"(?:(?:{one})(?:[,.!]\s*|\s+(?=(?:{one})\b)))+", quote, re.IGNORECASE)
    rest = quote[opening.end() :] if opening else quote
    return rest[:1].upper() + rest[1:] if rest else quote


def _whole(quote: str) -> str:
    bare = quote.rstrip(" ,;:-–—")
    return bare if bare.endswith((".", "!", "?", "…")) else f"{bare}."
