"""Amazon Connect Contact Lens, the output file of a voice contact: in its shape, and out of it.

Source: Amazon Connect administrator guide, "Example Contact Lens output files for a call" (version 1.1.0);
``contact_lens.schema.json`` beside this file states the shape. Times are whole milliseconds. Interruptions are those of
the kinds *interruption* and *redirect*, non-talk time is every silence of 3 s and more, hold included, and categories
are the findings. Not measured here and therefore absent: sentiment, loudness, issues, redaction.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from speechqa.conversation import PARTIES, Party
from speechqa.errors import ExchangeError
from speechqa.exchange.document import AnalysisDocument, Stretch, fault, parse_json
from speechqa.exchange.transcript import Cue, Transcript, checked, ordered

NAME = "contact-lens"
VERSION = "1.1.0"
CUT_OFF = ("interruption", "redirect")
ROLES: dict[Party, str] = {"customer": "CUSTOMER", "agent": "AGENT"}


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class _Participant(_Part):
    id: str = Field(validation_alias="ParticipantId")
    role: str = Field(validation_alias="ParticipantRole")


class _Said(_Part):
    participant: str = Field(validation_alias="ParticipantId")
    content: str = Field(validation_alias="Content")
    begin_ms: Annotated[float, Field(validation_alias="BeginOffsetMillis", allow_inf_nan=False)]
    end_ms: Annotated[float, Field(validation_alias="EndOffsetMillis", allow_inf_nan=False)]


class _Characteristics(_Part):
    duration_ms: float | None = Field(
        default=None, validation_alias="TotalConversationDurationMillis", ge=0, allow_inf_nan=False
    )


class _ContactLens(_Part):
    participants: list[_Participant] = Field(default=[], validation_alias="Participants")
    transcript: list[_Said] = Field(validation_alias="Transcript")
    language: str | None = Field(default=None, validation_alias="LanguageCode")
    characteristics: _Characteristics = Field(
        default=_Characteristics(), validation_alias="ConversationCharacteristics"
    )
    channel: str = Field(default="VOICE", validation_alias="Channel")


def read(text: str, name: str) -> Transcript:
    """The transcript of a Contact Lens file; raises ExchangeError with the line or the field."""
    return read_value(parse_json(text, name), name)


def read_value(value: Any, name: str) -> Transcript:
    """The same from the JSON value."""
    try:
        lens = _ContactLens.model_validate(value)
    except ValidationError as error:
        raise ExchangeError(f"{name}, {fault(error)}.") from None
    if lens.channel.upper() != "VOICE":
        raise ExchangeError(f"{name} is a Contact Lens file of the channel {lens.channel}; only VOICE has speech.")
    roles = {each.id: each.role for each in lens.participants}
    cues = []
    for number, said in enumerate(lens.transcript):
        span = checked(said.begin_ms / 1000, said.end_ms / 1000, f"{name}, Transcript[{number}]")
        text = " ".join(said.content.split())
        if text:
            cues.append(Cue(roles.get(said.participant, said.participant), text, span.start_s, span.end_s))
    duration_ms = lens.characteristics.duration_ms
    return ordered(
        NAME,
        cues=cues,
        language=lens.language,
        duration_s=None if duration_ms is None else duration_ms / 1000,
    )


def write(document: AnalysisDocument) -> str:
    """The analysis in the shape of a Contact Lens file, as JSON."""
    return json.dumps(shaped(document), ensure_ascii=False, indent=1) + "\n"


def shaped(document: AnalysisDocument) -> dict[str, Any]:
    """The same as a value."""
    call = document.call
    return {
        "Version": VERSION,
        "Channel": "VOICE",
        **({"CustomerMetadata": {"ContactId": call.id}} if call and call.id else {}),
        "ContentMetadata": {"Output": "Raw"},
        "JobStatus": "COMPLETED",
        "LanguageCode": document.language,
        "Participants": [{"ParticipantId": role, "ParticipantRole": role} for role in ROLES.values()],
        "Categories": _categories(document),
        "ConversationCharacteristics": _characteristics(document),
        "CustomModels": [],
        "Transcript": [
            {
                "Id": f"turn-{number}",
                "ParticipantId": ROLES[turn.party],
                "Content": turn.text,
                "BeginOffsetMillis": _ms(turn.span.start_s),
                "EndOffsetMillis": _ms(turn.span.end_s),
            }
            for number, turn in enumerate(document.turns, start=1)
        ],
    }


def _categories(document: AnalysisDocument) -> dict[str, Any]:
    findings = document.findings or ()
    rules = dict.fromkeys(each.rule for each in findings)
    return {
        "MatchedCategories": list(rules),
        "MatchedDetails": {
            rule: {"PointsOfInterest": [_offsets(each) for each in findings if each.rule == rule]} for rule in rules
        },
    }


def _characteristics(document: AnalysisDocument) -> dict[str, Any]:
    measured: dict[str, Any] = {"TotalConversationDurationMillis": _ms(document.duration_s)}
    if document.overlaps is not None:
        cut = [each for each in document.overlaps if each.kind in CUT_OFF]
        by = {ROLES[party]: [each for each in cut if each.by == party] for party in ROLES}
        measured["Interruptions"] = {
            "InterruptionsByInterrupter": {role: _instances(each) for role, each in by.items() if each},
            "TotalCount": len(cut),
            "TotalTimeMillis": sum(one["DurationMillis"] for one in _instances(cut)),
        }
    silent = _instances(document.silences)
    measured["NonTalkTime"] = {"TotalTimeMillis": sum(one["DurationMillis"] for one in silent), "Instances": silent}
    rates = {party: (document.pace.get(party) or {}).get("speech_rate_wpm") for party in ROLES}
    measured["TalkSpeed"] = {
        "DetailsByParticipant": {
            ROLES[party]: {"AverageWordsPerMinute": round(rate)}
            for party, rate in rates.items()
            if isinstance(rate, int | float)
        }
    }
    talked = {
        party: sum(_ms(each.span.duration_s) for each in document.speech if each.party == party) for party in PARTIES
    }
    measured["TalkTime"] = {
        "TotalTimeMillis": sum(talked.values()),
        "DetailsByParticipant": {ROLES[party]: {"TotalTimeMillis": talked[party]} for party in ROLES},
    }
    return measured


def _instances(stretches: Sequence[Stretch]) -> list[dict[str, int]]:
    out = []
    for each in stretches:
        offsets = _offsets(each)
        out.append({**offsets, "DurationMillis": offsets["EndOffsetMillis"] - offsets["BeginOffsetMillis"]})
    return out


def _offsets(each: Stretch) -> dict[str, int]:
    return {"BeginOffsetMillis": _ms(each.span.start_s), "EndOffsetMillis": _ms(each.span.end_s)}


def _ms(at_s: float) -> int:
    return round(at_s * 1000)
