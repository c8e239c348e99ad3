"""The record of one call: what happened when, as a vCon beside its audio files.

``calls/<yyyy-mm-dd>/<call id>/`` (date in UTC) holds ``caller.wav`` and ``agent.wav`` (all that the caller hears:
prompts and, when bridged, the agent), ``message-1.wav`` …, and ``call.vcon.json``, written last: a folder with a
record is whole. ``CallRecord`` only collects, in the call's thread; ``store`` reads, hashes and writes, and may run in
any thread.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from clearline.vcon import (
    CALL_CONSENT,
    CALL_STEPS,
    CALL_SUMMARY,
    Attachment,
    CallSummary,
    Dialog,
    Party,
    PartyEvent,
    PartyHistory,
    Vcon,
    content_hash,
    new_uuid,
    now,
    write_vcon,
)
from ivr.commands import Command, EnterNode
from ivr.events import Event
from ivr.leg import CallerHeld
from ivr.network import Sample, summary
from ivr.wavfile import even_out, is_final, repair, seconds

CALLER_FILE, AGENT_FILE, RECORD_FILE = "caller.wav", "agent.wav", "call.vcon.json"
CALL_MESSAGE, CALL_NETWORK = "clearline.message", "clearline.network"
WAV = "audio/x-wav"
CUSTOMER, LINE = 0, 1

HungUp = Literal["customer", "agent", "line"]


@dataclass(frozen=True, slots=True)
class Message:
    """One message that the caller left, in a file of its own."""

    file: str
    kind: str
    at_s: float
    duration_s: float


def new_call_id(started: datetime) -> str:
    """Sorts by time, unique over cells: ``20261122-025147-1a2b3c4d`` (UTC)."""
    return f"{started.astimezone(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"


@dataclass(slots=True)
class CallRecord:
    """What is known about a call so far. Times are seconds since the answer; ``started`` is the answer, aware.

    ``name`` is the line's name (brand or flow), ``outbound`` tells that the line rang, ``url`` is the public address of
    the calls folder when it has one. ``recording_cut``: the files end before the call, the disk took no more. ``trunk``
    carried the call, ``number`` is the pattern under which its flow was found; empty for none.
    """

    calls: Path
    name: str
    flow: str
    flow_hash: str
    language: str
    caller: str = ""
    called: str = ""
    url: str | None = None
    started: datetime = field(default_factory=now)
    call_id: str = ""
    recording_at_s: float | None = None
    ended_at_s: float = 0.0
    hung_up: HungUp | None = None
    vanished: bool = False
    interrupted: bool = False
    recording_cut: bool = False
    outbound: bool = False
    trunk: str = ""
    number: str = ""
    steps: list[dict[str, Any]] = field(default_factory=list)
    consents: list[dict[str, Any]] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    agents: list[Party] = field(default_factory=list)
    history: list[PartyHistory] = field(default_factory=list)
    network: list[Sample] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.call_id = self.call_id or new_call_id(self.started)
        self._history(0.0, CUSTOMER, "join")
        self._history(0.0, LINE, "join")

    @property
    def folder(self) -> Path:
        """The call's own folder (made by ``make_folder``)."""
        return self.calls / f"{self.started.astimezone(UTC):%Y-%m-%d}" / self.call_id

    def make_folder(self) -> Path:
        """The call's folder, made now, readable by this user alone: it holds voices."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self.folder

    def moment(self, at_s: float) -> datetime:
        """The wall clock at this second of the call."""
        return self.started + timedelta(seconds=at_s)

    def note(self, at_s: float, kind: str, **facts: Any) -> None:
        """One more step."""
        self.steps.append({"at_s": round(at_s, 3), "kind": kind, **facts})

    def happened(self, what: Event | CallerHeld) -> None:
        """An event, as a step."""
        facts = asdict(what)
        self.note(facts.pop("at_s"), _kind(what), **facts)

    def asked(self, at_s: float, command: Command) -> None:
        """A command, as a step; its own ``kind`` is told as ``node_kind`` or ``message_kind``."""
        facts = asdict(command)
        if "kind" in facts:
            facts["node_kind" if isinstance(command, EnterNode) else "message_kind"] = facts.pop("kind")
        self.note(at_s, _kind(command), **facts)

    def pressed(self, at_s: float, digit: str) -> None:
        """A key of the caller."""
        self._history(at_s, CUSTOMER, "keydown", digit)

    def held(self, at_s: float, held: bool) -> None:
        """The caller put the line on hold, or came back."""
        self._history(at_s, CUSTOMER, "hold" if held else "unhold")

    def waits(self, at_s: float, waiting: bool) -> None:
        """The line has the caller wait for somebody, with ringing or music between the prompts; or no longer."""
        self._history(at_s, LINE, "hold" if waiting else "unhold")

    def consented(self, at_s: float, purpose: str, given: bool) -> None:
        """The caller's answer to a consent question."""
        self.consents.append(
            {"purpose": purpose, "given": given, "at": self.moment(at_s).isoformat("T", "milliseconds")}
        )

    def joined(self, at_s: float, target: str, uri: str) -> None:
        """An agent picked up."""
        self.agents.append(Party(sip=uri, name=target, type="person"))
        self._history(at_s, LINE + len(self.agents), "join")

    def left(self, at_s: float) -> None:
        """The agent of now is gone; harmless when none talks."""
        party = LINE + len(self.agents)
        if party > LINE and self.history[-1:] and not self._dropped(party):
            self._history(at_s, party, "drop")

    def ended(self, at_s: float, hung_up: HungUp) -> None:
        """The call is over; nothing is noted after this."""
        self.ended_at_s, self.hung_up = at_s, hung_up
        self.left(at_s)
        self._history(at_s, CUSTOMER, "drop")
        self._history(at_s, LINE, "drop")

    def _dropped(self, party: int) -> bool:
        return any(event.party == party and event.event == "drop" for event in self.history)

    def _history(self, at_s: float, party: int, event: PartyEvent, button: str | None = None) -> None:
        self.history.append(PartyHistory(party=party, time=self.moment(at_s), event=event, button=button))


