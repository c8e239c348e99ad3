"""Ending an INVITE that nobody answers: a public function of PJSIP that pjsua2 does not hand on.

``pjsip_tsx_terminate`` (pjsip/sip_transaction.h) ends a transaction at once; its call ends with 408 and the slot is
free. pjsua2 tells the transaction's address (``SipTransaction.pjTransaction``); it holds until the transaction has had
its final answer, which the caller of this function watches.
"""

from __future__ import annotations

import ctypes

from ivr.sip.linked import linked_library

REQUEST_TIMEOUT = 408


def end_transaction(address: int) -> bool:
    """End the transaction at this address, in the owner thread; False where the library has no such function."""
    library = linked_library()
    try:
        terminate = library.pjsip_tsx_terminate if library is not None else None
    except AttributeError:  # a build that hides it: the 32 s of RFC 3261 hold
        terminate = None
    if terminate is None:
        return False
    terminate.argtypes, terminate.restype = [ctypes.c_void_p, ctypes.c_int], ctypes.c_int
    return bool(terminate(address, REQUEST_TIMEOUT) == 0)
