"""Response latency: how long the customer waits for the agent to answer.

Definition. From the end of a customer's turn to the agent's next start, where the agent is the next to take a turn; a
start up to 0.5 s before the end (a terminal overlap) counts as it is, below zero. Median and 90th percentile, in
seconds. The *floor transfer offset* is the same between any two turns of different parties.
Default. Announced waits are included: the customer waits then too.
Source. Human median about +0.2 s: Heldner & Edlund 2010, Levinson & Torreira 2015.
Limits. Network delay between the recording point and the customer's ear is not in a recording.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from itertools import pairwise

from speechqa.conversation import Conversation, Party, other
from speechqa.lexicon import Lexicon
from speechqa.measures.inputs import validate
from speechqa.turns import is_backchannel

TERMINAL_S = 0.5


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds; None where the party never answered."""

    median_s: float | None
    p90_s: float | None
    answers: int


def offsets(conversation: Conversation, party: Party, lexicon: Lexicon) -> tuple[float, ...]:
    """Floor transfer offsets in seconds with which the party took over, backchannels and interruptions left out."""
    turns = [turn for turn in conversation.turns if not is_backchannel(turn, conversation.turns, lexicon)]
    out = []
    for before, after in pairwise(turns):
        offset = after.start_s - before.end_s
        if before.party == other(party) and after.party == party and offset >= -TERMINAL_S:
            out.append(offset)
    return tuple(out)


def measure(conversation: Conversation, lexicon: Lexicon, party: Party = "agent") -> Latency:
    """The party's response latency; the conversation needs its turns."""
    validate(conversation)
    found = sorted(offsets(conversation, party, lexicon))
    if not found:
        return Latency(None, None, 0)
    p90_s = statistics.quantiles(found, n=10, method="inclusive")[8] if len(found) > 1 else found[0]
    return Latency(statistics.median(found), p90_s, len(found))
