"""The account that rings and is rung: local, unregistered, on the endpoint's one transport."""

from __future__ import annotations

from collections.abc import Callable

import pjsua2 as pj

from ivr.sip.call import SipCall
from ivr.sip.endpoint import Endpoint
from ivr.sip.errors import NotACallable

FORBIDDEN, TEMPORARILY_UNAVAILABLE = 403, 480
SESSION_EXPIRES_S = 180


class _PjAccount(pj.Account):  # type: ignore[misc]
    rung: Callable[[int, str], None] | None = None

    def onIncomingCall(self, prm: pj.OnIncomingCallParam) -> None:
        if self.rung is not None:
            self.rung(prm.callId, prm.rdata.srcAddress)


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

    def _rung(self, call_id: int, source: str) -> None:
        """In the owner thread, inside ``libHandleEvents``: a call that has no Call object after it is hung up."""
        if self._account is None:
            return
        call = SipCall(self._endpoint, self._account, call_id)
        if not self._may_ring(source.rsplit(":", 1)[0].strip("[]")):
            call.decline(FORBIDDEN)
            return
        self._endpoint.later(lambda: self._incoming(call))

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
