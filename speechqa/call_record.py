"""A recording out of a call record (vCon): which sound belongs to whom, and what the phone system wrote down.

A call folder of the line holds ``call.vcon.json`` beside ``caller.wav`` and ``agent.wav``; the agent's file carries the
line's prompts until the agent joins and after the agent drops. Records of other systems carry their sound inline or in
a file beside them. Nothing is fetched from the network, and a file that does not match its ``content_hash`` is refused.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from clearline.vcon import CALL_STEPS, CallSummary, Dialog, PartyHistory, Vcon, VconError, content_hash, parse_vcon
from speechqa.alignment import ALIGNED, Offset
from speechqa.audio import AudioFile, audio_inside, open_audio
from speechqa.conversation import Party
from speechqa.errors import CallRecordUnusable, RecordingMissing
from speechqa.measures.touchpoints import Step
from speechqa.recording import CallFacts, Recording, one_file, two_files
from speechqa.timeline import Span, Timeline

RECORD_NAME = "call.vcon.json"
SUFFIXES = (".vcon", ".json")
AGENT_ROLES = ("agent", "operator", "employee")
CUSTOMER_ROLES = ("customer", "caller", "client", "consumer")


def is_call_record(source: Path) -> bool:
    """Whether this is a call folder or a vCon file rather than sound."""
    return os.path.isdir(source) or source.suffix.lower() in SUFFIXES


def load_call_record(source: Path, *, offset_s: float | None = None) -> Recording:
    """The recording that a vCon file or a call folder describes; raises a RecordingError with one sentence."""
    path = _record_in(source) if os.path.isdir(source) else source
    text = _read(path)
    try:
        vcon = parse_vcon(text, str(path))
        summary = vcon.summary
    except VconError as error:
        raise CallRecordUnusable(f"{str(error).rstrip('.')}.") from None
    recording = _recording(path, vcon, summary, offset_s)
    if b'"signatures"' in text and b'"payload"' in text:
        recording = replace(recording, notes=(*recording.notes, "The record is signed; its signature was not checked."))
    return replace(recording, source=str(source), call=_facts(vcon, summary))


def _facts(vcon: Vcon, summary: CallSummary | None) -> CallFacts:
    """Who spoke and when; roles only where the record tells them."""
    agent = summary.agents[0] if summary and summary.agents else None
    return CallFacts(
        id=summary.call_id if summary else vcon.uuid,
        started=min((dialog.start for dialog in vcon.dialog), default=vcon.created_at),
        agent=_called(vcon, agent),
        customer=_called(vcon, summary.customer if summary else None),
        mos=_mos(summary),
        steps=tuple(_steps(vcon, summary)),
    )


def _steps(vcon: Vcon, summary: CallSummary | None) -> Iterator[Step]:
    """What the line wrote down, from seconds after the answer to recording time; odd entries are left out."""
    written = vcon.attached(CALL_STEPS)
    sounds = [dialog.start for dialog in vcon.dialog if dialog.type == "recording"]
    whole = next((dialog.start for dialog in vcon.dialog if dialog.type == "recording-set"), None)
    if summary is None or not isinstance(written, list) or whole is None or not sounds:
        return
    late_s = (min(sounds) - whole).total_seconds()
    for each in written:
        at_s, kind = (each.get("at_s"), each.get("kind")) if isinstance(each, dict) else (None, None)
        if isinstance(at_s, int | float) and isinstance(kind, str):
            name, outcome = _named(each, "node", "queue", "target"), _named(each, "exit", "reason")
            yield Step(float(at_s) - late_s, kind, name, outcome, _named(each, "node_kind"))


def _named(step: dict[str, Any], *keys: str) -> str:
    """The first of these members that is a text."""
    return next((value for key in keys if isinstance(value := step.get(key), str)), "")


def _mos(summary: CallSummary | None) -> float | None:
    """What the line counted on the customer's side; None for records that do not say it."""
    network = (summary.model_extra or {}).get("network") if summary else None
    customer = network.get("customer") if isinstance(network, dict) else None
    told = customer.get("mos") if isinstance(customer, dict) else None
    return float(told) if isinstance(told, int | float) and 1.0 <= told <= 4.5 else None


