"""Proposals beside an analysis or a judgement; an assistant that fails costs a note, no more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from speechqa.analysis import Analysis
from speechqa.assistant.endpoint import OFF, Endpoint, check_url, propose
from speechqa.assistant.prompt import Line
from speechqa.conversation import Party
from speechqa.errors import AssistantError
from speechqa.written_call import Judgement

Document = TypeVar("Document", Analysis, Judgement)
SENT = "The transcript was sent to the assistant at {}; what it proposed is marked and gives no points."
FAILED = "{} Nothing was proposed; the analysis does not need it."


def endpoint_of(url: str | None, model: str | None) -> Endpoint | None:
    """The assistant that the command line or the settings name; None where neither does, or the URL is "off".

    Raises `AssistantError` for a URL that is none and a `SpeechqaError` for settings that cannot be read.
    """
    from clearline.settings import SettingsError, load_settings

    try:
        settings = load_settings().assistant
    except SettingsError as error:
        raise AssistantError(f"{str(error).rstrip('.')}.") from None
    named = url or settings.url
    if not named or named == OFF:
        return None
    key = settings.key.get_secret_value() if settings.key else None
    return Endpoint(check_url(named), model or settings.model, key, settings.timeout_s)


def with_proposal(document: Document, turns: Iterable[tuple[Party, float, float, str]], endpoint: Endpoint) -> Document:
    """The document with what the assistant proposes, or with a note why there is nothing."""
    lines = [Line(*turn) for turn in turns if turn[3]]
    if not lines:
        return replace(document, notes=(*document.notes, FAILED.format("There are no words to send.")))
    try:
        proposal = propose(endpoint, lines)
    except AssistantError as error:
        return replace(document, notes=(*document.notes, FAILED.format(error)))
    return replace(document, proposal=proposal, notes=(*document.notes, SENT.format(endpoint.host)))
