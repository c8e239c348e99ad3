"""The transcripts inside a vCon: whose words they are is read from the record's dialogs and parties.

Read are, the last of each recording: a Clearline report (``speechqa.analysis/1``), the World Transcription Format
(type ``transcript`` or ``wtf_transcription``), Deepgram's ``results``, Whisper's ``segments``, and lists of
``parties``, ``start``, ``duration``, ``text``. A speaker is named by the record's summary or the party's ``role`` where
there is one, else by the party's name. A transcript's times count from its dialog's start; they are moved to the
earliest.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from clearline.vcon import Analysis, Dialog, Vcon, VconError, parse_vcon
from speechqa.analysis import SCHEMA
from speechqa.errors import ExchangeError
from speechqa.exchange import own, whisper
from speechqa.exchange.document import document_of, fault
from speechqa.exchange.transcript import Cue, TimedWord, Transcript, checked, ordered

NAME = "vcon"
TYPES = ("transcript", "wtf_transcription", "transcription")
Time = Annotated[float, Field(allow_inf_nan=False)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Said(_Part):
    start: Time
    end: Time
    text: str = ""
    word: str | None = None
    punctuated_word: str | None = None
    speaker: int | str | None = None
    confidence: float | None = None
    is_punctuation: bool = False

    @property
    def written(self) -> str:
        return " ".join((self.punctuated_word or self.word or self.text).split())


class _Wtf(_Part):
    segments: list[_Said]
    words: list[_Said] = []
    speakers: dict[str, dict[str, Any]] = {}


class _Alternative(_Part):
    words: list[_Said] = []


class _Channel(_Part):
    alternatives: list[_Alternative] = []


class _Results(_Part):
    channels: list[_Channel]


class _Line(_Part):
    parties: int | list[int]
    start: datetime | Time
    duration: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    text: str


def read(text: str, name: str) -> Transcript:
    """The transcripts of a vCon as one; raises ExchangeError when there is none that is known."""
    try:
        record = parse_vcon(text, name)
    except VconError as error:
        raise ExchangeError(f"{str(error).rstrip('.')}.") from None
    reports = [each for each in record.analysis if _is_report(each)]
    if reports:
        return replace(own.read_document(document_of(_body(reports[-1], name), name)), format=NAME)
    found = [
        _from(record, each, f"{name}, analysis[{i}]") for i, each in enumerate(record.analysis) if each.type in TYPES
    ]
    if not found:
        raise ExchangeError(f"{name} holds no transcript among its {len(record.analysis)} analyses; analyze its sound.")
    return _joined(_last_of_each(record, found))


def _is_report(analysis: Analysis) -> bool:
    body = analysis.body
    return isinstance(body, Mapping) and body.get("schema") == SCHEMA


def _last_of_each(record: Vcon, found: Sequence[Transcript]) -> list[Transcript]:
    spoken = [each for each in record.analysis if each.type in TYPES]
    last = {json.dumps(analysis.dialog): transcript for analysis, transcript in zip(spoken, found, strict=True)}
    return list(last.values())


def _joined(parts: Sequence[Transcript]) -> Transcript:
    return ordered(
        NAME,
        words=[word for part in parts for word in part.words],
        cues=[cue for part in parts for cue in part.cues],
        language=next((part.language for part in parts if part.language), None),
        duration_s=max((part.duration_s for part in parts if part.duration_s is not None), default=None),
        notes=list(dict.fromkeys(note for part in parts for note in part.notes)),
    )


def _body(analysis: Analysis, where: str) -> Any:
    if not isinstance(analysis.body, str):
        return analysis.body
    try:
        return json.loads(analysis.inline_bytes() or b"")
    except (VconError, ValueError, RecursionError):
        raise ExchangeError(f"{where}: its body is no JSON, so no transcript that is known here.") from None


def _from(record: Vcon, analysis: Analysis, where: str) -> Transcript:
    body = _body(analysis, where)
    dialog = _dialog(record, analysis)
    try:
        if isinstance(body, list):
            made = _from_lines(record, body, dialog, where)
        elif isinstance(body, dict) and isinstance(body.get("results"), dict):
            made = _from_deepgram(record, _Results.model_validate(body["results"]), dialog, where)
        elif isinstance(body, dict) and "transcript" in body and "segments" in body:
            made = _from_wtf(body, _Wtf.model_validate(body), where)
        elif isinstance(body, dict) and "segments" in body:
            made = whisper.read_value(body, where)
        else:
            raise ExchangeError(f"{where}: a transcript in a form that is not known here.")
    except ValidationError as error:
        raise ExchangeError(f"{where}, {fault(error)}.") from None
    return _placed(record, made, dialog)


def _dialog(record: Vcon, analysis: Analysis) -> Dialog | None:
    indices = [analysis.dialog] if isinstance(analysis.dialog, int) else analysis.dialog or []
    return record.dialog[indices[0]] if len(indices) == 1 and 0 <= indices[0] < len(record.dialog) else None


def _placed(record: Vcon, made: Transcript, dialog: Dialog | None) -> Transcript:
    """The transcript of one dialog in the time of the call; a dialog of one party is all that party's."""
    if dialog is None:
        return made
    alone = _flat(dialog.parties)
    if len(alone) == 1 and set(made.speakers) <= {None}:
        made = made.named(_called(record, alone[0]))
    by_s = (
        (dialog.start - min(each.start for each in record.dialog if each.type == "recording")).total_seconds()
        if (dialog.type == "recording")
        else 0.0
    )
    duration_s = made.duration_s if dialog.duration is None else dialog.duration
    return replace(
        made,
        words=tuple(replace(w, start_s=w.start_s + by_s, end_s=w.end_s + by_s) for w in made.words),
        cues=tuple(replace(c, start_s=c.start_s + by_s, end_s=c.end_s + by_s) for c in made.cues),
        duration_s=None if duration_s is None else duration_s + by_s,
    )


