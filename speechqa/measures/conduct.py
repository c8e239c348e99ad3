"""Conduct: what the agent did in each stage of a conflict, against what S2 advises.

Definition. Checks per stage (`speechqa.measures.conflict`), each met, not met, or None where there was no chance for
it:

- position: `friendly` (an acknowledgement, an apology or the name, and no wording to avoid but a flat no),
  `states_the_point` (the refusal has its reason; None where nothing is refused)
- explosion: `lets_off_steam` (the agent has at most half of the talk), `does_not_talk_over` (no interruption, no
  attempt to cut in; None where overlaps are not measured), `does_not_argue` (no wording to avoid and no repeated
  refusal)
- acceptance: `acknowledges`, `explains` (a reason), `looks_for_a_way_out` (a solution, a choice, or the question what
  the customer wishes; in the plan it counts too)
- plan: `advises` (a solution, a choice, a benefit, a dated step; in acceptance it counts too)
- action: `carries_out` (a recap, a dated next step, or what is being done now)

Default. Half of the talk.
Source. S2.
Limits. Words as recognised. In stages without a turn of the agent nothing but listening is checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from speechqa.conversation import Conversation, Turn
from speechqa.lexicon import Lexicon
from speechqa.measures.conflict import Episode, Stage, StageSpan
from speechqa.measures.ending import Evidence
from speechqa.measures.overlaps import Overlap
from speechqa.measures.refusals import Refusal
from speechqa.measures.wording import Finding, says
from speechqa.sentences import Sentence, punctuated, sentences
from speechqa.timeline import Span, Timeline

MOST_TALK = 0.5
WAYS_OUT = ("offers_solution", "offers_choice", "asks_wish")
ADVICE = (*WAYS_OUT, "explains_benefit", "dated_next_step")
DEEDS = ("recap", "dated_next_step", "acts_for_customer", "offers_solution")
FRIENDLY = ("acknowledgement", "apology", "uses_name")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that the agent should do in a stage; ``met`` is None where it could not be told."""

    id: str
    met: bool | None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """What the checks are held against; ``overlaps`` None where they were not measured."""

    talk: Conversation
    lexicon: Lexicon
    findings: Sequence[Finding]
    refusals: Sequence[Refusal]
    overlaps: Sequence[Overlap] | None


def measure(call: Call, episode: Episode) -> Mapping[Stage, tuple[Check, ...]]:
    """The checks of every stage of a conflict."""
    at: dict[Stage, StageSpan] = {each.stage: each for each in episode.stages}
    found: dict[Stage, tuple[Check, ...]] = {}
    if "position" in at:
        found["position"] = (_friendly(call, at["position"]), _states(call, at["position"]))
    if "explosion" in at:
        found["explosion"] = tuple(_explosion(call, at["explosion"]))
    between = [each for each in episode.stages if each.stage in ("acceptance", "plan")]
    if "acceptance" in at:
        own = [at["acceptance"]]
        found["acceptance"] = (
            _says(call, "acknowledges", FRIENDLY[:2], own),
            _says(call, "explains", ("reason",), own),
            _says(call, "looks_for_a_way_out", WAYS_OUT, between),
        )
    if "plan" in at:
        found["plan"] = (_says(call, "advises", ADVICE, between),)
    if "action" in at:
        found["action"] = (_says(call, "carries_out", DEEDS, [at["action"]]),)
    return found


def _within(spans: Sequence[StageSpan], start_s: float) -> bool:
    return any(each.start_s <= start_s < each.end_s for each in spans)


def _said(call: Call, spans: Sequence[StageSpan]) -> Iterator[Sentence]:
    marks = punctuated(call.talk.words, call.lexicon)
    for turn in _turns(call, spans):
        yield from sentences(turn.words, call.lexicon, marks=marks)


def _turns(call: Call, spans: Sequence[StageSpan]) -> list[Turn]:
    return [turn for turn in call.talk.turns_of("agent") if _within(spans, turn.start_s)]


def _says(call: Call, check: str, rules: Sequence[str], spans: Sequence[StageSpan]) -> Check:
    """Whether the agent says one of these in the stages; None where the agent says nothing there."""
    if not _turns(call, spans):
        return Check(check, None)
    known = [rule for each in rules if (rule := call.lexicon.rules.get(each)) is not None]
    hits = [s for s in _said(call, spans) if any(says(rule, s, call.lexicon) for rule in known)]
    named = [f for f in call.findings if f.rule in rules and _within(spans, f.start_s)]
    places = {Evidence(s.start_s, s.end_s, s.quote) for s in hits}
    places |= {Evidence(f.start_s, f.end_s, f.quote) for f in named}
    return Check(check, bool(places), _in_order(places))


def _in_order(places: set[Evidence]) -> tuple[Evidence, ...]:
    return tuple(sorted(places, key=lambda each: (each.start_s, each.end_s)))


def _avoided(call: Call, spans: Sequence[StageSpan], but: Sequence[str] = ()) -> tuple[Evidence, ...]:
    hits = [f for f in call.findings if f.kind == "avoid" and f.rule not in but and _within(spans, f.start_s)]
    return _in_order({Evidence(each.start_s, each.end_s, each.quote) for each in hits})


def _friendly(call: Call, position: StageSpan) -> Check:
    if rude := _avoided(call, [position], but=("flat_no", "over_promise", "gushing_apology")):
        return Check("friendly", False, rude)
    return _says(call, "friendly", FRIENDLY, [position])


def _states(call: Call, position: StageSpan) -> Check:
    refused = [no for no in call.refusals if _within([position], no.start_s)]
    places = tuple(Evidence(no.start_s, no.end_s, no.quote) for no in refused)
    return Check("states_the_point", any(no.explains for no in refused) if refused else None, places)


def _explosion(call: Call, explosion: StageSpan) -> Iterator[Check]:
    span = Span(explosion.start_s, explosion.end_s)
    talk = {who: call.talk.speech.get(who, Timeline()).cropped(span).covered_s for who in ("agent", "customer")}
    whole_s = sum(talk.values())
    yield Check("lets_off_steam", talk["agent"] <= MOST_TALK * whole_s if whole_s else None)
    if call.overlaps is None:
        yield Check("does_not_talk_over", None)
    else:
        kinds = ("interruption", "attempt")
        over = [o for o in call.overlaps if o.by == "agent" and o.kind in kinds and _within([explosion], o.start_s)]
        yield Check("does_not_talk_over", not over, tuple(Evidence(o.start_s, o.end_s, o.quote) for o in over))
    repeated = [r for r in call.refusals if r.repeats and _within([explosion], r.start_s)]
    again = {Evidence(r.start_s, r.end_s, r.quote) for r in repeated}
    argued = _in_order({*again, *_avoided(call, [explosion], but=("gushing_apology",))})
    yield Check("does_not_argue", not argued, argued)
