"""What can go wrong with SIP that somebody can mend (the tree is drawn in the package's docstring)."""

from __future__ import annotations


class SipError(Exception):
    """Something about SIP that the operator or the script's writer can mend."""


class AddressTaken(SipError):
    """Another program listens on that address and port."""


class AddressUnusable(SipError):
    """The address is not one of this machine, or may not be used."""


class RequestRefused(SipError):
    """The call's other side, or the library, takes no such request now (keys, hold)."""


class NotACallable(SipError):
    """A SIP URI that cannot be rung, or no line free to ring it."""