def _flat(parties: Any) -> list[int]:
    if isinstance(parties, int):
        return [parties]
    return [index for each in parties or [] for index in _flat(each)]


def _called(record: Vcon, index: int) -> str:
    """What a party's speech is labelled with."""
    try:
        summary = record.summary
    except VconError:
        summary = None
    if summary:
        return "customer" if index == summary.customer else "agent" if index in summary.agents else "bot"
    if not 0 <= index < len(record.parties):
        return f"party {index}"
    party = record.parties[index]
    role = (party.model_extra or {}).get("role")
    return str(role or party.name or party.tel or party.sip or f"party {index}")


def _from_lines(record: Vcon, body: Sequence[Any], dialog: Dialog | None, where: str) -> Transcript:
    cues = []
    for number, each in enumerate(body):
        line = _Line.model_validate(each)
        if isinstance(line.start, datetime):
            if dialog is None or line.start.tzinfo is None:
                raise ExchangeError(f"{where}[{number}]: a date, but no dialog that it could count from.")
            start_s = (line.start - dialog.start).total_seconds()
        else:
            start_s = line.start
        span = checked(start_s, start_s + line.duration, f"{where}[{number}]")
        if line.text.split():
            speaker = _called(record, _flat(line.parties)[0])
            cues.append(Cue(speaker, " ".join(line.text.split()), span.start_s, span.end_s))
    return ordered(NAME, cues=cues)


def _from_deepgram(record: Vcon, results: _Results, dialog: Dialog | None, where: str) -> Transcript:
    parties = _flat(dialog.parties) if dialog else []
    several = len(results.channels) > 1
    words: list[TimedWord] = []
    for number, channel in enumerate(results.channels):
        label = _called(record, parties[number]) if number < len(parties) else f"channel {number}"
        said = channel.alternatives[0].words if channel.alternatives else []
        words += _words(said, label if several else None, where)
    return ordered(NAME, words=words)


def _from_wtf(body: Mapping[str, Any], wtf: _Wtf, where: str) -> Transcript:
    labels = {key: str(value.get("label") or key) for key, value in wtf.speakers.items()}
    words = [replace(w, speaker=labels.get(w.speaker or "", w.speaker)) for w in _words(wtf.words, None, where)]
    cues = []
    for number, each in enumerate(wtf.segments if not words else ()):
        span = checked(each.start, each.end, f"{where}, segments[{number}]")
        speaker = None if each.speaker is None else labels.get(str(each.speaker), str(each.speaker))
        if each.written:
            cues.append(Cue(speaker, each.written, span.start_s, span.end_s))
    told = body["transcript"] if isinstance(body["transcript"], dict) else {}
    language = told.get("language")
    return ordered(NAME, words=words, cues=cues, language=language if isinstance(language, str) else None)


def _words(said: Sequence[_Said], label: str | None, where: str) -> list[TimedWord]:
    out: list[TimedWord] = []
    for number, each in enumerate(said):
        span = checked(each.start, each.end, f"{where}, words[{number}]")
        speaker = label if each.speaker is None or label else str(each.speaker)
        confidence = 1.0 if each.confidence is None else min(1.0, max(0.0, each.confidence))
        if each.is_punctuation and out:
            out[-1] = replace(out[-1], text=out[-1].text + each.written)
        elif each.written:
            out.append(TimedWord(speaker, each.written, span.start_s, span.end_s, confidence))
    return out
