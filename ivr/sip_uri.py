"""Parts of SIP addresses (RFC 3261, 19.1) as they stand in headers. Pure."""

from __future__ import annotations

import re

_URI = re.compile(r"sips?:(?:([^@;>\s]*)@)?([^;>?\s]+)")


def user_of(uri: str) -> str:
    """The user part, a number or a name; empty when there is none."""
    found = _URI.search(uri)
    return (found.group(1) or "") if found else ""


def bare(uri: str) -> str:
    """``"Ann" <sip:12@host;x=y>`` → ``sip:12@host``; what is no SIP address stays as it is."""
    found = _URI.search(uri)
    if found is None:
        return uri
    user, host = found.groups()
    return f"sip:{user}@{host}" if user else f"sip:{host}"
