"""``trunks.yaml`` as it is written: pydantic, since strangers' text enters here; ``load`` makes frozen values of it.

Every scalar arrives as text (``ivr.flow.document``). The words of durations, flags and hours are those of flows.
"""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from ivr.flow.editor_schema import DIALECT, READERS, SECONDS, AsWritten, without_titles
from ivr.flow.hours import HoursSchema
from ivr.flow.schema import Flag, Seconds, SecondsOrNone, Section, read_language, read_name, refuse, shape
from ivr.trunks.e164 import is_country
from ivr.trunks.model import CODECS, USUAL_CODECS, KeyMethod, Network, Prack, Protection, Transport
from ivr.trunks.numbers import DEFAULT

HOST = r"(?:[A-Za-z0-9](?:[A-Za-z0-9.\-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?"
PATTERN = r"\+\d{1,15}\*?|\d{1,15}\*?|[A-Za-z_][\w.\-]*"
CALLER = r"\+?\d{3,15}"
LISTEN_PORT = 5060
LEAST_SESSION_S = 90.0
"""The shortest session interval that a peer must take (RFC 4028, 4)."""


def read_host(value: object) -> str:
    """``sip.example.net``, ``192.0.2.7:5080``, ``[2001:db8::7]:5060``."""
    if not isinstance(value, str) or not re.fullmatch(HOST, value):
        refuse(
            f"expected the name or address of a server, found {shape(value)}",
            "write it without sip:, as in sip.example.net or 192.0.2.7:5080; IPv6 in brackets",
        )
    return value


def read_user(value: object) -> str:
    """The user part of a SIP address."""
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z0-9+\-_.!~*'&=$,]+", value):
        refuse(f"expected a user or a number, found {shape(value)}", "write what stands before the @, without sip:")
    return value


def read_caller(value: object) -> str:
    """A number that is shown to whom the line rings."""
    if not isinstance(value, str) or not re.fullmatch(CALLER, value):
        refuse(f"expected a number, found {shape(value)}", "write digits, best as in +442079460123")
    return value


def read_country(value: object) -> str:
    """``GB``, ``NO``."""
    if not isinstance(value, str) or not is_country(value):
        refuse(f"no numbering plan is known for {shape(value)}", "write the country's two letters: GB, NO, UA")
    return value


def read_codecs(value: object) -> tuple[str, ...]:
    """Codecs in order of preference."""
    names = {codec.casefold(): codec for codec in CODECS}
    given: list[Any] = value if isinstance(value, list) else [value]
    odd = [codec for codec in given if not isinstance(codec, str) or codec.casefold() not in names]
    if odd or not given:
        refuse(f"{shape(odd[0] if odd else None)} is no codec of this line", f"choose from {', '.join(CODECS)}")
    return tuple(dict.fromkeys(names[codec.casefold()] for codec in given))


def read_networks(value: object) -> tuple[Network, ...]:
    """Addresses or networks, IPv4 or IPv6."""
    given = value if isinstance(value, list) else [value]
    try:
        return tuple(ipaddress.ip_network(str(text), strict=False) for text in given)
    except ValueError:
        refuse(f"expected addresses or networks, found {shape(value)}", "write them as in [198.51.100.0/24, 192.0.2.7]")


def read_address(value: object) -> str:
    """An IPv6 address of this machine."""
    try:
        return str(ipaddress.IPv6Address(str(value)))
    except ValueError:
        refuse(f"expected an IPv6 address, found {shape(value)}", "write it without brackets, as in 2001:db8::5")


def read_port(value: object) -> int:
    """A port of this machine; 0 takes a free one."""
    if not isinstance(value, str) or not value.isdigit() or int(value) > 65535:
        refuse(f"expected a port, found {shape(value)}", "write a number from 0 (any) to 65535")
    return int(value)


def read_session(value: object) -> float:
    """``off`` or a duration of at least 90 s."""
    if value in ("off", "0s"):
        return 0.0
    return _at_least(value, LEAST_SESSION_S)


def read_expiry(value: object) -> float:
    """How long a registration is to hold."""
    return _at_least(value, 30.0)


def _at_least(value: object, least_s: float) -> float:
    from ivr.flow.schema import read_seconds

    seconds = read_seconds(value)
    if seconds < least_s:
        refuse(f"the duration '{value}' is too short", f"write {least_s:g}s or more")
    return seconds


def read_pattern(value: object) -> str:
    """A number, the beginning of numbers with ``*``, a name, or ``default``."""
    if not isinstance(value, str) or not re.fullmatch(PATTERN, value):
        refuse(
            f"{shape(value)} is no number",
            "write +442079460123, the beginning of numbers as +4420*, a short number, or default",
        )
    return value


def read_flow(value: object) -> str:
    """A flow's file beside this one, or the name of a published flow."""
    if not isinstance(value, str) or not value.strip():
        refuse(f"expected a flow, found {shape(value)}", "write its file, as in flows/support.yaml, or its name")
    return value


