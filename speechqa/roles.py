"""Roles: which side is the agent, told by what each side says.

Definition. The first assumption is that of the layout: a stereo file has the customer left and the agent right, of two
files each is whom it was given for. Then the words are weighed. Every sign of the lexicon that a side gives counts for
or against its being the agent: who answers for a company and offers help in the opening, asks for details, looks
something up, offers more help; who states a matter, was told something, wants nothing more. The weights are natural
logarithms of how much likelier an agent is to say it than a customer; the second time a sign counts half, then no more.
*Confidence* is the probability of the roles that were chosen.
Default. Sides are exchanged from a probability of 0.9 that they are swapped, on at least two different signs; from
0.3 a note tells of it. Roles that the call record states are never exchanged, only doubted in a note.
On a mono recording the first voice is the agent with 0.7 before the words are weighed; the likelier names are taken.
A mono recording's only voice is weighed from 0.5 and named from 0.8; below, it stands in the agent's lane, unnamed.
Source. 2.4 % of a corpus of real calls had their sides swapped: the assumption's weight. The weights are own estimates.
Limits. Without words, or in a language without these signs in its lexicon, the layout's assumption stands.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from speechqa.conversation import PARTIES, Conversation, Party
from speechqa.lexicon import Lexicon
from speechqa.sentences import Sentence, sentences
from speechqa.turns import with_turns

if TYPE_CHECKING:
    from speechqa.hearing import Heard

RoleChoice = Literal["auto", "keep", "swap"]
"""What to do about the sides: weigh the words, leave them as they are laid out, or exchange them."""

OPENING_S = 45.0
OPENING_SENTENCES = 4
SWAP_FROM = 0.9
DOUBT_FROM = 0.3
FEWEST_SIGNS = 2
LAYOUT_RIGHT = 0.976
FIRST_IS_AGENT = 0.7  # on a mono recording: who takes a call answers it
ALONE_FROM = 0.8  # the only voice of a recording is named from here on
RECORD_RIGHT = 0.999
SUREST = 5.0  # no words make it surer than 0.993

OPENING_WEIGHTS: Mapping[str, float] = {"answers_for_company": 3.0, "offers_help": 3.0}
WEIGHTS: Mapping[str, float] = {
    "offer_more_help": 2.5,
    "positive_close": 0.8,
    "asks_for_details": 1.5,
    "acts_for_customer": 1.2,
    "wait": 1.2,
    "states_matter": -1.5,
    "wants_no_more": -1.5,
}


@dataclass(frozen=True, slots=True)
class RoleSign:
    """One thing said that tells the sides apart; ``weight`` > 0 speaks for the party being the agent."""

    sign: str
    party: Party
    start_s: float
    end_s: float
    quote: str
    weight: float


@dataclass(frozen=True, slots=True)
class RoleVerdict:
    """``right`` is the probability (0-1) that the parties are named rightly; ``signs`` weigh most first."""

    right: float
    signs: tuple[RoleSign, ...] = ()

    @property
    def swapped(self) -> bool:
        """Whether the words say firmly that the two are the other way round."""
        against = {each.sign for each in self.signs if (each.weight > 0) == (each.party == "customer")}
        return self.right <= 1 - SWAP_FROM and len(against) >= FEWEST_SIGNS

    @property
    def doubtful(self) -> bool:
        """Whether the words speak against the names, firmly or not."""
        return self.right <= 1 - DOUBT_FROM


def weigh_roles(conversation: Conversation, lexicon: Lexicon, assumed: float = LAYOUT_RIGHT) -> RoleVerdict:
    """How sure it is that the conversation's agent is the agent; ``assumed`` is the probability without any words."""
    if not 0.0 < assumed < 1.0:
        raise ValueError(f"a probability inside (0, 1) is needed, not {assumed}")
    signs = [sign for party in PARTIES for sign in _signs(conversation, party, lexicon)]
    balance = math.log(assumed / (1 - assumed))
    balance += sum(each.weight if each.party == "agent" else -each.weight for each in signs)
    right = 1 / (1 + math.exp(-max(-SUREST, min(SUREST, balance))))
    return RoleVerdict(right, tuple(sorted(signs, key=lambda each: -abs(each.weight))))