def _called(vcon: Vcon, index: int | None) -> str | None:
    """What a party is called: by name, else by number or address."""
    if index is None or not 0 <= index < len(vcon.parties):
        return None
    party = vcon.parties[index]
    return party.name or party.tel or party.sip


def _record_in(folder: Path) -> Path:
    if not os.access(folder, os.R_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids):
        raise RecordingMissing(f"The folder {folder} may not be read by this user; give it read permission.")
    if (folder / RECORD_NAME).exists():
        return folder / RECORD_NAME
    found = sorted([*folder.glob("*.vcon"), *folder.glob("*.vcon.json")])
    if len(found) == 1:
        return found[0]
    if found:
        raise RecordingMissing(f"The folder {folder} holds {len(found)} call records; name one of them.")
    raise RecordingMissing(f"The folder {folder} holds no call record ({RECORD_NAME}); name a recording inside it.")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise RecordingMissing(f"There is no file {path}; check the name.") from None
    except OSError as error:
        raise RecordingMissing(f"{path} cannot be read: {error.strerror}.") from None


@dataclass(frozen=True, slots=True)
class _Sound:
    """One recording dialog with its opened audio and the parties on it, flattened."""

    dialog: Dialog
    audio: AudioFile
    parties: tuple[int, ...]


def _recording(path: Path, vcon: Vcon, summary: CallSummary | None, offset_s: float | None) -> Recording:
    dialogs = [dialog for dialog in vcon.dialog if dialog.type == "recording"]
    if not dialogs:
        kinds = ", ".join(sorted({dialog.type for dialog in vcon.dialog})) or "nothing"
        raise CallRecordUnusable(f"{path} holds no recording (its dialog is: {kinds}), so there is nothing to hear.")
    if len(dialogs) > 2:
        raise CallRecordUnusable(
            f"{path} holds {len(dialogs)} recordings; name two sound files with --agent and --customer."
        )
    sounds = [_Sound(dialog, _audio(path, dialog), _flat(dialog.parties)) for dialog in dialogs]
    if len(sounds) == 1:
        return _with_history(_from_one(sounds[0], vcon), vcon, summary, sounds[0].dialog.start)
    customer = _customer_first(sounds, vcon, summary)
    return _from_two(customer, vcon, summary, offset_s)


def _from_one(sound: _Sound, vcon: Vcon) -> Recording:
    """One sound file: in a stereo one the channels follow the order of the dialog's parties."""
    recording = one_file(sound.audio)
    if recording.roles is None or len(sound.parties) < 2:
        return recording
    if _looks_like_agent(vcon, sound.parties[0]):
        recording = replace(recording.swapped(), roles_swapped=False)
    return replace(recording, roles_confidence=_stated(vcon, sound.parties))


def _from_two(
    sounds: tuple[_Sound, _Sound], vcon: Vcon, summary: CallSummary | None, offset_s: float | None
) -> Recording:
    customer, agent = sounds
    later_s = (agent.dialog.start - customer.dialog.start).total_seconds() if offset_s is None else offset_s
    recording = two_files(agent.audio, customer.audio, offset_s=later_s)
    if recording.roles is None:
        return recording
    if offset_s is None:
        known = Offset.of(later_s, 1.0, "call record")
        recording = replace(recording, offset=known if later_s else ALIGNED)
    confidence = 1.0 if summary else _stated(vcon, (*customer.parties[:1], *agent.parties[:1]))
    recording = replace(recording, roles_confidence=confidence)
    origin = min(sound.dialog.start for sound in sounds)
    return _with_history(recording, vcon, summary, origin)


def _customer_first(sounds: list[_Sound], vcon: Vcon, summary: CallSummary | None) -> tuple[_Sound, _Sound]:
    first, second = sounds
    if summary is not None:
        return (second, first) if summary.customer in second.parties else (first, second)
    return (second, first) if first.parties and _looks_like_agent(vcon, first.parties[0]) else (first, second)


def _looks_like_agent(vcon: Vcon, index: int) -> bool:
    """Whether a party's own record says so; without a word about it the first party is taken for the caller."""
    return _role(vcon, index) in AGENT_ROLES


