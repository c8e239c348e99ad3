"""One SIP dialog with its audio: what happens to it arrives as calls of plain functions in the owner thread."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import pjsua2 as pj

from ivr.keypad import Keypad, KeySeen
from ivr.network import Counters
from ivr.sip.endpoint import CODECS, Endpoint
from ivr.sip.errors import RequestRefused
from ivr.sip.source import parse_address, tie
from ivr.sip.transaction import branch_of, end_invite, end_transaction
from ivr.sip_uri import bare, user_of
from ivr.trunks.model import KeyMethod
from ivr.trunks.origin import Arrival
from ivr.trunks.sdp import only_codecs

OK, RINGING, PROGRESS, BUSY, DECLINED = 200, 180, 183, 486, 603
GIVE_UP_S = 4.0
"""Who was rung, was told that we no longer want it, and does not answer that either, holds its leg for so long only."""
UNKNOWN_LENGTH_MS = 1 << 31
"""An INFO without a length is told as one of 2**32 − 1 ms."""
NO_HEADERS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Ended:
    """How a call ended: the last SIP status, whether we asked for it, whether it had been answered."""

    status: int
    by_us: bool
    was_answered: bool


@dataclass(frozen=True, slots=True)
class CallManners:
    """What a trunk has agreed on about its calls; ``trunk`` is empty for calls of none."""

    trunk: str = ""
    codecs: tuple[str, ...] = CODECS
    keys: KeyMethod = "both"
    early_media: bool = False


class _PjCall(pj.Call):  # type: ignore[misc]
    """Callbacks only enqueue. ``onDtmfEvent`` comes on a media thread, the others inside ``libHandleEvents``."""

    owner: SipCall | None = None
    codecs: tuple[str, ...] = ()
    invite: str = ""
    """The branch of our last INVITE, which names its transaction."""
    accepted: int = 0
    goodbye: int = 0
    """The addresses of transactions: the INVITE's while our 200 waits for its ACK, our BYE's while it waits; or 0."""

    def onCallState(self, prm: pj.OnCallStateParam) -> None:
        owner, info = self.owner, self.getInfo()  # keep info alive while its members are read: they are views into it
        if owner is not None:
            state, status = info.state, info.lastStatusCode
            if state == pj.PJSIP_INV_STATE_DISCONNECTED:
                self.owner = owner._call = None  # the next call may get this id before anybody looks; see ``_state``
            owner.endpoint.later(lambda: owner._state(state, status))

    def onCallMediaState(self, prm: pj.OnCallMediaStateParam) -> None:
        owner = self.owner
        if owner is not None:
            owner.endpoint.later(owner._media_changed)

    def onCallTransferRequest(self, prm: pj.OnCallTransferRequestParam) -> None:
        """REFER: left alone, the library would ring whomever the other side names."""
        prm.statusCode = pj.PJSIP_SC_DECLINE

    def onCallReplaceRequest(self, prm: pj.OnCallReplaceRequestParam) -> None:
        """INVITE with Replaces: nobody takes a call's place."""
        prm.statusCode = pj.PJSIP_SC_DECLINE

    def onCallRedirected(self, prm: pj.OnCallRedirectedParam) -> int:
        """Who was rung names somebody else (3xx): not whom the operator has named."""
        return int(pj.PJSIP_REDIRECT_STOP)

    def onDtmfEvent(self, prm: pj.OnDtmfEventParam) -> None:
        owner, digit, at_s = self.owner, prm.digit, time.monotonic()
        if owner is not None and digit:
            method: Literal["rfc4733", "info"] = "rfc4733" if prm.method == pj.PJSUA_DTMF_METHOD_RFC2833 else "info"
            length_ms = prm.duration if prm.duration < UNKNOWN_LENGTH_MS else 0
            seen = KeySeen(digit[0], at_s, method, prm.timestamp, length_ms)
            owner.endpoint.later(lambda: owner._key(seen))

    def onCallSdpCreated(self, prm: pj.OnCallSdpCreatedParam) -> None:
        """Descriptions after the first one; the first answer is made before this object is."""
        if self.codecs:
            prm.sdp.wholeSdp = only_codecs(prm.sdp.wholeSdp, self.codecs)

    def onCallTsxState(self, prm: pj.OnCallTsxStateParam) -> None:
        transaction = prm.e.body.tsxState.tsx
        if transaction.method == "INVITE":
            self._invite_at(transaction)
        elif transaction.role == pj.PJSIP_ROLE_UAC and transaction.method == "BYE":
            waits = transaction.state in (pj.PJSIP_TSX_STATE_CALLING, pj.PJSIP_TSX_STATE_PROCEEDING)
            self.goodbye = int(transaction.pjTransaction) if waits else 0

    def _invite_at(self, transaction: pj.SipTransaction) -> None:
        if transaction.role == pj.PJSIP_ROLE_UAS:
            waits = transaction.state == pj.PJSIP_TSX_STATE_COMPLETED
            self.accepted = int(transaction.pjTransaction) if waits else 0
        elif transaction.state == pj.PJSIP_TSX_STATE_CALLING:
            self.invite = branch_of(transaction.lastTx.wholeMsg)


