"""The call record: a typed model of the vCon (IETF draft-ietf-vcon-vcon-core), read and written by every room.

The vCon and the audio files beside it are the whole contract between the line and the analysis. Reading is tolerant
(unknown members are kept, ``uuid`` and ``created_at`` may be missing as in the working group's own examples); writing
is strict.
All times are aware datetimes; ``duration`` is in seconds; indices count from 0.

How Clearline writes a call::

    parties[0]   the caller           type "person"
    parties[1]   the line itself      type "bot"
    parties[2:]  each agent joined    type "person"
    dialog[0]    "recording-set": the whole call; party_history says who joined, held, pressed and dropped when
    dialog[1]    "recording" of the caller     caller.wav   parties [0]         (absent when nothing was recorded)
    dialog[2]    "recording" of what the caller heard  agent.wav  parties [[1, 2]]  prompts, then the agent
    attachments  purpose "clearline.call" (CallSummary), "clearline.steps" (what happened), "clearline.consent"

Errors::

    VconError              anything wrong with a call record
    ├── VconUnreadable     not JSON, not a vCon, a member of the wrong type
    ├── VconEncrypted      the encrypted (JWE) form: the key is not ours
    └── VconUnsupported    names a critical extension that is not known here
"""

from __future__ import annotations

import base64
import binascii
import gzip
import hashlib
import json
import os
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, PlainSerializer, ValidationError

CALL_SUMMARY = "clearline.call"
CALL_STEPS = "clearline.steps"
CALL_CONSENT = "clearline.consent"


class VconError(ValueError):
    """Something is wrong with a call record; the message says what and where."""


class VconUnreadable(VconError):
    """Not JSON, not a vCon, or a member of the wrong type."""


class VconEncrypted(VconError):
    """The encrypted (JWE) form, which only the holder of the key can read."""


class VconUnsupported(VconError):
    """The record names a critical extension that this version does not know."""


def rfc3339(moment: datetime) -> str:
    """A moment as the draft writes dates: UTC offset, milliseconds."""
    return moment.isoformat(timespec="milliseconds")


Date = Annotated[AwareDatetime, PlainSerializer(rfc3339, return_type=str)]
DialogType = Literal["recording", "text", "transfer", "incomplete", "recording-set"]
Disposition = Literal["no-answer", "congestion", "failed", "busy", "hung-up", "voicemail-no-message"]
PartyEvent = Literal["join", "drop", "hold", "unhold", "mute", "unmute", "keydown", "keyup"]
Encoding = Literal["base64url", "json", "none"]


class _Member(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True)


class Party(_Member):
    """Somebody or something that took part; ``type`` is "person", "bot" or "organization"."""

    tel: str | None = None
    sip: str | None = None
    mailto: str | None = None
    name: str | None = None
    validation: str | None = None
    uuid: str | None = None
    type: str | None = None
    org: str | None = None
    dept: str | None = None


class PartyHistory(_Member):
    """One event of one party inside a dialog; ``button`` for keydown and keyup."""

    party: int
    time: Date
    event: PartyEvent
    button: str | None = None


class Content(_Member):
    """What dialogs, attachments and analyses share: inline ``body`` or a file named by ``url`` or ``filename``."""

    mediatype: str | None = None
    filename: str | None = None
    body: Any = None
    encoding: Encoding | None = None
    url: str | None = None
    content_hash: str | list[str] | None = None

    def inline_bytes(self) -> bytes | None:
        """The inline content as bytes, None when there is none; raises VconUnreadable when its coding is broken."""
        if self.body is None or self.body == "":
            return None
        if self.encoding == "json":
            return json.dumps(self.body).encode()
        if not isinstance(self.body, str):
            raise VconUnreadable(f"the inline body is not text although its encoding is {self.encoding!r}")
        return decode_base64url(self.body) if self.encoding == "base64url" else self.body.encode()


class Dialog(Content):
    """A captured stretch of the conversation."""

    type: DialogType
    start: Date
    duration: float | None = None
    parties: int | list[int | list[int] | None] | None = None
    originator: int | None = None
    recordings: list[int] | None = None
    recording_set: int | None = None
    disposition: Disposition | None = None
    party_history: list[PartyHistory] | None = None
    application: str | None = None
    message_id: str | None = None


class Attachment(Content):
    """A document that belongs to the call, named by ``purpose``."""

    start: Date
    party: int
    dialog: int | None = None
    purpose: str | None = None


class Analysis(Content):
    """What was found out about the call, and by whose product."""

    type: str
    vendor: str | None = None
    product: str | None = None
    dialog: int | list[int] | None = None


class CallSummary(_Member):
    """The body of the attachment ``clearline.call``: what the line knows about the call beyond the vCon core."""

    call_id: str
    flow: str
    flow_hash: str
    language: str
    customer: int = 0
    line: int = 1
    agents: list[int] = []
    recording_start: Date | None = None
    hung_up: Literal["customer", "agent", "line"] | None = None
    interrupted: bool = False


