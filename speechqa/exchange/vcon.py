"""vCon (IETF draft-ietf-vcon-vcon-core): an analysis put into a call record.

The record gets two analysis objects of the vendor "Clearline": a ``report`` whose body is the whole document
``speechqa.analysis/1``, and a ``transcript`` in the World Transcription Format (draft-howe-vcon-wtf-extension) that
programs which know nothing of Clearline can read (its type stays the core draft's word; the extension, which asks for a
type of its own, is not claimed). Everything in a record that is given stays as it is; an analysis that is in it already
is not added twice. A signed record cannot be changed, so a new one is made that names it in ``amended``, unless it has
``redacted``, which the draft lets stand only alone. Reading is in `speechqa.exchange.vcon_transcripts`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from clearline.vcon import VconError, decode_payload, new_uuid, parse_vcon, rfc3339
from speechqa.conversation import PARTIES, Party
from speechqa.errors import ExchangeError
from speechqa.exchange.document import AnalysisDocument, Document, parse_json

NAME = "vcon"
VENDOR = "Clearline"
REPORT, TRANSCRIPT = "report", "transcript"
TRANSCRIPT_SCHEMA = "https://datatracker.ietf.org/doc/draft-howe-vcon-wtf-extension/"
ORDER: tuple[Party, Party] = ("customer", "agent")
"""Party 0 of a new record is the customer, 1 the agent."""


def write(document: Document, at: datetime, *, version: str = "", record: str | None = None, name: str = "vCon") -> str:
    """The record as JSON: ``record`` with the analysis added, else a new one made at ``at`` (aware).

    Raises ExchangeError when ``record``, which errors call ``name``, is no vCon, is encrypted, or needs an extension
    that is not known here.
    """
    whole = _new(document, at) if record is None else _given(record, name, at)
    _add(whole, document, at, version)
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _new(document: Document, at: datetime) -> dict[str, Any]:
    """A record of a call of which only the analysis is there; its dialog where the start of the call is known."""
    analysis = document.analysis
    call = analysis.call
    names = {"customer": call.customer if call else None, "agent": call.agent if call else None}
    record: dict[str, Any] = {
        "uuid": new_uuid(f"speechqa:{analysis.recording.sha256}:{analysis.recording.file}", _nanoseconds(at)),
        "created_at": rfc3339(at),
        "subject": f"Call {call.id if call and call.id else analysis.recording.file}",
        "parties": [
            {"type": "person", "role": party, **({"name": names[party]} if names[party] else {})} for party in ORDER
        ],
        "dialog": [],
        "analysis": [],
        "attachments": [],
    }
    if call and call.started and (started := _moment(call.started)):
        record["dialog"].append(
            {
                "type": "recording",
                "start": rfc3339(started),
                "duration": analysis.duration_s,
                "parties": _parties_of_channels(analysis),
                "filename": analysis.recording.file,
            }
        )
    return record


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _nanoseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000) * 1_000_000


def _parties_of_channels(analysis: AnalysisDocument) -> list[int]:
    return sorted((0, 1), key=lambda index: analysis.channel(ORDER[index]))


def _given(record: str, name: str, at: datetime) -> dict[str, Any]:
    """A record that is there, ready to be added to; a signed one becomes the prior of a new one."""
    value = parse_json(record, name)
    try:
        parse_vcon(record, name)
        signed = isinstance(value, dict) and "signatures" in value
        whole = parse_json(decode_payload(value["payload"], name).decode(), name) if signed else value
    except (VconError, UnicodeDecodeError) as error:
        raise ExchangeError(f"{str(error).rstrip('.')}.") from None
    given: dict[str, Any] = dict(whole)
    if signed:
        prior = {"amended": {"uuid": given["uuid"]}} if given.get("uuid") and "redacted" not in given else {}
        given = {**given, **prior, "uuid": new_uuid(f"speechqa:{given.get('uuid')}", _nanoseconds(at))}
    given.setdefault("uuid", new_uuid(f"speechqa:{name}", _nanoseconds(at)))
    given.setdefault("created_at", rfc3339(at))
    return given


def _add(record: dict[str, Any], document: Document, at: datetime, version: str) -> None:
    present = list(record.get("analysis") or [])
    about = _about(record)
    added = [
        {**_object(REPORT, document.raw["schema"], dict(document.raw), version), **about},
        {**_object(TRANSCRIPT, TRANSCRIPT_SCHEMA, wtf(document, at, version), version), **about},
    ]
    for each in added:
        if not any(_same(each, old) for old in present):
            present.append(each)
            record["updated_at"] = rfc3339(at)
    record["analysis"] = present


def _same(new: Mapping[str, Any], old: Any) -> bool:
    """Whether the same was said before; when it was said does not matter."""
    return isinstance(old, Mapping) and _timeless(new) == _timeless(old)


def _timeless(analysis: Mapping[str, Any]) -> dict[str, Any]:
    body = analysis.get("body")
    if not isinstance(body, Mapping) or "metadata" not in body:
        return dict(analysis)
    return {**analysis, "body": {key: value for key, value in body.items() if key != "metadata"}}


def _about(record: Mapping[str, Any]) -> dict[str, Any]:
    """Which dialogs the analysis is about: the recordings."""
    dialogs = record.get("dialog") or []
    heard = [i for i, each in enumerate(dialogs) if isinstance(each, Mapping) and each.get("type") == "recording"]
    return {"dialog": heard[0] if len(heard) == 1 else heard} if heard else {}


def _object(kind: str, schema: str, body: Any, version: str) -> dict[str, Any]:
    return {
        "type": kind,
        "vendor": VENDOR,
        "product": f"speechqa {version}".strip(),
        "schema": schema,
        "mediatype": "application/json",
        "encoding": "json",
        "body": body,
    }


def wtf(document: Document, at: datetime, version: str) -> dict[str, Any]:
    """The transcript in the World Transcription Format: turns as segments, words beside them."""
    analysis = document.analysis
    words = [
        {
            "id": number,
            "start": word.span.start_s,
            "end": word.span.end_s,
            "text": word.text,
            "confidence": word.confidence,
            "speaker": word.party,
            "is_punctuation": False,
        }
        for number, word in enumerate(analysis.words)
    ]
    segments: list[dict[str, Any]] = []
    for number, (turn, places) in enumerate(analysis.worded_turns()):
        segments.append(
            {
                "id": number,
                "start": turn.span.start_s,
                "end": turn.span.end_s,
                "text": turn.text,
                "confidence": _mean([analysis.words[place].confidence for place in places]),
                "speaker": turn.party,
                "words": list(places),
            }
        )
    moment = rfc3339(at)
    engines = document.raw.get("engines") or {}
    return {
        "transcript": {
            "text": " ".join(turn.text for turn in analysis.turns),
            "language": analysis.language,
            "duration": analysis.duration_s,
            "confidence": _mean([word.confidence for word in analysis.words]),
        },
        "segments": segments,
        "words": words,
        "speakers": {
            party: {
                "id": party,
                "label": party.capitalize(),
                "segments": [each["id"] for each in segments if each["speaker"] == party],
                "total_time": round(sum(each.span.duration_s for each in analysis.speech if each.party == party), 3),
                "confidence": 1.0,
            }
            for party in PARTIES
        },
        "metadata": {
            "created_at": moment,
            "processed_at": moment,
            "provider": VENDOR.lower(),
            "model": str(engines.get("asr") or "unknown"),
            "audio": {"duration": analysis.duration_s},
        },
    }


def _mean(values: list[float]) -> float:
    return round(sum(values) / len(values), 3) if values else 0.0