def _nobody(*_: object) -> None:
    """The ear of a call that nobody listens to yet."""


class SipCall:
    """A call in the owner thread. Set ``on_…`` before the next tick; after ``on_ended`` nothing else is called.

    ``on_digit(digit, monotonic seconds)``, ``on_hold(held)``: the other side put us on hold or took us back;
    ``on_media()``: ``port`` changed.
    """

    def __init__(
        self, endpoint: Endpoint, account: pj.Account, call_id: int | None = None, manners: CallManners | None = None
    ) -> None:
        self.endpoint = endpoint
        self.manners = manners or CallManners()
        self.trunk = self.manners.trunk
        self.on_ringing: Callable[[], None] = _nobody
        self.on_connected: Callable[[], None] = _nobody
        self.on_ended: Callable[[Ended], None] = _nobody
        self.on_digit: Callable[[str, float], None] = _nobody
        self.on_hold: Callable[[bool], None] = _nobody
        self.on_media: Callable[[], None] = _nobody
        self.answered = False
        self.answered_at_s: float | None = None
        self.source = ""
        self.held = False
        self.counters: Counters | None = None
        self._codec = ""
        self._source_tied = False
        self._keypad = Keypad(self.manners.keys)
        self._we_hung_up = False
        self._port: pj.AudioMedia | None = None
        self._call: _PjCall | None = _PjCall(account) if call_id is None else _PjCall(account, call_id)
        self._call.owner, self._call.codecs = self, self.manners.codecs
        endpoint.hold(self)
        self.remote_uri, self.local_uri = self._uris() if call_id is not None else ("", "")

    def arrived(self, arrival: Arrival) -> None:
        """Whence a caller comes: the number that was rung stands in ``local_uri``, in E.164 where it is one."""
        self.trunk = arrival.trunk_name
        if arrival.called:
            self.local_uri = f"sip:{arrival.called}@{self.local_uri.rpartition('@')[2].removeprefix('sip:')}"

    @property
    def called(self) -> str:
        """The number, or the name, that was rung."""
        return user_of(self.local_uri)

    def _key(self, seen: KeySeen) -> None:
        if self._keypad.is_press(seen):
            self.on_digit(seen.digit, seen.at_s)

    def _uris(self) -> tuple[str, str]:
        assert self._call is not None
        info = self._call.getInfo()
        return bare(info.remoteUri), bare(info.localUri)

    @property
    def live(self) -> bool:
        """Whether SIP still knows the call."""
        return self._call is not None

    @property
    def port(self) -> pj.AudioMedia | None:
        """Its audio in the conference bridge, None while there is none."""
        return self._port

    def make(self, uri: str, caller: str = "") -> None:
        """Ring, shown as ``caller`` (a SIP URI; empty for the account's own); raises pj.Error."""
        assert self._call is not None
        self.remote_uri, self.local_uri = uri, caller or self.endpoint.address
        parameters = pj.CallOpParam(True)
        parameters.txOption.localUri = caller
        self._call.makeCall(uri, parameters)

    def ringing(self) -> None:
        """Tell the caller that it rings here."""
        self._answer(RINGING)

    def progress(self) -> None:
        """Let the caller hear us before the answer (183 with a session description)."""
        self._answer(PROGRESS)

    def answer(self) -> None:
        """Pick up; ``answered_at_s`` (monotonic) says when, ``answered`` whether the other side acknowledged it."""
        self.answered_at_s = time.monotonic()
        self._answer(OK)

    def decline(self, status: int = DECLINED, retry_after_s: int | None = None) -> None:
        """Refuse with this SIP status; ``retry_after_s`` tells when another try makes sense (RFC 3261, 20.33)."""
        self._we_hung_up = True
        self._answer(status, {} if retry_after_s is None else {"Retry-After": str(retry_after_s)})

    def _answer(self, status: int, headers: Mapping[str, str] = NO_HEADERS) -> None:
        if self._call is not None:
            parameters = pj.CallOpParam()
            parameters.statusCode = status
            for name, value in headers.items():
                header = pj.SipHeader()
                header.hName, header.hValue = name, value
                parameters.txOption.headers.append(header)
            with contextlib.suppress(pj.Error):  # cancelled in the same moment: its end is already on the way
                self._call.answer(parameters)

    def hang_up(self) -> None:
        """CANCEL, BYE or refuse, whatever fits; ``on_ended`` follows.

        The library would hold the leg of a target that says nothing at all, or does not take the CANCEL, for 32 s; here
        it is free after ``GIVE_UP_S``.
        """
        call = self._call
        if call is not None:
            self._we_hung_up = True
            with contextlib.suppress(pj.Error):  # ended in the same moment
                call.hangup(pj.CallOpParam())  # its end may be told before this returns
            branch = call.invite
            if branch and not self.answered:
                self.endpoint.after(GIVE_UP_S, lambda: end_invite(branch))

    def give_up(self) -> None:
        """End a call whose answer nobody acknowledges: one BYE, and the leg is free; ``on_ended`` follows.

        SIP would wait half a minute for the ACK of our 200, and as long for the answer to our BYE. The library says
        BYE itself when the first wait is cut short, and tells of it at once.
        """
        call, self._we_hung_up = self._call, True
        if call is None or not (call.accepted and end_transaction(call.accepted)):
            self.hang_up()
        elif call.goodbye:
            end_transaction(call.goodbye)

    def put_on_hold(self, held: bool) -> None:
        """Hold the other side, or take it back (re-INVITE); raises RequestRefused."""
        if self._call is None:
            return
        parameters = pj.CallOpParam(True)
        parameters.opt.flag = pj.PJSUA_CALL_UNHOLD
        with _refused("hold"):
            if held:
                self._call.setHold(pj.CallOpParam())
            else:
                self._call.reinvite(parameters)

    def press(self, digits: str, via: Literal["rfc4733", "info"], duration_ms: int = 100) -> None:
        """Send keys, one after the other; raises RequestRefused when they cannot be sent so."""
        if self._call is None:
            return
        parameters = pj.CallSendDtmfParam()
        parameters.method = pj.PJSUA_DTMF_METHOD_SIP_INFO if via == "info" else pj.PJSUA_DTMF_METHOD_RFC2833
        parameters.digits = digits
        parameters.duration = duration_ms
        with _refused(f"keys by {via}"):
            self._call.sendDtmf(parameters)

    def count(self) -> int | None:
        """RTP packets received so far (``counters`` has the rest); None while no audio is expected to come in."""
        if self._call is None or not self.answered or self._port is None or self.held:
            return None
        try:
            statistics = self._call.getStreamStat(0)  # named: its members are views into it
        except pj.Error:
            return None
        self.counters = self._counters(statistics)
        if not self._source_tied and self.counters.packets:
            self._source_tied = self._tie(0, to_source=True)
        return self.counters.packets

    def _counters(self, statistics: pj.StreamStat) -> Counters:
        """A reading of what RTP and RTCP counted; one in five seconds of it is kept (``ivr.network``)."""
        rtcp = statistics.rtcp
        received, sent = rtcp.rxStat, rtcp.txStat
        return Counters(
            packets=received.pkt,
            lost=received.loss,
            jitter_ms=received.jitterUsec.mean / 1000,
            round_trip_ms=rtcp.rttUsec.mean / 1000,
            buffer_ms=statistics.jbuf.avgDelayMsec,
            loss_ms=received.lossPeriodUsec.mean / 1000,
            sent=sent.pkt,
            their_lost=sent.loss if sent.updateCount else None,
            codec=self._codec,
        )

    def forget(self) -> None:
        """Nobody listens to this call any more; what still happens to it is not told."""
        self.on_ringing = self.on_connected = self.on_media = _nobody
        self.on_ended = self.on_digit = self.on_hold = _nobody

    def _state(self, state: int, status: int) -> None:
        """What happened in the callback; the library's object is gone by now when the call is over.

        It must go inside the callback: dropped later, it would clear, and hang up, the next call with its id.
        """
        if state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self.close()
            self.on_ended(Ended(status, self._we_hung_up, self.answered))
        elif state == pj.PJSIP_INV_STATE_CONFIRMED:  # told of a call that is over already, too: it was answered
            self.answered = True
            self.on_connected()
        elif state == pj.PJSIP_INV_STATE_EARLY and self._call is not None:
            self.on_ringing()

    def _media_changed(self) -> None:
        if self._call is None:
            return
        info = self._call.getInfo()  # named: iterating info.media of a temporary reads freed memory
        audio = [media for media in info.media if media.type == pj.PJMEDIA_TYPE_AUDIO]
        status = audio[0].status if audio else pj.PJSUA_CALL_MEDIA_NONE
        hears = bool(audio) and bool(audio[0].dir & pj.PJMEDIA_DIR_ENCODING_DECODING) and status != _NO_MEDIA
        self._port = self._audio() if hears else None
        self._codec = self._call.getStreamInfo(audio[0].index).codecName if hears else ""
        self._source_tied = bool(hears and self.endpoint.audio_from == "signalled" and self._tie(audio[0].index))
        held = status == pj.PJSUA_CALL_MEDIA_REMOTE_HOLD
        self.on_media()
        if held != self.held:
            self.held = held
            self.on_hold(held)

    def _tie(self, index: int, *, to_source: bool = False) -> bool:
        """Let RTP and RTCP be heard from the signalled address alone, or from the source that was heard first."""
        assert self._call is not None
        sockets = self._call.getMedTransportInfo(index)
        stream = self._call.getStreamInfo(index)
        rtp = sockets.srcRtpName if to_source else stream.remoteRtpAddress
        rtcp = sockets.srcRtcpName if to_source else stream.remoteRtcpAddress
        pairs = [(sockets.localRtpName, rtp), (sockets.localRtcpName, rtcp)]
        ends = [(parse_address(ours), parse_address(theirs)) for ours, theirs in pairs]
        return all([tie(ours, theirs) for ours, theirs in ends if ours is not None and theirs is not None])

    def _audio(self) -> pj.AudioMedia | None:
        assert self._call is not None
        try:
            return self._call.getAudioMedia(-1)
        except pj.Error:
            return None

    def close(self) -> None:
        """Let go of the library's object, in the owner thread; a call that still lives is hung up by that."""
        if self._call is not None:
            self._port = None
            self._call.owner = None
            self._call = None
        self.endpoint.release(self)


@contextlib.contextmanager
def _refused(what: str) -> Iterator[None]:
    try:
        yield
    except pj.Error as error:
        raise RequestRefused(f"the call takes no {what}: {error.reason}") from None


_NO_MEDIA = pj.PJSUA_CALL_MEDIA_NONE
