"""Trunks and numbers: how the line reaches the telephone network, and which flow a called number runs.

All of it is pure but ``load`` (reads ``trunks.yaml``, secrets, names of hosts). ``ivr.sip`` makes accounts of trunks.

Errors::

    TrunkError   a file of trunks that cannot be used; every problem with its place and its remedy, one per line
"""

from __future__ import annotations

from ivr.trunks.errors import TrunkError

__all__ = ["TrunkError"]
