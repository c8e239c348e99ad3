"""Whose audio is heard: the sockets of a call's RTP and RTCP are tied to the address that the other side has signalled.

The library takes packets from anybody, and after ten from somewhere else it sends there too: whoever finds out the
port could speak, press keys, and have the call's audio sent to him. A connected UDP socket gets packets from one
address alone; the kernel drops the others before anybody reads them. Linux; elsewhere nothing is tied, as the log says.
"""

from __future__ import annotations

import logging
import os
import socket
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger(__name__)

_DESCRIPTORS = Path("/proc/self/fd")


@dataclass(frozen=True, slots=True)
class Address:
    """An IP address and a port."""

    host: str
    port: int


def parse_address(text: str) -> Address | None:
    """``127.0.0.1:4000`` or ``[::1]:4000``; None when it names nobody in particular."""
    host, _, port = text.rpartition(":")
    host = host.strip("[]")
    if not port.isdigit() or port == "0" or host in ("", "0.0.0.0", "::"):
        return None
    return Address(host, int(port))


def tie(ours: Address, theirs: Address) -> bool:
    """Let this process's UDP socket at ``ours`` hear ``theirs`` alone; False when there is no such socket."""
    try:
        numbers = [int(name) for name in os.listdir(_DESCRIPTORS)]
    except OSError:
        log.warning("this system does not show its sockets: audio is taken from any address")
        return False
    return any(_tied(number, ours, theirs) for number in numbers)


def _tied(number: int, ours: Address, theirs: Address) -> bool:
    if not _is_socket(number):
        return False
    found = socket.socket(fileno=number)
    try:
        if found.type != socket.SOCK_DGRAM or found.getsockname()[1] != ours.port:
            return False
        found.connect((theirs.host, theirs.port))
        return True
    except (OSError, IndexError, TypeError):
        return False
    finally:
        found.detach()  # it stays the library's


def _is_socket(number: int) -> bool:
    try:
        return os.readlink(_DESCRIPTORS / str(number)).startswith("socket:")
    except OSError:
        return False
