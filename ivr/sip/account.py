"""The accounts that ring and are rung: the line's own, unregistered one on its UDP, and one of every trunk."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable

import pjsua2 as pj

from ivr.sip.call import CallManners, SipCall
from ivr.sip.endpoint import CODECS, Endpoint
from ivr.sip.errors import NotACallable
from ivr.trunks.model import Trunk
from ivr.trunks.registration import Registration

SESSION_EXPIRES_S = 180
_RETRY_AFTER = re.compile(r"^Retry-After\s*:\s*(\d+)", re.IGNORECASE | re.MULTILINE)

Rung = Callable[[SipCall, str], None]
"""A call that rings, in the owner thread and outside the library, and its INVITE."""


class _PjAccount(pj.Account):  # type: ignore[misc]
    rung: Callable[[int, str, str], None] | None = None
    answered: Callable[[int, str, int, str], None] | None = None

    def onIncomingCall(self, prm: pj.OnIncomingCallParam) -> None:
        if self.rung is not None:
            self.rung(prm.callId, prm.rdata.srcAddress, prm.rdata.wholeMsg)

    def onRegState(self, prm: pj.OnRegStateParam) -> None:
        if self.answered is not None:
            self.answered(prm.code, prm.reason, prm.expiration, prm.rdata.wholeMsg)


class Account:
    """One account; ``rung`` is called in the owner thread and must answer, decline or ring.

    ``trunk`` None is the line's own account. ``registration`` is None where none is made.
    """

    def __init__(self, endpoint: Endpoint, config: pj.AccountConfig, rung: Rung, trunk: Trunk | None = None) -> None:
        self._endpoint = endpoint
        self._rung_by = rung
        self.trunk = trunk
        self.registration = Registration(trunk.retry_s, state="none") if trunk and trunk.registers else None
        account = _PjAccount()
        account.create(config, trunk is None)
        account.rung, account.answered = self._rung, self._answered
        self._account: _PjAccount | None = account
        self.id: int = account.getId()
        endpoint.hold(self)

    @property
    def codecs(self) -> tuple[str, ...]:
        """What its calls speak, best first."""
        return self.trunk.codecs if self.trunk is not None else CODECS

    def _rung(self, call_id: int, source: str, message: str) -> None:
        """In the owner thread, inside ``libHandleEvents``: a call that has no Call object after it is hung up.

        Nothing is answered here: refusing an INVITE without a session description inside the callback aborts the
        process (the library frees a copy of the message that it has not made yet).
        """
        if self._account is not None:
            call = SipCall(self._endpoint, self._account, call_id, self._manners())
            call.source = source.rsplit(":", 1)[0].strip("[]")
            self._endpoint.later(lambda: self._rung_by(call, message))

    def _manners(self) -> CallManners:
        if self.trunk is None:
            return CallManners(codecs=CODECS)
        return CallManners(self.trunk.name, self.trunk.codecs, self.trunk.keys, self.trunk.early_media)

    def ring(self, uri: str, caller: str = "") -> SipCall:
        """Start a call to a SIP URI, shown as a call of ``caller`` (a SIP URI); raises NotACallable when that fails."""
        if self._account is None:
            raise NotACallable(f"cannot ring {uri}: the line is closing")
        call = SipCall(self._endpoint, self._account, manners=self._manners())
        self._endpoint.prefer(self.codecs)
        try:
            call.make(uri, caller)
        except pj.Error as error:
            call.close()
            raise NotACallable(f"cannot ring {uri}: {error.reason}") from None
        return call

    def register(self) -> None:
        """Register now, or anew."""
        if self._account is None or self.registration is None:
            return
        if self.registration.state != "registered":
            self.registration.state = "trying"
        try:
            self._account.setRegistration(True)
        except pj.Error as error:
            self.registration.failed(time.monotonic(), error.status, error.reason, random.random())

    def unregister(self) -> None:
        """Take no more calls by the registrar; ``registration.state`` is ``none`` once it agreed."""
        registration = self.registration
        if self._account is None or registration is None:
            return
        registration.retry_at_s = None
        if registration.state == "registered":
            registration.state = "trying"
            try:
                self._account.setRegistration(False)
                return
            except pj.Error:
                pass  # no registration is known to the library any more
        registration.state = "none"

    def _answered(self, code: int, reason: str, expires_s: int, message: str) -> None:
        """What the registrar said: enqueued, since it comes from inside the library."""
        self._endpoint.later(lambda: self._registrar_said(code, reason, expires_s, message))

    def _registrar_said(self, code: int, reason: str, expires_s: int, message: str) -> None:
        if self.registration is None:
            return
        now_s = time.monotonic()
        if 200 <= code < 300:
            if expires_s > 0:
                self.registration.succeeded(now_s)
            else:
                self.registration.state = "none"
            return
        asked = _RETRY_AFTER.search(message)
        wait_s = float(asked[1]) if asked else 0.0
        self.registration.failed(now_s, code, reason, random.random(), wait_s)

    def close(self) -> None:
        """Take and make no more calls."""
        if self._account is not None:
            self._account.rung = self._account.answered = None
            self._account.shutdown()
            self._account = None
        self._endpoint.release(self)


def own_account(endpoint: Endpoint, rung: Rung, user: str = "line") -> Account:
    """The account on the endpoint's own UDP, for calls of no trunk."""
    config = pj.AccountConfig()
    config.idUri = f"sip:{user}@{endpoint.host}:{endpoint.port}"
    config.sipConfig.transportId = endpoint.transport
    # a caller that vanished is found by refreshes, at the latest
    config.callConfig.timerUse = pj.PJSUA_SIP_TIMER_ALWAYS
    config.callConfig.timerSessExpiresSec = SESSION_EXPIRES_S
    media_of(config, endpoint.host, endpoint.rtp_port)
    config.mediaConfig.srtpUse = pj.PJMEDIA_SRTP_DISABLED
    return Account(endpoint, config, rung)


def media_of(config: pj.AccountConfig, host: str, rtp_port: int) -> None:
    """Audio alone, on this address and from this port on (0: any)."""
    config.mediaConfig.transportConfig.boundAddress = host
    config.mediaConfig.transportConfig.port = rtp_port
    config.mediaConfig.transportConfig.portRange = 1000 if rtp_port else 0
    config.videoConfig.autoShowIncoming = False
