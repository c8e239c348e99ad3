"""Who gets through to the SIP library: each request is looked at before anything is spent on it.

pjsua2 tells of a caller when it has given them a leg and sockets, and the sockets of calls refused in the last half
second count against the 64 that the library can watch: one more, and it aborts the process. So a module of our own
stands before its transaction layer (``pjsip_endpt_register_module``, a public function of PJSIP) and answers strangers,
floods and messages that are too long by itself, without a leg.

The layout of a received message (``pjsip_rx_data``, PJSIP 2.15, 64 bit) is checked when the door is hung: a request to
ourselves must be seen as it was sent. Where it is not, the door stays open and the log says so.
"""

from __future__ import annotations

import ctypes
import logging
import re
import socket
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from ivr.sip.linked import linked_library

log = logging.getLogger(__name__)

BEFORE_TRANSACTIONS = 12
"""PJSIP_MOD_PRIORITY_TSX_LAYER is 16, that of the transport layer 8."""
PACKET_BYTES, NAME_BYTES = 4000, 46
TRY_FOR_S = 1.0
_METHOD = re.compile(rb"\s*([A-Z]{3,20}) ")
_TO_TAG = re.compile(rb"^(?:To|t)[ \t]*:[^\r\n]*;[ \t]*tag=", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Knock:
    """One request: whence, which method, how many bytes were read, whether it belongs to a call under way."""

    source: str
    method: str
    length: int
    inside: bool


Decide = Callable[[Knock], int]
"""The SIP status to refuse with, 0 to let it through."""


class _String(ctypes.Structure):
    _fields_ = (("ptr", ctypes.c_char_p), ("length", ctypes.c_long))


_OnRequest = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)


class _Module(ctypes.Structure):
    _fields_ = (
        ("previous", ctypes.c_void_p),
        ("next", ctypes.c_void_p),
        ("name", _String),
        ("id", ctypes.c_int),
        ("priority", ctypes.c_int),
        ("load", ctypes.c_void_p),
        ("start", ctypes.c_void_p),
        ("stop", ctypes.c_void_p),
        ("unload", ctypes.c_void_p),
        ("on_rx_request", _OnRequest),
        ("on_rx_response", ctypes.c_void_p),
        ("on_tx_request", ctypes.c_void_p),
        ("on_tx_response", ctypes.c_void_p),
        ("on_tsx_state", ctypes.c_void_p),
    )


class _Received(ctypes.Structure):
    """The beginning of ``pjsip_rx_data``."""

    _fields_ = (
        ("pool", ctypes.c_void_p),
        ("transport", ctypes.c_void_p),
        ("transport_data", ctypes.c_void_p),
        ("operation", ctypes.c_void_p * 34),
        ("rdata", ctypes.c_void_p),
        ("at", ctypes.c_long * 2),
        ("packet", ctypes.c_char * PACKET_BYTES),
        ("zero", ctypes.c_uint32),
        ("length", ctypes.c_long),
        ("address", ctypes.c_uint8 * 28),
        ("address_length", ctypes.c_int),
        ("source", ctypes.c_char * NAME_BYTES),
        ("source_port", ctypes.c_int),
        ("message", ctypes.c_void_p),
        ("message_length", ctypes.c_int),
    )


class Door:
    """Stands before the library's transactions from ``hang`` on; in the owner thread, inside ``libHandleEvents``."""

    def __init__(self, decide: Decide) -> None:
        self._decide = decide
        self._library = linked_library()
        self._endpoint: int | None = None
        self._check = ""
        self._seen = False
        self._module = _Module(name=_String(b"clearline-door", 14), id=-1, priority=BEFORE_TRANSACTIONS)
        self._module.on_rx_request = _OnRequest(self._request)

    def hang(self, host: str, port: int, tick: Callable[[], None]) -> bool:
        """Register, and knock at our own address to see whether messages are read rightly; False when they are not."""
        if not self._register():
            return False
        self._check = uuid.uuid4().hex
        here = host if host != "0.0.0.0" else "127.0.0.1"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.connect((here, port))
            udp.send(_knock(here, udp.getsockname()[1], self._check))
            until_s = time.monotonic() + TRY_FOR_S
            while not self._seen and time.monotonic() < until_s:
                tick()
        if not self._seen:
            log.error("the SIP library is another than expected: strangers are refused only after they got a leg")
        self._check = ""
        return self._seen

    def _register(self) -> bool:
        try:
            assert self._library is not None
            self._library.pjsua_get_pjsip_endpt.restype = ctypes.c_void_p
            register = self._library.pjsip_endpt_register_module
            self._library.pjsip_endpt_respond_stateless.argtypes = (
                ctypes.c_void_p,
                ctypes.c_void_p,
                ctypes.c_int,
                ctypes.c_void_p,
                ctypes.c_void_p,
                ctypes.c_void_p,
            )
        except (AssertionError, AttributeError):
            log.error("the SIP library hides its functions: strangers are refused only after they got a leg")
            return False
        register.argtypes = (ctypes.c_void_p, ctypes.c_void_p)
        self._endpoint = self._library.pjsua_get_pjsip_endpt()
        return bool(register(self._endpoint, ctypes.byref(self._module)) == 0)

    def _request(self, address: int) -> int:
        """1: it was dealt with here. An exception may not leave it."""
        try:
            return self._dealt_with(address)
        except Exception:
            log.exception("a SIP request could not be looked at")
            return 0

    def _dealt_with(self, address: int) -> int:
        received = _Received.from_address(address)
        if not self._seen:
            return self._checked(received)
        knock = _read(received)
        status = self._decide(knock) if knock is not None else 0
        if not status:
            return 0
        if knock is not None and knock.method != "ACK":
            self._refuse(address, status)
        return 1

    def _checked(self, received: _Received) -> int:
        """Before anything is decided: is this our own knock, read as it was sent?"""
        text = bytes(received.packet)
        ours = bool(self._check) and f"Call-ID: {self._check}".encode() in text
        self._seen = ours and received.length == len(text.rstrip(b"\x00")) and received.source_port > 0
        return int(ours)

    def _refuse(self, address: int, status: int) -> None:
        assert self._library is not None
        self._library.pjsip_endpt_respond_stateless(self._endpoint, address, status, None, None, None)


def _read(received: _Received) -> Knock | None:
    length = max(0, min(int(received.message_length), PACKET_BYTES * 16))
    text = ctypes.string_at(received.message, length) if received.message else b""
    method = _METHOD.match(text)
    if method is None:
        return None
    source = received.source.decode("ascii", "replace").strip("[]")
    return Knock(source, method[1].decode(), len(text), _TO_TAG.search(text) is not None)


def _knock(host: str, port: int, call_id: str) -> bytes:
    return (
        f"OPTIONS sip:{host} SIP/2.0\r\nVia: SIP/2.0/UDP {host}:{port};branch=z9hG4bK{call_id}\r\n"
        f"From: <sip:door@{host}>;tag=door\r\nTo: <sip:door@{host}>\r\nCall-ID: {call_id}\r\nCSeq: 1 OPTIONS\r\n"
        "Max-Forwards: 0\r\nContent-Length: 0\r\n\r\n"
    ).encode()
