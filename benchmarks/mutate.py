"""SIP messages with faults in them, by a seed: bytes, lengths, numbers, header fields, session descriptions.

Pure: the same seed gives the same messages.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

SDP = (
    b"v=0\r\no=fuzz 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0 8 9 101\r\n"
    b"a=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=sendrecv\r\na=ptime:20\r\n"
)
METHODS = ("INVITE", "OPTIONS", "REGISTER", "CANCEL", "BYE", "ACK", "INFO", "UPDATE", "PRACK", "SUBSCRIBE", "REFER")
NUMBERS = (b"0", b"-1", b"1", b"255", b"65536", b"2147483647", b"2147483648", b"4294967296", b"9" * 40, b"", b"0x10")
BYTES = (b"\x00", b"\xff", b"\r\n", b"\r\n\r\n", b"\n", b"\r", b" ", b"\t", b";", b"<", b">", b'"', b"%00", b"@", b":")
WORDS = (
    b"sip:",
    b"sips:",
    b"tel:+1",
    b"SIP/2.0",
    b"z9hG4bK",
    b"tag=",
    b"Via: ",
    b"*",
    b"\xc3\x28",
    b"Route: <sip:a;lr>",
)


def request(method: str, host: str, port: int, here: str, number: int) -> bytes:
    """A sound request from ``here`` (host:port), with identifiers of its own."""
    body = SDP if method in ("INVITE", "UPDATE") else b""
    kind = b"Content-Type: application/sdp\r\n" if body else b""
    return (
        (
            f"{method} sip:line@{host}:{port} SIP/2.0\r\nVia: SIP/2.0/UDP {here};rport;branch=z9hG4bKfuzz{number}\r\n"
            f'Max-Forwards: 70\r\nFrom: "Fuzz" <sip:fuzz@{here}>;tag=f{number}\r\nTo: <sip:line@{host}:{port}>\r\n'
            f"Call-ID: fuzz-{number}@{here}\r\nCSeq: {number} {method}\r\nContact: <sip:fuzz@{here}>\r\n"
            "Allow: INVITE, ACK, BYE, CANCEL\r\nSupported: timer, 100rel\r\nSession-Expires: 1800\r\n"
        ).encode()
        + kind
        + b"Content-Length: "
        + str(len(body)).encode()
        + b"\r\n\r\n"
        + body
    )


def mutated(message: bytes, others: Sequence[bytes], dice: random.Random) -> bytes:
    """The message with one to four faults; never longer than a UDP packet can be."""
    for _ in range(dice.choice((1, 1, 1, 2, 2, 3, 4))):
        message = dice.choice(FAULTS)(message, others, dice)
    return message[:60_000]


Fault = Callable[[bytes, Sequence[bytes], random.Random], bytes]


def _flip(message: bytes, others: Sequence[bytes], dice: random.Random) -> bytes:
    changed = bytearray(message)
    for _ in range(dice.randrange(1, 9)):
        if changed:
            changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


def _insert(message: bytes, others: Sequence[bytes], dice: random.Random) -> bytes:
    at, what = dice.randrange(len(message) + 1), dice.choice(BYTES + WORDS)
    return message[:at] + what * dice.choice((1, 1, 2, 50, 2000)) + message[at:]


def _cut(message: bytes, others: Sequence[bytes], dice: random.Random) -> bytes:
    first = dice.randrange(len(message) + 1)
    return message[:first] + message[first + dice.randrange(1, 80) :]


def _truncate(message: bytes, others: Sequence[bytes], dice: random.Random) -> bytes:
    return message[: dice.randrange(len(message) + 1)]


def _repeat(message: bytes, others: Sequence[bytes], dice: random.Random) -> bytes:
    first = dice.randrange(len(message) + 1)
    piece = message[first : first + dice.randrange(1, 60)]
    return message[:first] + piece * dice.choice((2, 3, 100)) + message[first + len(piece) :]


def _number(message: bytes, others: Sequence[bytes], dice: random.Random) -> bytes:
    found = list(re.finditer(rb"\d+", message))
    if not found:
        return message
    where = dice.choice(found)
    return message[: where.start()] + dice.choice(NUMBERS) + message[where.end() :]


def _field(message: bytes, others: Sequence[bytes], dice: random.Random) -> bytes:
    """A line of the head is doubled, dropped, emptied, made long, or taken from another message."""
    head, mark, body = message.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    at = dice.randrange(len(lines))
    match dice.randrange(5):
        case 0:
            lines.insert(at, lines[at])
        case 1:
            del lines[at]
        case 2:
            lines[at] = lines[at].partition(b":")[0] + b":"
        case 3:
            lines[at] += b"," + b"x" * dice.choice((10, 300, 5000))
        case _:
            lines.insert(at, dice.choice(dice.choice(others).split(b"\r\n")))
    return b"\r\n".join(lines) + mark + body


def _body(message: bytes, others: Sequence[bytes], dice: random.Random) -> bytes:
    """A line of the session description is dropped, doubled, or given another number or codec."""
    head, mark, body = message.partition(b"\r\n\r\n")
    lines = body.split(b"\r\n")
    at = dice.randrange(len(lines))
    match dice.randrange(4):
        case 0:
            del lines[at]
        case 1:
            lines[at:at] = [lines[at]] * dice.choice((1, 20, 200))
        case 2:
            lines[at] = re.sub(rb"\d+", lambda found: dice.choice(NUMBERS), lines[at])
        case _:
            lines[at] = dice.choice((b"m=video 1 RTP/AVP 97", b"c=IN IP6 ::", b"a=rtpmap:0 /", b"a=crypto:1 x", b"m="))
    return head + mark + b"\r\n".join(lines)


def _splice(message: bytes, others: Sequence[bytes], dice: random.Random) -> bytes:
    other = dice.choice(others)
    return message[: dice.randrange(len(message) + 1)] + other[dice.randrange(len(other) + 1) :]


FAULTS: tuple[Fault, ...] = (_flip, _insert, _cut, _truncate, _repeat, _number, _field, _field, _body, _splice)
