"""How many calls the linked SIP library was compiled for.

PJSUA_MAX_CALLS is fixed at compile time (4 in the published wheel, hundreds in builds of one's own); a higher
``maxCalls`` is clamped in silence, and pjsua2 has no call that tells. The C library underneath has one.
"""

from __future__ import annotations

import ctypes
from pathlib import Path

import pjsua2 as pj

PUBLISHED = 4
"""The limit of the published wheel, taken where the library cannot be asked."""


def linked_legs() -> int:
    """The number of calls that the started library can carry; asked between ``libInit`` and ``libDestroy``."""
    for library in sorted(Path(pj.__file__).parent.glob("_pjsua2*")):
        try:
            count = int(ctypes.CDLL(str(library)).pjsua_call_get_max_count())
        except (OSError, AttributeError):  # a library without this symbol, or one that cannot be opened twice
            continue
        if count > 0:
            return count
    return PUBLISHED
