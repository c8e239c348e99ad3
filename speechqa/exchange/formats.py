"""The formats by name, and which one a text is in: told by its content, never by the file's name."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from speechqa.analysis import SCHEMA
from speechqa.errors import ExchangeError
from speechqa.exchange import contact_lens, ctm, own, rttm, textgrid, vcon_transcripts, webvtt, whisper
from speechqa.exchange.document import parse_json
from speechqa.exchange.transcript import Transcript

AUTO = "auto"
READERS: dict[str, Callable[[str, str], Transcript]] = {
    "whisper": whisper.read,
    "whisperx": whisper.read,
    "contact-lens": contact_lens.read,
    "vcon": vcon_transcripts.read,
    "rttm": rttm.read,
    "ctm": ctm.read,
    "vtt": webvtt.read,
    "textgrid": textgrid.read,
    "analysis": own.read,
}
KNOWN = "Whisper, WhisperX or Contact Lens JSON, vCon, RTTM, CTM, WebVTT, TextGrid"
_SUBRIP = re.compile(r"\s*\d+\n\d+:\d\d:\d\d,\d{1,3} +-->")


def read_transcript(text: str, name: str, form: str = AUTO) -> Transcript:
    """A file's transcript; ``form`` is one of `READERS` or "auto". Raises ExchangeError with one sentence."""
    if form != AUTO and form not in READERS:
        raise ExchangeError(f"There is no format {form!r} to read; there are {', '.join(READERS)}.")
    form = detect(text, name) if form == AUTO else form
    try:
        found = READERS[form](text, name)
    except RecursionError:
        raise ExchangeError(f"{name} is nested too deeply to be read.") from None
    return found


def detect(text: str, name: str) -> str:
    """The name of the format of a text; raises ExchangeError when it is none of them."""
    head = text.lstrip()
    if head.startswith("WEBVTT") or _SUBRIP.match(head):
        return "vtt"
    if re.match(r'(?:File type = )?"ooTextFile', head):
        return "textgrid"
    if head[:1] in "{[":
        return _json_form(parse_json(text, name), name)
    return _line_form(text, name)


def _json_form(value: Any, name: str) -> str:
    keys = set(value) if isinstance(value, dict) else set()
    if keys and value.get("schema") == SCHEMA:
        return "analysis"
    if "Transcript" in keys:
        return "contact-lens"
    if keys & {"segments", "transcription"}:
        return "whisper"
    if keys & {"parties", "dialog", "vcon", "ciphertext"} or {"payload", "signatures"} <= keys:
        return "vcon"
    raise ExchangeError(f"{name} is JSON, but of none of the kinds that are read here ({KNOWN}).")


def _line_form(text: str, name: str) -> str:
    for number, line in enumerate(text.split("\n"), start=1):
        fields = line.split()
        if not fields or fields[0].startswith(";;"):
            continue
        if fields[0].upper() in rttm.TYPES and len(fields) > 5:
            return "rttm"
        if len(fields) in (5, 6) and _numbers(fields[2:4]):
            return "ctm"
        raise ExchangeError(f"{name}, line {number}: none of the formats that are read here ({KNOWN}).")
    raise ExchangeError(f"{name} holds only comments.")


def _numbers(fields: list[str]) -> bool:
    try:
        return all(field == "*" or float(field) == float(field) or True for field in fields)
    except ValueError:
        return False
