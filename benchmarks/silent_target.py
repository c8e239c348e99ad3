"""How long a target that does not take a call holds its leg: ``python -m benchmarks.silent_target``.

The line rings it for a second and gives it up; the time is that from giving up until the SIP library has the leg free.
``as the library`` is without what ``ivr.sip.call`` does about it.
"""

from __future__ import annotations

import time

from ivr.sip import call as sip_call
from ivr.sip.accounts import Accounts
from ivr.sip.endpoint import Endpoint
from ivr.sip.linked import linked_library
from tests.sip.silent_target import ring_back, silent

RINGS_S = 1.0
NEVER_S = 3600.0


def held_s(endpoint: Endpoint, accounts: Accounts, rings: bool) -> float:
    """Seconds from giving up to a free leg."""
    library = linked_library()
    assert library is not None
    with silent() as target:
        call = accounts.ring(f"sip:desk@127.0.0.1:{target.getsockname()[1]}")
        until_s = time.monotonic() + RINGS_S
        while time.monotonic() < until_s:
            endpoint.tick()
            if rings:
                ring_back(target)
        call.hang_up()
        begun_s = time.monotonic()
        while library.pjsua_call_get_count():
            endpoint.tick()
        return time.monotonic() - begun_s


def main() -> None:
    """A table of four lines."""
    endpoint = Endpoint("127.0.0.1", 0)
    accounts = Accounts(endpoint, lambda call: call.decline())
    ours_s = sip_call.GIVE_UP_S
    for who, give_up_s in (("this line", ours_s), ("as the library", NEVER_S)):
        sip_call.GIVE_UP_S = give_up_s
        for what, rings in (("says nothing at all", False), ("rings, and takes no CANCEL", True)):
            print(f"{who:15} {what:27} {held_s(endpoint, accounts, rings):5.1f} s", flush=True)
    endpoint.close()


if __name__ == "__main__":
    main()
