"""The account that rings and is rung: local, unregistered, on the endpoint's one transport."""

from __future__ import annotations

from collections.abc import Callable

import pjsua2 as pj

from ivr.sip.call import SipCall
from ivr.sip.endpoint import Endpoint
from ivr.sip.errors import NotACallable

FORBIDDEN, TEMPORARILY_UNAVAILABLE, TOO_LARGE = 403, 480, 513
LARGEST = 4000
"""Bytes of an INVITE: the library reads no more of a packet, and would take what it has read for the whole."""
SESSION_EXPIRES_S = 180


class _PjAccount(pj.Account):  # type: ignore[misc]
    rung: Callable[[int, str, str], None] | None = None

    def onIncomingCall(self, prm: pj.OnIncomingCallParam) -> None:
        if self.rung is not None:
            self.rung(prm.callId, prm.rdata.srcAddress, prm.rdata.wholeMsg)


class Account:
    """Takes calls from addresses that ``may_ring`` allows and hands each to ``incoming``; makes calls.

    ``incoming`` is called in the owner thread and must answer, decline or ring. A stranger gets 403 at once, since an
    INVITE that is never acknowledged would hold a leg for 64 s.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        incoming: Callable[[SipCall], None],
        *,
        may_ring: Callable[[str], bool] = lambda host: True,
        user: str = "line",
    ) -> None:
        self._endpoint = endpoint
        self._incoming = incoming
        self._may_ring = may_ring
        account = _PjAccount()
        account.create(_configuration(endpoint, user), True)
        account.rung = self._rung
        self._account: _PjAccount | None = account
        endpoint.hold(self)

    def _rung(self, call_id: int, source: str, message: str) -> None:
        """In the owner thread, inside ``libHandleEvents``: a call that has no Call object after it is hung up.

        Nothing is answered here: refusing an INVITE without a session description inside the callback aborts the
        process (the library frees a copy of the message that it has not made yet).
        """
        if self._account is None:
            return
        call = SipCall(self._endpoint, self._account, call_id)
        call.source = source.rsplit(":", 1)[0].strip("[]")
        self._endpoint.later(lambda: self._decide(call, len(message)))

    def _decide(self, call: SipCall, length: int) -> None:
        if not self._may_ring(call.source):
            call.decline(FORBIDDEN)
        elif length >= LARGEST:
            call.decline(TOO_LARGE)
        else:
            self._incoming(call)

    def ring(self, uri: str) -> SipCall:
        """Start a call to a SIP URI; raises NotACallable when that cannot even be tried."""
        if self._account is None:
            raise NotACallable(f"cannot ring {uri}: the line is closing")
        call = SipCall(self._endpoint, self._account)
        try:
            call.make(uri)
        except pj.Error as error:
            call.close()
            raise NotACallable(f"cannot ring {uri}: {error.reason}") from None
        return call

    def close(self) -> None:
        """Take and make no more calls."""
        if self._account is not None:
            self._account.rung = None
            self._account.shutdown()
            self._account = None
        self._endpoint.release(self)


def _configuration(endpoint: Endpoint, user: str) -> pj.AccountConfig:
    config = pj.AccountConfig()
    config.idUri = f"sip:{user}@{endpoint.host}:{endpoint.port}"
    config.sipConfig.transportId = endpoint.transport
    config.callConfig.timerUse = (
        pj.PJSUA_SIP_TIMER_ALWAYS
    )  # a caller that vanished is found by refreshes, at the latest
    config.callConfig.timerSessExpiresSec = SESSION_EXPIRES_S
    config.mediaConfig.transportConfig.boundAddress = endpoint.host
    config.mediaConfig.transportConfig.port = endpoint.rtp_port
    config.mediaConfig.transportConfig.portRange = 1000 if endpoint.rtp_port else 0
    config.mediaConfig.srtpUse = pj.PJMEDIA_SRTP_DISABLED
    config.videoConfig.autoShowIncoming = False
    return config
