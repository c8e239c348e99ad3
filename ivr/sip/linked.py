"""What the linked SIP library can do that pjsua2 does not tell, asked of the C library underneath.

PJSUA_MAX_CALLS is fixed at compile time (4 in the published wheel, hundreds in builds of one's own); a higher
``maxCalls`` is clamped in silence.
"""

from __future__ import annotations

import ctypes
from functools import cache
from pathlib import Path

import pjsua2 as pj

PUBLISHED = 4
"""The limit of the published wheel, taken where the library cannot be asked."""


def linked_legs() -> int:
    """The number of calls that the started library can carry; asked between ``libInit`` and ``libDestroy``."""
    library = linked_library()
    try:
        count = int(library.pjsua_call_get_max_count()) if library is not None else 0
    except AttributeError:  # a build that hides its symbols
        count = 0
    return count if count > 0 else PUBLISHED


@cache
def linked_library() -> ctypes.CDLL | None:
    """The C library that pjsua2 has loaded, None where it cannot be opened a second time."""
    for file in sorted(Path(pj.__file__).parent.glob("_pjsua2*")):
        try:
            return ctypes.CDLL(str(file))
        except OSError:
            continue
    return None