def settle_roles(heard: Heard, lexicon: Lexicon | None, choice: RoleChoice = "auto") -> Heard:
    """The recording with its roles settled: everything that was heard changes sides where they are swapped.

    No word is recognised again. On a mono recording the voices change names; one that was not divided stays as it is.
    """
    recording = heard.recording
    if recording.roles is None and not heard.divided and not heard.alone:
        return heard
    if choice == "swap":
        return _certain(heard.swapped(), 1.0)
    if choice == "keep":
        return _certain(heard, 1.0)
    if heard.alone:
        return _only(heard, _verdict(heard.conversation, lexicon, 0.5))
    if heard.divided:
        return _named(heard, _verdict(heard.conversation, lexicon, FIRST_IS_AGENT))
    stated = recording.roles_confidence is not None
    verdict = _verdict(heard.conversation, lexicon, RECORD_RIGHT if stated else LAYOUT_RIGHT)
    if verdict.swapped and not stated:
        note = f"The sides are swapped and were exchanged: {_said(verdict)}. If that is wrong, use --roles keep."
        return _certain(heard.swapped(), 1 - verdict.right, note)
    if verdict.doubtful or (stated and verdict.right < 0.9):
        note = f"The sides may be swapped: {_said(verdict)}. If they are, use --roles swap."
        return _certain(heard, verdict.right, note)
    return _certain(heard, verdict.right)


def _named(heard: Heard, verdict: RoleVerdict) -> Heard:
    """The voices of a mono recording under the likelier names."""
    right = verdict.right >= 0.5
    confidence = verdict.right if right else 1 - verdict.right
    note = (
        f"The voice that is heard {'first' if right else 'second'} was taken for the agent's"
        f" (confidence {confidence:.2f}); if that is wrong, use --roles {'swap' if right else 'keep'}."
    )
    return _certain(heard if right else heard.swapped(), confidence, note)


def _only(heard: Heard, verdict: RoleVerdict) -> Heard:
    """The only voice of a mono recording under its name, where its words tell it."""
    if both := _of_both(verdict):
        undivided = replace(heard.division, confidence=None) if heard.division else None
        return replace(heard, division=undivided, notes=(*heard.notes, both))
    confidence = max(verdict.right, 1 - verdict.right)
    if confidence < ALONE_FROM:
        unknown = "Whose the only voice is could not be told; it stands in the agent's lane, --roles swap changes it."
        return replace(heard, notes=(*heard.notes, unknown))
    right = verdict.right >= 0.5
    note = (
        f"The only voice was taken for the {'agent' if right else 'customer'}'s (confidence {confidence:.2f});"
        f" if that is wrong, use --roles {'swap' if right else 'keep'}."
    )
    return _certain(heard if right else heard.swapped(), confidence, note)


def _of_both(verdict: RoleVerdict) -> str:
    """The note that one voice says what agents and what customers say; empty where it does not."""
    agents = next((each for each in verdict.signs if each.weight > 0), None)
    customers = next((each for each in verdict.signs if each.weight < 0), None)
    if agents is None or customers is None:
        return ""
    return (
        f'One voice says what agents say ("{agents.quote}") and what customers say ("{customers.quote}"): it was taken'
        " for two people who sound alike, and not measured."
    )


def _verdict(conversation: Conversation, lexicon: Lexicon | None, assumed: float) -> RoleVerdict:
    return weigh_roles(conversation, lexicon, assumed) if lexicon is not None else RoleVerdict(assumed)


def _certain(heard: Heard, confidence: float, *notes: str) -> Heard:
    recording = replace(heard.recording, roles_confidence=confidence)
    return replace(heard, recording=recording, notes=(*heard.notes, *notes))


def _said(verdict: RoleVerdict) -> str:
    """The two strongest signs against the names, as people would put them."""
    against = [each for each in verdict.signs if (each.weight > 0) == (each.party == "customer")]
    return " and ".join(f'the side taken for the {each.party} says "{each.quote}"' for each in against[:2])


def _signs(conversation: Conversation, party: Party, lexicon: Lexicon) -> Iterator[RoleSign]:
    seen: Counter[str] = Counter()
    talk = conversation if conversation.turns else with_turns(conversation, lexicon)
    said = [each for turn in talk.turns_of(party) for each in sentences(turn.words, lexicon)]
    for number, sentence in enumerate(said):
        opening = number < OPENING_SENTENCES and sentence.start_s <= OPENING_S
        weights = {**WEIGHTS, **OPENING_WEIGHTS} if opening else WEIGHTS
        for sign, weight in weights.items():
            if seen[sign] < 2 and lexicon.has(sign, sentence.tokens):
                seen[sign] += 1
                yield _sign(sign, sentence, weight / seen[sign])


def _sign(sign: str, sentence: Sentence, weight: float) -> RoleSign:
    return RoleSign(sign, sentence.party, sentence.start_s, sentence.end_s, sentence.quote, weight)
