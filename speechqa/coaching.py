"""Coaching: plain sentences for the agent, each resting on a measured place of the call, at most one per measure.

Pure. Clock times are minutes and seconds of the call. Wording findings are not repeated here: their better wording
stands beside them.
"""

from __future__ import annotations

from collections.abc import Iterator

from speechqa.analysis import Advice, CallEnding, CallListening
from speechqa.conflict_map import ConflictMap
from speechqa.conversation import Conversation
from speechqa.lexicon import Lexicon
from speechqa.measures.listening import MONOLOGUE_S
from speechqa.measures.overlaps import Overlap
from speechqa.measures.pace import Burst, Pace
from speechqa.measures.pressure import REMARKABLE, Cause, Pressure
from speechqa.measures.questions import Question
from speechqa.measures.silences import Silence
from speechqa.measures.standing import FAST, SLOW, Standing

OUT_TALKED = 0.5
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
    talk: Conversation,
    lexicon: Lexicon,
    *,
    pace: Pace | None,
    silences: tuple[Silence, ...],
    overlaps: tuple[Overlap, ...] | None,
    listening: CallListening | None,
    ending: CallEnding,
    questions: tuple[Question, ...] | None = None,
    pressure: Pressure | None = None,
    standings: tuple[Standing, ...] = (),
    drawn: ConflictMap | None = None,
) -> tuple[Advice, ...]:
    """The coaching lines in the order of pace, pauses, listening, questions, silence, conflict, ending."""
    lines = (
        _pace(pace, talk, lexicon),
        _among_others(standings, pace),
        _pressed(pressure),
        _pauses(listening),
        _attention(listening),
        _interruptions(overlaps),
        _unanswered(questions),
        _silence(silences),
        _conflict(drawn or ConflictMap()),
        _habits(drawn or ConflictMap()),
        _ending(ending),
    )
    return tuple(line for each in lines for line in each)


def clock(at_s: float) -> str:
    """``72.4`` is ``01:12``, ``3723`` is ``1:02:03``."""
    minutes, seconds = divmod(int(at_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes:02d}:{seconds:02d}"


def _pace(pace: Pace | None, talk: Conversation, lexicon: Lexicon) -> Iterator[Advice]:
    if pace is None or not pace.bursts:
        return
    worst = max(pace.bursts, key=lambda burst: burst.wpm)
    doing, instead = _topic(worst, talk, lexicon)
    text = f"You spoke {worst.wpm:.0f} words a minute{doing} at {clock(worst.start_s)}; {instead}."
    yield Advice(text, worst.start_s, worst.end_s)


def _topic(burst: Burst, talk: Conversation, lexicon: Lexicon) -> tuple[str, str]:
    """What the agent was doing in the passage, and what helps there."""
    said = [word.text for word in talk.words_of("agent") if burst.start_s <= word.start_s < burst.end_s]
    tokens = lexicon.normal(" ".join(said))
    topic = next((rule for rule in lexicon.of_kind("topic") if rule.found_in(tokens)), None)
    if topic is not None:
        return f" while {topic.why}", topic.say_instead
    return f" while saying “{burst.quote} …”" if burst.quote else "", "pause after each point"


def _among_others(standings: tuple[Standing, ...], pace: Pace | None) -> Iterator[Advice]:
    ranked = [each for each in standings if each.rate == "speech_rate_wpm" and each.percentile is not None]
    for each in ranked[:1]:
        wpm, place = pace.speech_rate_wpm if pace else None, each.percentile
        if wpm is None or place is None or SLOW < place < FAST:
            continue
        among = f"the {each.calls} calls of {'the team' if each.against == 'team' else 'this language'}"
        usual = f"their middle is {each.median:.0f}"
        share, how = (place, "faster") if place >= FAST else (100 - place, "slower")
        yield Advice(f"At {wpm:.0f} words a minute you speak {how} than in {share:.0f}% of {among}; {usual}.")


def _pressed(pressure: Pressure | None) -> Iterator[Advice]:
    found = pressure.acceleration if pressure else None
    if pressure is None or found is None or found < REMARKABLE:
        return
    worst = max(pressure.moments, key=lambda moment: moment.wpm or 0.0)
    rates = f"{pressure.rate_wpm:.0f} instead of {pressure.own_norm_wpm:.0f} words a minute"
    text = f"{_PUSH[worst.cause]} at {clock(worst.start_s)} you sped up ({rates}); slow down when the customer pushes."
    yield Advice(text, worst.turn_start_s, worst.end_s)


_PUSH: dict[Cause, str] = {
    "interruption": "After the customer cut in",
    "attempt": "After the customer tried to cut in",
    "complaint": "After the complaint",
    "emotion": "After the customer grew upset",
}


def _pauses(listening: CallListening | None) -> Iterator[Advice]:
    share = listening.agent_sentence_pause_share if listening else None
    if share is not None and share < FEW_SENTENCE_PAUSES:
        yield Advice(f"You paused after {share:.0%} of your sentences; a short pause after each sounds more confident.")
    longest_s = listening.agent_longest_monologue_s if listening else None
    if longest_s is not None and longest_s >= MONOLOGUE_S:
        place = listening.agent_longest_monologue if listening else None
        where = f" from {clock(place.start_s)}" if place else ""
        text = f"You spoke for {longest_s:.0f} s at a stretch{where}; ask a question in between."
        yield Advice(text, place.start_s if place else None, place.end_s if place else None)


def _attention(listening: CallListening | None) -> Iterator[Advice]:
    share = listening.agent_first_minute_listening_share if listening else None
    if share is not None and share < OUT_TALKED:
        yield Advice(f"In the first minute the customer had {share:.0%} of the talk; let the matter be told first.")


def _unanswered(questions: tuple[Question, ...] | None) -> Iterator[Advice]:
    left = [each for each in questions or () if each.party == "customer" and each.outcome in ("unanswered", "put_off")]
    if left:
        first = left[0]
        more = f" and {len(left) - 1} more" if len(left) > 1 else ""
        yield Advice(
            f"The customer’s question at {clock(first.start_s)}{more} got no answer: “{first.quote}”;"
            " answer it, or say when you will.",
            first.start_s,
            first.end_s,
        )


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
            f"Nobody spoke for {longest.end_s - longest.start_s:.0f} s at {clock(longest.start_s)}"
            f"{' after the customer had finished' if longest.after == 'customer' else ''};"
            " say what you are doing first.",
            longest.start_s,
            longest.end_s,
        )


