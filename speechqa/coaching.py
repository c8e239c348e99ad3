"""Coaching: plain sentences for the agent, each resting on a measured place of the call, at most one per measure.

Pure. Clock times are minutes and seconds of the call. Wording findings are not repeated here: their better wording
stands beside them.
"""

from __future__ import annotations

from collections.abc import Iterator

from speechqa.analysis import Advice, CallEnding, CallListening
from speechqa.measures.listening import MONOLOGUE_S
from speechqa.measures.overlaps import Overlap
from speechqa.measures.pace import Pace
from speechqa.measures.silences import Silence

FEW_SENTENCE_PAUSES = 0.5
_MISSING = {
    "recap": "Sum up before you close: what will be done, when and by whom.",
    "next_step_dated": "Name the next step with a day or an hour and who takes it.",
    "offer_more_help": "Ask whether there is anything else before you close.",
    "positive_close": "End on a good word: thanks, or a wish for the day.",
    "no_renewed_apology": "Do not apologise again at the end; say what you will do now.",
    "no_reproach": "Leave the reproach out; it is what the customer will remember.",
}


def coach(
    *,
    pace: Pace | None,
    silences: tuple[Silence, ...],
    overlaps: tuple[Overlap, ...] | None,
    listening: CallListening | None,
    ending: CallEnding,
) -> tuple[Advice, ...]:
    """The coaching lines in the order of pace, pauses, listening, silence, ending."""
    lines = (_pace(pace), _pauses(listening), _interruptions(overlaps), _silence(silences), _ending(ending))
    return tuple(line for each in lines for line in each)


def clock(at_s: float) -> str:
    """``72.4`` is ``01:12``."""
    minutes, seconds = divmod(int(at_s), 60)
    return f"{minutes:02d}:{seconds:02d}"


def _pace(pace: Pace | None) -> Iterator[Advice]:
    if pace is None or not pace.bursts:
        return
    worst = max(pace.bursts, key=lambda burst: burst.wpm)
    quote = f" while saying “{worst.quote} …”" if worst.quote else ""
    yield Advice(
        f"You spoke {worst.wpm:.0f} words a minute at {clock(worst.start_s)}{quote}; pause after each point.",
        worst.start_s,
        worst.end_s,
    )


def _pauses(listening: CallListening | None) -> Iterator[Advice]:
    share = listening.agent_sentence_pause_share if listening else None
    if share is not None and share < FEW_SENTENCE_PAUSES:
        yield Advice(f"You paused after {share:.0%} of your sentences; a short pause after each sounds more confident.")
    longest_s = listening.agent_longest_monologue_s if listening else None
    if longest_s is not None and longest_s >= MONOLOGUE_S:
        yield Advice(f"You spoke for {longest_s:.0f} s at a stretch; ask a question in between.")


def _interruptions(overlaps: tuple[Overlap, ...] | None) -> Iterator[Advice]:
    cut = [each for each in overlaps or () if each.by == "agent" and each.kind == "interruption"]
    if cut:
        first = cut[0]
        times = "once" if len(cut) == 1 else f"{len(cut)} times, first"
        yield Advice(
            f"You cut the customer off {times} at {clock(first.start_s)};"
            " let them finish, or use the name and a question.",
            first.start_s,
            first.end_s,
        )


def _silence(silences: tuple[Silence, ...]) -> Iterator[Advice]:
    dead = [each for each in silences if each.kind == "dead_air"]
    if dead:
        longest = max(dead, key=lambda each: each.end_s - each.start_s)
        yield Advice(
            f"Nobody spoke for {longest.end_s - longest.start_s:.0f} s at {clock(longest.start_s)};"
            " say what you are doing first.",
            longest.start_s,
            longest.end_s,
        )


def _ending(ending: CallEnding) -> Iterator[Advice]:
    for each in ending.criteria:
        if each.met is False and each.id in _MISSING:
            place = each.evidence[-1] if each.evidence else None
            yield Advice(_MISSING[each.id], place.start_s if place else None, place.end_s if place else None)
