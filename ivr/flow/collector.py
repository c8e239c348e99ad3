"""Reading a flow makes hundreds of thousands of small objects that all stay: nothing for the garbage collector to find.

Left on, it walks all of them again and again while they grow in number, so that a long flow would take more time for
each node than a short one.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_lock = Lock()
_paused = 0
_was_on = False


@contextmanager
def collector_paused() -> Iterator[None]:
    """No garbage collection meanwhile, in the whole process; may be nested, and used by several threads at once."""
    global _paused, _was_on
    with _lock:
        if not _paused:
            _was_on = gc.isenabled()
            gc.disable()
        _paused += 1
    try:
        yield
    finally:
        with _lock:
            _paused -= 1
            if not _paused and _was_on:
                gc.enable()