def settled(record: CallRecord) -> bool:
    """Whether the headers of all audio files are final (a recorder finishes them a moment after it is closed)."""
    return all(is_final(file) for file in _audio(record))


def store(record: CallRecord) -> Path:
    """Mend and even out the audio, then write the vCon; the file's path. Raises OSError when the disk refuses."""
    folder = record.make_folder()
    for file in _audio(record):
        repair(file)
    if record.recording_at_s is not None:
        even_out(folder / CALLER_FILE, folder / AGENT_FILE)
    path = folder / RECORD_FILE
    write_vcon(path, vcon_of(record))
    return path


def vcon_of(record: CallRecord) -> Vcon:
    """The call as a vCon; reads the audio files for their length and hash."""
    parties = [_caller_party(record.caller), Party(sip=record.called or None, name=record.name, type="bot")]
    return Vcon(
        uuid=new_uuid(f"{record.call_id}.clearline"),
        created_at=now(),
        parties=[*parties, *record.agents],
        dialog=_dialogs(record),
        attachments=_attachments(record),
    )


def _dialogs(record: CallRecord) -> list[Dialog]:
    everyone: list[int | list[int] | None] = [*range(LINE + 1 + len(record.agents))]
    recorded = record.recording_at_s is not None
    whole = Dialog(
        type="recording-set",
        start=record.started,
        duration=round(record.ended_at_s, 3),
        parties=everyone,
        recordings=[1, 2] if recorded else [],
        party_history=record.history,
    )
    if not recorded:
        return [whole]
    heard = [LINE, *range(LINE + 1, LINE + 1 + len(record.agents))]
    return [whole, _recording(record, CALLER_FILE, [CUSTOMER]), _recording(record, AGENT_FILE, [heard])]


def _recording(record: CallRecord, name: str, parties: list[int | list[int] | None]) -> Dialog:
    assert record.recording_at_s is not None
    file = record.folder / name
    return Dialog(
        type="recording",
        start=record.moment(record.recording_at_s),
        duration=seconds(file),
        parties=parties,
        recording_set=0,
        mediatype=WAV,
        filename=name,
        content_hash=content_hash(file),
        url=_url(record, name),
    )


def _attachments(record: CallRecord) -> list[Attachment]:
    about = CallSummary(
        call_id=record.call_id,
        flow=record.flow,
        flow_hash=record.flow_hash,
        language=record.language,
        agents=[LINE + 1 + index for index in range(len(record.agents))],
        recording_start=None if record.recording_at_s is None else record.moment(record.recording_at_s),
        hung_up=record.hung_up,
        interrupted=record.interrupted,
        **({"vanished": True} if record.vanished else {}),
        **({"recording_cut": True} if record.recording_cut else {}),
        **({"outbound": True} if record.outbound else {}),
        **({"trunk": record.trunk} if record.trunk else {}),
        **({"number": record.number} if record.number else {}),
        **_network(record),
    )
    messages = [_message(record, message) for message in record.messages]
    return [
        _json(record, CALL_SUMMARY, about.model_dump(mode="json", exclude_none=True)),
        _json(record, CALL_STEPS, record.steps),
        _json(record, CALL_CONSENT, record.consents),
        *([_json(record, CALL_NETWORK, [asdict(each) for each in record.network])] if record.network else []),
        *messages,
    ]


def _network(record: CallRecord) -> dict[str, Any]:
    """What the network did to each side over the whole call; ``clearline.network`` has it in pieces of five seconds."""
    sides = {side: summary(record.network, side) for side in ("customer", "agent")}
    told = {side: asdict(found) for side, found in sides.items() if found is not None}
    return {"network": told} if told else {}


def _json(record: CallRecord, purpose: str, body: Any) -> Attachment:
    return Attachment(purpose=purpose, start=record.started, party=LINE, dialog=0, body=body, encoding="json")


def _message(record: CallRecord, message: Message) -> Attachment:
    return Attachment.model_validate(
        {
            "purpose": CALL_MESSAGE,
            "start": record.moment(message.at_s),
            "party": CUSTOMER,
            "dialog": 0,
            "mediatype": WAV,
            "filename": message.file,
            "content_hash": content_hash(record.folder / message.file),
            "url": _url(record, message.file),
            "kind": message.kind,
            "duration": seconds(record.folder / message.file),
        }
    )


def _url(record: CallRecord, name: str) -> str | None:
    if record.url is None:
        return None
    return f"{record.url.rstrip('/')}/{record.folder.relative_to(record.calls).as_posix()}/{name}"


def _audio(record: CallRecord) -> list[Path]:
    names = [message.file for message in record.messages]
    both = [CALLER_FILE, AGENT_FILE] if record.recording_at_s is not None else []
    return [record.folder / name for name in both + names]


def _caller_party(uri: str) -> Party:
    number = re.fullmatch(r"sips?:(\+?[0-9]{3,15})@.*", uri)
    return Party(sip=uri or None, tel=f"tel:{number.group(1)}" if number else None, type="person")


def _kind(thing: object) -> str:
    """``TransferAnswered`` → ``transfer_answered``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(thing).__name__).lower()