Host = Annotated[str, BeforeValidator(read_host)]
Port = Annotated[int, BeforeValidator(read_port)]
FlowName = Annotated[str, BeforeValidator(read_flow)]
Prompt = Annotated[str, BeforeValidator(read_name)]


class PasswordSchema(Section):
    """Where the password stands, never the password itself."""

    env: str = ""
    file: Path | None = None


class NumberSchema(Section):
    """What happens to calls of one pattern."""

    flow: FlowName
    hours: str = ""
    closed: FlowName = Field(default="", validate_default=False)
    turned_away: Prompt = Field(default="", validate_default=False)
    language: Annotated[str, BeforeValidator(read_language)] = Field(default="", validate_default=False)
    announce: Prompt = Field(default="", validate_default=False)
    ring: SecondsOrNone = 0.0


def read_number(value: object) -> object:
    """A flow alone, or ``key: value`` pairs."""
    return {"flow": value} if isinstance(value, str) else value


Pattern = Annotated[str, BeforeValidator(read_pattern)]
Numbers = dict[Pattern, Annotated[NumberSchema, BeforeValidator(read_number)]]


class TrunkSchema(Section):
    """One trunk; docs/trunks.md says what each word means."""

    registrar: Host = Field(default="", validate_default=False)
    user: Annotated[str, BeforeValidator(read_user)] = Field(default="", validate_default=False)
    auth_user: str = ""
    password: PasswordSchema | None = None
    realm: str = "*"
    domain: Host = Field(default="", validate_default=False)
    transport: Transport = "udp"
    ipv6: Flag = False
    proxy: Host = Field(default="", validate_default=False)
    expires: Annotated[float, BeforeValidator(read_expiry)] = 600.0
    keep_alive: SecondsOrNone = 15.0
    retry: Seconds = 5.0
    srtp: Protection = "off"
    verify: Flag = True
    trust: Path | None = None
    codecs: Annotated[tuple[str, ...], BeforeValidator(read_codecs)] = USUAL_CODECS
    keys: KeyMethod = "both"
    session_timer: Annotated[float, BeforeValidator(read_session)] = 180.0
    prack: Prack = "supported"
    early_media: Flag = False
    origins: Annotated[tuple[Network, ...], BeforeValidator(read_networks)] = Field(default=(), alias="from")
    country: Annotated[str, BeforeValidator(read_country)] = Field(default="", validate_default=False)
    caller_id: Annotated[str, BeforeValidator(read_caller)] = Field(default="", validate_default=False)
    numbers: Numbers = Field(default_factory=dict)


class ListenSchema(Section):
    """What the line listens on besides UDP."""

    tcp: Port | None = None
    tls: Port | None = None
    ipv6: Annotated[str, BeforeValidator(read_address)] = Field(default="", validate_default=False)
    ipv6_port: Port = LISTEN_PORT
    certificate: Path | None = None
    private_key: Path | None = None


class FileSchema(Section):
    """The whole file."""

    trunks: dict[Annotated[str, BeforeValidator(read_name)], TrunkSchema] = Field(default_factory=dict)
    numbers: Numbers = Field(default_factory=dict)
    hours: dict[str, HoursSchema] = Field(default_factory=dict)
    listen: ListenSchema = ListenSchema()


_HOST = {"type": "string", "pattern": f"^{HOST}$"}
_PORT = {"type": "integer", "minimum": 0, "maximum": 65535}


class _TrunksAsWritten(AsWritten):
    readers: ClassVar = {
        **READERS,
        "read_host": _HOST,
        "read_caller": {"type": "string", "pattern": f"^{CALLER}$"},
        "read_country": {"type": "string", "pattern": "^[A-Z]{2}$"},
        "read_codecs": {"type": "array", "minItems": 1, "items": {"enum": [*CODECS, *map(str.lower, CODECS)]}},
        "read_networks": {"type": ["array", "string"]},
        "read_address": {"type": "string"},
        "read_port": _PORT,
        "read_session": {"anyOf": [SECONDS, {"const": "off"}, {"const": False}]},
        "read_expiry": SECONDS,
        "read_pattern": {"type": "string", "pattern": f"^({PATTERN}|{DEFAULT})$"},
        "read_flow": {"type": "string", "minLength": 1},
        "read_user": {"type": "string"},
    }

    def function_before_schema(self, schema: Any) -> Any:
        """A number is its flow alone, or pairs."""
        if getattr(schema["function"]["function"], "__name__", "") == "read_number":
            return {"anyOf": [{"type": "string", "minLength": 1}, self.generate_inner(schema["schema"])]}
        return super().function_before_schema(schema)


def file_schema() -> dict[str, Any]:
    """The schema of ``trunks.yaml`` (draft 2020-12), as plain JSON values, for editors."""
    schema = FileSchema.model_json_schema(schema_generator=_TrunksAsWritten)
    without_titles(schema)
    return {"$schema": DIALECT, **schema, "title": "Trunks and numbers"}
