"""Rings targets that never take a call on every leg, gives them up, and again: ``tests.sip.silent_target``.

It fails when a leg is still held after ten seconds: the SIP library alone would hold it for thirty-two.
"""

from __future__ import annotations

import re
import socket
import time

from ivr.sip.accounts import Accounts
from ivr.sip.call import SipCall
from ivr.sip.endpoint import Endpoint
from ivr.sip.errors import NotACallable


def silent() -> socket.socket:
    """A target that answers nothing."""
    target = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    target.bind(("127.0.0.1", 0))
    target.settimeout(0.001)
    return target


def ring_back(target: socket.socket) -> None:
    """Answer an INVITE with 180, and nothing else with anything."""
    try:
        message, source = target.recvfrom(65536)
    except TimeoutError:
        return
    if message.startswith(b"INVITE"):
        headers = re.findall(rb"^(?:Via|From|To|Call-ID|CSeq):.*\r\n", message, re.MULTILINE)
        kept = b"".join(headers).replace(b"\r\nCall-ID", b";tag=far\r\nCall-ID")
        target.sendto(b"SIP/2.0 180 Ringing\r\n" + kept + b"Content-Length: 0\r\n\r\n", source)


def ring_on_every_leg(endpoint: Endpoint, accounts: Accounts, targets: list[socket.socket]) -> list[SipCall]:
    """As many calls as there are legs, in turn to the targets; waits for legs that are held yet."""
    calls: list[SipCall] = []
    until_s = time.monotonic() + 10
    while len(calls) < endpoint.legs:
        port = targets[len(calls) % 2].getsockname()[1]
        try:
            calls.append(accounts.ring(f"sip:desk@127.0.0.1:{port}"))
        except NotACallable:
            assert time.monotonic() < until_s, "a leg is still held"
        endpoint.tick()
    return calls


def main() -> None:
    """See the module."""
    endpoint = Endpoint("127.0.0.1", 0)
    accounts = Accounts(endpoint, lambda call: call.decline())
    with silent() as says_nothing, silent() as rings:
        for _ in range(2):
            calls = ring_on_every_leg(endpoint, accounts, [says_nothing, rings])
            until_s = time.monotonic() + 0.5
            while time.monotonic() < until_s:
                endpoint.tick()
                ring_back(rings)
            for call in calls:
                call.hang_up()
            print(len(calls), flush=True)
    endpoint.close()


if __name__ == "__main__":
    main()