def _ending(ending: CallEnding) -> Iterator[Advice]:
    for each in ending.criteria:
        if each.met is False and each.id in _MISSING:
            place = each.evidence[-1] if each.evidence else None
            yield Advice(_MISSING[each.id], place.start_s if place else None, place.end_s if place else None)


_STAGE_ADVICE = {
    "does_not_talk_over": "let them let off steam first",
    "does_not_argue": "listen instead of saying no again",
    "acknowledges": "say first that you understand",
    "explains": "give the reason",
    "looks_for_a_way_out": "offer a way out, or ask what they wish",
    "advises": "advise them what can be done",
}


def _conflict(drawn: ConflictMap) -> Iterator[Advice]:
    """The gravest conflict: how it went, and the first thing that was left out."""
    if drawn.conflict is None or not drawn.conflict.episodes:
        return
    worst = max(drawn.conflict.episodes, key=lambda each: each.peak)
    checks = (check.id for stage in worst.stages for check in stage.checks if check.met is False)
    missing = next((_STAGE_ADVICE[each] for each in checks if each in _STAGE_ADVICE), None)
    if missing is None:
        return
    calm = worst.time_to_calm_s
    went = "did not calm down" if calm is None else f"took {calm:.0f} s to calm down"
    at = clock(worst.peak_s)
    yield Advice(f"The customer was most upset at {at} and {went}; {missing}.", worst.peak_s, worst.end_s)


_HABITS = {
    "footballer": "You got rid of the customer at {} with “{}”; say why, and what you can do instead.",
    "nurse": "You hid behind others at {} with “{}”; say how you do it and why, in your own name.",
}


def _habits(drawn: ConflictMap) -> Iterator[Advice]:
    for habit in drawn.conflict.habits if drawn.conflict else ():
        if habit.found:
            first = habit.traits[0]
            text = _HABITS[habit.pattern].format(clock(first.start_s), first.quote.rstrip(".!"))
            yield Advice(text, first.start_s, first.end_s)
