"""SIP and RTP: the only room that imports pjsua2.

Nobody outside sees a pjsua2 object. One ``Endpoint`` per process, owned by one thread; ``SipLeg`` is what a call
session gets, ``SipCall`` one SIP dialog with its audio.

Errors::

    SipError             something about SIP that the operator or the script's writer can mend
    ├── AddressTaken     another program listens on that address and port
    ├── AddressUnusable  the address is not one of this machine, or may not be used
    ├── RequestRefused   a call takes no such request now (keys, hold)
    └── NotACallable     a SIP URI that cannot be rung, or no line free to ring it
"""

from ivr.sip.errors import AddressTaken, AddressUnusable, NotACallable, RequestRefused, SipError

__all__ = ["AddressTaken", "AddressUnusable", "NotACallable", "RequestRefused", "SipError"]