def _stated(vcon: Vcon, parties: tuple[int, ...]) -> float | None:
    """1.0 when the record itself tells the agent from the customer, else None."""
    roles = [_role(vcon, index) for index in parties]
    agents = sum(role in AGENT_ROLES for role in roles)
    return 1.0 if agents == 1 or (agents == 0 and "customer" in roles) else None


def _role(vcon: Vcon, index: int) -> str:
    if index >= len(vcon.parties):
        return ""
    party = vcon.parties[index]
    role = str((party.model_extra or {}).get("role", "")).lower()
    return "agent" if party.type == "bot" else "customer" if role in CUSTOMER_ROLES else role


def _flat(parties: int | list[int | list[int] | None] | None) -> tuple[int, ...]:
    if parties is None:
        return ()
    if isinstance(parties, int):
        return (parties,)
    return tuple(index for item in parties for index in ([item] if isinstance(item, int) else item or ()))


def _audio(path: Path, dialog: Dialog) -> AudioFile:
    try:
        inline = dialog.inline_bytes()
    except VconError as error:
        raise CallRecordUnusable(f"{path}: {error}.") from None
    if inline is not None:
        return audio_inside(f"the recording {dialog.filename or ''} inside {path}".replace("  ", " "), inline)
    beside = _beside(path, dialog)
    if beside is None:
        raise CallRecordUnusable(_unreachable(path, dialog))
    _verify(beside, dialog)
    return open_audio(beside)


def _beside(path: Path, dialog: Dialog) -> Path | None:
    """The file that the dialog names, when it lies in the record's own folder."""
    folder = path.parent.resolve()
    url = dialog.url or ""
    names = [dialog.filename, url if url and "://" not in url else None, url.rsplit("/", 1)[-1] or None]
    for name in names:
        if name and (found := (folder / name).resolve()).is_relative_to(folder) and found.is_file():
            return found
    return None


def _unreachable(path: Path, dialog: Dialog) -> str:
    name = dialog.filename or (dialog.url or "").rsplit("/", 1)[-1] or "the recording"
    if dialog.url and "://" in dialog.url:
        return f"The sound of {path} is at {dialog.url}, which is not fetched; download it beside the record as {name}."
    if dialog.filename or dialog.url:
        return f"{path} names the recording {name}, which is not in its folder; put it there."
    return f"{path} has a recording without sound, neither inline nor in a file."


def _verify(audio: Path, dialog: Dialog) -> None:
    hashes = dialog.content_hash if isinstance(dialog.content_hash, list) else [dialog.content_hash or ""]
    expected = [digest.rstrip("=") for digest in hashes if digest.startswith("sha512-")]
    if expected and content_hash(audio) not in expected:
        raise CallRecordUnusable(
            f"{audio} is not the file that its call record describes (content_hash differs); restore the original."
        )


def _with_history(recording: Recording, vcon: Vcon, summary: CallSummary | None, origin: datetime) -> Recording:
    history = [event for dialog in vcon.dialog for event in dialog.party_history or ()]
    whole = Span(0.0, recording.duration_s)
    hold = _between(history, "hold", "unhold", origin, whole)
    announcements = Timeline()
    if summary is not None:
        agents = [event for event in history if event.party in summary.agents]
        announcements = _between(agents, "join", "drop", origin, whole).gaps(whole)
    if recording.layout != "two-files":
        announcements = Timeline()
    return replace(
        recording,
        hold=hold,
        announcements_in=announcements | hold if summary is not None else announcements,
        hung_up=_hung_up(summary),
        language=summary.language if summary else None,
    )


def _hung_up(summary: CallSummary | None) -> Party | None:
    if summary is None or summary.hung_up == "line":
        return None
    return summary.hung_up


def _between(history: Iterable[PartyHistory], begin: str, end: str, origin: datetime, whole: Span) -> Timeline:
    """The times from each party's ``begin`` event to its next ``end`` event (or the recording's end)."""
    spans: list[Span] = []
    open_at: dict[int, float] = {}
    for event in sorted(history, key=lambda event: event.time):
        at_s = (event.time - origin).total_seconds()
        if event.event == begin:
            open_at.setdefault(event.party, at_s)
        elif event.event == end and event.party in open_at:
            spans.append(Span(open_at.pop(event.party), at_s))
    spans += [Span(at_s, max(at_s, whole.end_s)) for at_s in open_at.values()]
    return Timeline(spans).cropped(whole)