class Vcon(_Member):
    """A whole call record."""

    uuid: str | None = None
    created_at: Date | None = None
    updated_at: Date | None = None
    subject: str | None = None
    extensions: list[str] | None = None
    critical: list[str] | None = None
    redacted: dict[str, Any] | None = None
    amended: dict[str, Any] | None = None
    parties: list[Party] = []
    dialog: list[Dialog] = []
    analysis: list[Analysis] = []
    attachments: list[Attachment] = []

    def attached(self, purpose: str) -> Any:
        """The JSON body of the last attachment with this purpose, None when there is none."""
        found = [a.body for a in self.attachments if a.purpose == purpose and a.encoding == "json"]
        return found[-1] if found else None

    @property
    def summary(self) -> CallSummary | None:
        """What the line wrote about the call, None for records of other systems; raises VconUnreadable."""
        body = self.attached(CALL_SUMMARY)
        if body is None:
            return None
        try:
            return CallSummary.model_validate(body)
        except ValidationError as error:
            raise VconUnreadable(f"attachment {CALL_SUMMARY!r}: {_first_fault(error)}") from None

    def to_json(self) -> dict[str, Any]:
        """The JSON object of the unsigned form; members that were never set are left out."""
        return self.model_dump(mode="json", exclude_none=True)


def decode_base64url(text: str) -> bytes:
    """Base64url without padding (RFC 4648 section 5); raises VconUnreadable."""
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        raise VconUnreadable("the inline body is not valid base64url") from None


def content_hash(path: Path) -> str:
    """The draft's ContentHash of a file: ``sha512-`` and the digest as base64url without padding."""
    with path.open("rb") as file:
        return _named(hashlib.file_digest(file, "sha512").digest())


def content_hash_of(content: bytes) -> str:
    """The draft's ContentHash of these bytes."""
    return _named(hashlib.sha512(content).digest())


def _named(digest: bytes) -> str:
    return "sha512-" + base64.urlsafe_b64encode(digest).decode().rstrip("=")


def new_uuid(domain: str, at_ns: int | None = None) -> str:
    """A version 8 UUID (RFC 9562) as the draft makes them.

    48 bits of Unix milliseconds, 12 of the fraction of one, 62 of SHA-1(domain).

    ``domain`` must be unique to the writer (host and cell), since nothing in it is random.
    """
    milliseconds, rest = divmod(time.time_ns() if at_ns is None else at_ns, 1_000_000)
    fraction = rest * 4096 // 1_000_000
    name = int.from_bytes(hashlib.sha1(domain.encode(), usedforsecurity=False).digest()[:8]) >> 2
    return str(uuid.UUID(int=milliseconds << 80 | 8 << 76 | fraction << 64 | 0b10 << 62 | name))


def parse_vcon(text: str | bytes, where: str = "vCon") -> Vcon:
    """A record from its JSON, unsigned or signed (the signature is not verified).

    Raises a VconError that names ``where``.
    """
    try:
        document = json.loads(text)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise VconUnreadable(f"{where} is not JSON: {error}") from None
    if not isinstance(document, dict):
        raise VconUnreadable(f"{where} is JSON but not an object, so it is no vCon")
    if "ciphertext" in document:
        raise VconEncrypted(f"{where} is encrypted; ask its sender for the decrypted form")
    if "payload" in document and "signatures" in document:
        return parse_vcon(decode_payload(document["payload"], where), f"{where} (signed payload)")
    if not document.keys() & {"parties", "dialog", "analysis", "attachments"}:
        raise VconUnreadable(f"{where} has none of parties, dialog, analysis or attachments, so it is no vCon")
    try:
        vcon = Vcon.model_validate(document)
    except ValidationError as error:
        raise VconUnreadable(f"{where}: {_first_fault(error)}") from None
    if vcon.critical:
        raise VconUnsupported(f"{where} needs the extension {', '.join(vcon.critical)}, which is not known here")
    return vcon


def read_vcon(path: Path) -> Vcon:
    """The record in a file; raises a VconError with one sentence, FileNotFoundError when there is no file."""
    return parse_vcon(path.read_bytes(), str(path))


def write_vcon(path: Path, vcon: Vcon) -> None:
    """Write a record whole or not at all: a temporary file beside it, flushed to disk, then renamed.

    Raises VconError when ``uuid`` or ``created_at`` is missing.
    """
    if vcon.uuid is None or vcon.created_at is None:
        raise VconError(f"{path}: a call record needs uuid and created_at before it is written")
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with draft.open("w", encoding="utf-8") as file:
            json.dump(vcon.to_json(), file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def decode_payload(payload: object, where: str = "vCon") -> bytes:
    """The JSON inside a signed record, unzipped where it is zipped; the signature is not verified.

    Raises VconUnreadable that names ``where``.
    """
    if not isinstance(payload, str):
        raise VconUnreadable(f"{where} is signed but its payload is not text")
    content = decode_base64url(payload)
    if not content.startswith(b"\x1f\x8b"):
        return content
    try:
        return gzip.decompress(content)
    except (OSError, EOFError):
        raise VconUnreadable(f"{where} is signed but its gzipped payload is broken") from None


def _first_fault(error: ValidationError) -> str:
    fault = error.errors()[0]
    return f"{'.'.join(str(part) for part in fault['loc']) or 'document'}: {fault['msg']}"
