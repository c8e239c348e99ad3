"""All accounts of an endpoint: whose call is it that rings, by which trunk is a number rung, who is registered."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import NamedTuple

import pjsua2 as pj

from ivr.sip.account import Account, own_account
from ivr.sip.call import SipCall
from ivr.sip.endpoint import CODECS, Endpoint
from ivr.sip.errors import NotACallable, SipError
from ivr.sip.transports import Transports
from ivr.sip.trunk_account import trunk_configuration
from ivr.trunks.dialling import Dialled, dialled
from ivr.trunks.model import Trunk, Trunks
from ivr.trunks.origin import Arrival, arrival, origin
from ivr.trunks.registration import State

FORBIDDEN, TOO_LARGE = 403, 513
LARGEST = 4000
"""Bytes of an INVITE: the library reads no more of a packet, and would take what it has read for the whole."""
LEAVE_WITHIN_S = 1.0


class TrunkState(NamedTuple):
    """How a trunk is doing; ``code`` is the registrar's last answer, ``since_s`` the seconds in this state."""

    name: str
    state: State
    code: int
    reason: str
    since_s: float


class Accounts:
    """Takes calls of trunks and from addresses that ``may_ring`` allows, and hands each to ``incoming``; makes calls.

    ``incoming`` is called in the owner thread and must answer, decline or ring; ``call.arrival`` says whence it came. A
    stranger gets 403 at once, since an INVITE that is never acknowledged would hold a leg for 64 s. With ``registers``
    trunks are registered, as reachable at ``contact`` (``host:port``; empty: our own address). Raises SipError.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        incoming: Callable[[SipCall], None],
        *,
        may_ring: Callable[[str], bool] = lambda host: True,
        user: str = "line",
        trunks: Trunks | None = None,
        registers: bool = True,
        contact: str = "",
    ) -> None:
        self._endpoint = endpoint
        self._incoming = incoming
        self._may_ring = may_ring
        self._trunks = trunks or Trunks()
        self._behind_front = bool(contact)
        self._own = own_account(endpoint, self._rung, user)
        transports = Transports(endpoint, self._trunks.listen)
        self._accounts = {trunk.name: self._account(trunk, transports) for trunk in self._trunks.trunks}
        self._registrations = {
            name: self._account(account.trunk, transports, contact) if contact and account.trunk else account
            for name, account in self._accounts.items()
            if registers and account.registration is not None
        }
        endpoint.choose(self._select, self._disconnected)
        for account in self._registrations.values():
            account.register()

    def _account(self, trunk: Trunk, transports: Transports, contact: str = "") -> Account:
        """With a ``contact`` only to register: its calls would name the front as their own end."""
        try:
            config = trunk_configuration(self._endpoint, transports, trunk, contact)
            return Account(self._endpoint, config, self._rung, trunk)
        except pj.Error as error:
            raise SipError(
                f"the trunk '{trunk.name}' cannot be set up: {error.reason} (the published SIP library takes seven"
                " accounts; behind a front each trunk that registers needs two)"
            ) from None

    @property
    def states(self) -> list[TrunkState]:
        """Every trunk, in the order of the file."""
        now_s = time.monotonic()
        return [self._state(name, now_s) for name in self._accounts]

    def _state(self, name: str, now_s: float) -> TrunkState:
        registering = self._registrations.get(name)
        registration = registering.registration if registering is not None else None
        if registration is None:
            return TrunkState(name, "none", 0, "", 0.0)
        since_s = round(now_s - registration.since_s, 1) if registration.since_s else 0.0
        return TrunkState(name, registration.state, registration.code, registration.reason, since_s)

    def ring(self, target: str) -> SipCall:
        """Ring a SIP URI, or ``tel:`` a number through a trunk; raises NotACallable when that cannot even be tried."""
        try:
            to = dialled(target, self._trunks)
        except ValueError as error:
            raise NotACallable(str(error)) from None
        return self._account_of(to).ring(to.uri, to.caller)

    def _account_of(self, to: Dialled) -> Account:
        return self._accounts[to.trunk] if to.trunk else self._own

    def tick(self) -> None:
        """Registrations that are due again."""
        now_s = time.monotonic()
        for account in self._registrations.values():
            if account.registration is not None and account.registration.due(now_s):
                account.register()

    def leave(self) -> None:
        """Unregister everywhere; running calls go on."""
        for account in self._registrations.values():
            account.unregister()

    def close(self) -> None:
        """Unregister, wait a moment for the registrars to agree, and take no more calls."""
        self.leave()
        until_s = time.monotonic() + LEAVE_WITHIN_S
        while time.monotonic() < until_s and any(self._is_leaving(account) for account in self._registrations.values()):
            self._endpoint.tick()

    @staticmethod
    def _is_leaving(account: Account) -> bool:
        return account.registration is not None and account.registration.state == "trying"

    def _select(self, source: str, message: str) -> int | None:
        """The account of an incoming call, inside the library; its codecs go into the answer that is made next."""
        trunk = self._arrival(source, message).trunk
        if trunk is None:
            self._endpoint.prefer(CODECS)
            return None
        self._endpoint.prefer(trunk.codecs)
        return self._accounts[trunk.name].id

    def _arrival(self, source: str, message: str) -> Arrival:
        return arrival(self._trunks, self._origin(source.rsplit(":", 1)[0].strip("[]"), message), message)

    def _origin(self, source: str, message: str) -> str:
        """Behind a front the address that the front tells of, and it alone is believed: it must be allowed to ring."""
        return origin(source, message) if self._behind_front and self._may_ring(source) else source

    def _rung(self, call: SipCall, message: str) -> None:
        if not (self._may_ring(call.source) or self._trunks.may_ring(call.source)):
            call.decline(FORBIDDEN)
        elif len(message) >= LARGEST:
            call.decline(TOO_LARGE)
        else:
            call.source = self._origin(call.source, message)
            call.arrived(arrival(self._trunks, call.source, message))
            self._incoming(call)

    def _disconnected(self) -> None:
        self._endpoint.later(self._renew)

    def _renew(self) -> None:
        """A connection broke: what was registered over one is registered again, each after a moment of its own."""
        now_s = time.monotonic()
        for account in self._registrations.values():
            if account.registration is not None and account.trunk is not None and account.trunk.transport != "udp":
                account.registration.lost(now_s, random.random())
