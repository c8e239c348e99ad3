"""Ending transactions before SIP would: public functions of PJSIP that pjsua2 does not hand on.

``pjsip_tsx_layer_find_tsx`` finds a transaction by its role and branch (RFC 3261, 17.1.3), so a stale one cannot be
touched; ``pjsip_tsx_terminate`` ends it at once, and the slot of its call is free (sip_transaction.h). pjsua2 tells
the address of a transaction (``SipTransaction.pjTransaction``), which holds until it has had its final answer.
"""

from __future__ import annotations

import ctypes
import re

from ivr.sip.linked import linked_library

REQUEST_TIMEOUT = 408
_BRANCH = re.compile(r"^(?:Via|v)\s*:[^\r\n]*?;branch=([^;,\s]+)", re.IGNORECASE | re.MULTILINE)
_UNLOCKED = 0
"""One thread owns the library, so nobody else can end the transaction meanwhile."""


class _PjString(ctypes.Structure):
    _fields_ = (("ptr", ctypes.c_char_p), ("slen", ctypes.c_long))


def branch_of(message: str) -> str:
    """The branch of a request's topmost Via, which names its transaction; empty when there is none."""
    found = _BRANCH.search(message)
    return found[1] if found else ""


def end_invite(branch: str) -> None:
    """End our INVITE of this branch, in the owner thread; harmless when it is over."""
    library = linked_library()
    find = getattr(library, "pjsip_tsx_layer_find_tsx", None)  # a build may hide it: the 32 s of RFC 3261 hold
    if find is None or not branch:
        return
    key = f"c${branch}".encode()
    find.argtypes, find.restype = [ctypes.POINTER(_PjString), ctypes.c_int], ctypes.c_void_p
    transaction = find(ctypes.byref(_PjString(key, len(key))), _UNLOCKED)
    if transaction:
        end_transaction(transaction)


def end_transaction(address: int) -> bool:
    """End the transaction at this address, in the owner thread; False where the library has no such function."""
    terminate = getattr(linked_library(), "pjsip_tsx_terminate", None)
    if terminate is None:
        return False
    terminate.argtypes, terminate.restype = [ctypes.c_void_p, ctypes.c_int], ctypes.c_int
    return bool(terminate(address, REQUEST_TIMEOUT) == 0)
