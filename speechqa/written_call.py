"""A call written as turns, without any sound: read, judged, and what of it becomes a document.

The turns stand as they are given; words are spread over them. Pauses, overlaps and latency are not measured, since
turns do not tell them; what rests on words is: wording, refusals, ending, and the score of what could be told.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from speechqa.analysis import Advice, CallEnding, CallFinding, plain
from speechqa.call_score import CallScore
from speechqa.conflict_map import CallConflict, CallEmotion
from speechqa.conversation import PARTIES, Conversation, Party, Turn, Word
from speechqa.errors import TurnsUnusable
from speechqa.exchange.assemble import Assembled
from speechqa.exchange.coarse import honest
from speechqa.exchange.transcript import spread
from speechqa.judgement import AnalysisSettings, Judged, judge
from speechqa.measures.complaint import Complaint
from speechqa.measures.offers import Offer
from speechqa.measures.questions import Question
from speechqa.measures.refusals import Refusal
from speechqa.rubric.model import Rubric
from speechqa.timeline import Span, Timeline

if TYPE_CHECKING:
    from speechqa.assistant.answer import Proposal

SCHEMA = "speechqa.judgement/1"
EDGES = "The times are those of the turns: pauses, overlaps, latency and articulation rate are not measured."
NOTHING = "The transcript is empty: nothing is judged."
UNSORTED = "The turns were not in order of time and have been put in order."
OVERLAPPING = "Turns of the {} lie over each other: check who said what."
LONGEST_S = 86_400.0
FORM = '{"language": "en", "turns": [{"party": "agent", "start_s": 0, "end_s": 2, "text": "…"}]}'
ONE_PARTY = "Only the {} speaks: there is no call between two people to score."


class _Turn(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    party: Literal["agent", "customer"]
    start_s: Annotated[float, Field(ge=0)]
    end_s: Annotated[float, Field(ge=0)]
    text: str


class _Call(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    language: Annotated[str, Field(min_length=2, max_length=35)]
    turns: list[_Turn]
    hung_up: Literal["agent", "customer"] | None = None
    duration_s: Annotated[float, Field(ge=0)] | None = None


@dataclass(frozen=True, slots=True)
class WrittenCall:
    """The conversation with its turns; ``length_known``: the file says how long the call was.

    ``notes``: what was odd about the turns and is to be said beside the judgement.
    """

    conversation: Conversation
    length_known: bool
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """The parts of `Analysis` that words alone can tell."""

    language: str
    ending: CallEnding
    findings: tuple[CallFinding, ...] | None
    refusals: tuple[Refusal, ...] | None
    emotion: CallEmotion | None
    conflict: CallConflict | None
    complaint: Complaint | None
    offers: tuple[Offer, ...] | None
    questions: tuple[Question, ...] | None
    score: CallScore
    advice: tuple[Advice, ...]
    notes: tuple[str, ...]
    proposal: Proposal | None = None
    schema: str = SCHEMA

    def to_json(self) -> dict[str, Any]:
        """The document: dictionaries, lists, strings, numbers, None; ``schema`` first."""
        document: dict[str, Any] = plain(self)
        return {"schema": document.pop("schema"), **document}


def read_written_call(text: str, name: str) -> WrittenCall:
    """The call in a JSON text; raises `TurnsUnusable` with the line or the turn."""
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        where = f"{name}, line {error.lineno}, column {error.colno}"
        raise TurnsUnusable(f"{where}: this is not JSON ({error.msg}).") from None
    except RecursionError:
        raise TurnsUnusable(f"{name} is nested too deeply to be a call.") from None
    if not isinstance(content, dict):
        raise TurnsUnusable(f"{name}: there is no call in it; a call is written as {FORM}.")
    try:
        call = _Call.model_validate(content)
    except ValidationError as error:
        raise TurnsUnusable(_said(name, error)) from None
    for number, turn in enumerate(call.turns, 1):
        if turn.end_s <= turn.start_s:
            times = f"it begins at {turn.start_s:g} s and ends at {turn.end_s:g} s"
            raise TurnsUnusable(f"{name}, turn {number}: {times}; a turn must last.")
        if turn.end_s > LONGEST_S:
            late = f"it ends {turn.end_s:g} s after the start of the call, which is more than a day"
            raise TurnsUnusable(f"{name}, turn {number}: {late}; times are in seconds.")
    return _written(call, name)


def _said(name: str, error: ValidationError) -> str:
    first = error.errors()[0]
    loc = first["loc"]
    where = f", turn {int(loc[1]) + 1}" if len(loc) > 1 and loc[0] == "turns" else ""
    field = f" {loc[-1]!r}" if loc and isinstance(loc[-1], str) else ""
    return f"{name}{where}:{field} {first['msg'][0].lower()}{first['msg'][1:]}; a call is written as {FORM}."


def _written(call: _Call, name: str) -> WrittenCall:
    given = sorted(call.turns, key=lambda each: (each.start_s, each.end_s, each.party))
    end_s = max((each.end_s for each in given), default=0.0)
    if call.duration_s is not None and call.duration_s < end_s:
        raise TurnsUnusable(f"{name}: duration_s is {call.duration_s:g}, but the last turn ends at {end_s:g} s.")
    turns = tuple(_turn(each) for each in given)
    words = sorted((word for turn in turns for word in turn.words), key=lambda word: (word.start_s, word.end_s))
    speech = {party: Timeline(Span(t.start_s, t.end_s) for t in turns if t.party == party) for party in PARTIES}
    duration_s = end_s if call.duration_s is None else call.duration_s
    talk = Conversation(duration_s, call.language, speech, tuple(words), turns, hung_up=call.hung_up)
    return WrittenCall(talk, call.duration_s is not None, tuple(_oddities(call.turns, given)))


def _oddities(turns: Sequence[_Turn], given: Sequence[_Turn]) -> Iterator[str]:
    """What is odd about turns: ``given`` are in order of time."""
    if [each.start_s for each in turns] != [each.start_s for each in given]:
        yield UNSORTED
    for party in PARTIES:
        own = [each for each in given if each.party == party]
        if any(second.start_s < first.end_s for first, second in pairwise(own)):
            yield OVERLAPPING.format(party)


def _turn(given: _Turn) -> Turn:
    party: Party = given.party
    words = tuple(
        Word(party, each.text, each.start_s, each.end_s)
        for each in spread(given.text, None, given.start_s, given.end_s)
        if each.end_s > each.start_s
    )
    return Turn(party, Timeline.of((given.start_s, given.end_s)), words)


def judge_written(call: WrittenCall, rubric: Rubric, settings: AnalysisSettings | None = None) -> Judgement:
    """Ending, findings, refusals and score; pure but for reading the lexicon. What is not scored has its note."""
    settings = settings or AnalysisSettings()
    closing = replace(settings.ending, length_known=call.length_known)
    talk = call.conversation
    made = Assembled(talk, "cues", whole=call.length_known)
    judged = honest(judge(talk, rubric, replace(settings, ending=closing)), made, rubric)
    notes = [*(each for each in judged.notes if "--audio" not in each), *call.notes, EDGES]
    notes.sort(key=lambda each: "no lexicon" not in each)  # why nothing is judged comes first
    heard = [party for party in PARTIES if talk.words_of(party)]
    if len(heard) < len(PARTIES):
        notes.insert(0, ONE_PARTY.format(heard[0]) if heard else NOTHING)
    return Judgement(
        language=talk.language,
        ending=judged.ending,
        findings=judged.findings,
        refusals=judged.refusals if heard else None,
        emotion=judged.map.emotion,
        conflict=judged.map.conflict,
        complaint=judged.map.complaint,
        offers=judged.map.offers if heard else None,
        questions=judged.questions,
        score=judged.score if len(heard) == len(PARTIES) else _unscored(judged, notes[0]),
        advice=judged.advice if len(heard) == len(PARTIES) else (),
        notes=tuple(dict.fromkeys(notes)),
    )


def _unscored(judged: Judged, why: str) -> CallScore:
    doubts = tuple(dict.fromkeys((why, *judged.score.doubts)))
    return replace(
        judged.score, total=None, confidence=None, human_must_look=True, doubts=doubts, changes=(), failed=()
    )
