"""One cell: one process, one endpoint, as many legs as the SIP library is linked for, every call a session.

Everything happens in the thread that calls ``turn``: SIP, the sessions, their timers. What would make calls wait is
done elsewhere: rendering prompts (``_speaker``), asking web services (``_runners``), understanding callers
(``_understanding``), and hashing and writing finished calls (``_clerk``); all come back through ``Endpoint.later``.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from clearline.vcon import content_hash_of, now
from ivr.admission import Doorkeeper
from ivr.alarms import Alarms
from ivr.callbacks import Callbacks
from ivr.clerk import CallNotStored, Clerk, ClerkNotice, low_on_disk
from ivr.closures import CLOSED, Closures
from ivr.commands import Lookup, Phrase
from ivr.flow.linking import identity, layout
from ivr.flow.model import Flow
from ivr.hearing import Understanding
from ivr.languages import RememberedLanguages
from ivr.leg import LegNotice
from ivr.line import LineSettings
from ivr.lookups import Answer, Answered, Asking, Services
from ivr.office import Office
from ivr.prompting.placeholders import Unfit
from ivr.queueing import Queues
from ivr.recognizing import open_recognizer
from ivr.record import CallRecord
from ivr.rendering import Rendered, Rendering
from ivr.rooms import Room, sweep
from ivr.rung import CallsOut
from ivr.session import Session
from ivr.sip.accounts import Accounts, TrunkState
from ivr.sip.arrivals import Arrivals
from ivr.sip.before_answer import Files
from ivr.sip.call import SipCall
from ivr.sip.endpoint import Endpoint
from ivr.sip.leg import SipLeg
from ivr.sip.media import Player
from ivr.sip.network_watch import NetworkWatch
from ivr.sip.outgoing import Outgoing
from ivr.sip_uri import user_of
from ivr.speaker import Prompts, Speaker
from ivr.tolls import SENTENCES
from ivr.tones import write_beep, write_ringing
from ivr.trunks.numbers import Destination

log = logging.getLogger(__name__)

WATCH_EVERY_S = 1.0
TURN_S = 0.04
"""How long the cell sleeps at most: its own timers are late by no more, and whatever happens wakes it at once."""


@dataclass(frozen=True, slots=True)
class CallAnswered:
    """A caller is on the line."""

    call_id: str


@dataclass(frozen=True, slots=True)
class CallNotAnswered:
    """Somebody whom the line rang did not pick up; ``status`` is what SIP said."""

    status: int


CellNotice = CallNotAnswered | CallAnswered | ClerkNotice


FlowFor = Callable[[str], Flow]
"""The flow for a new call of this caller (the user part of the SIP address); the call keeps it to its end."""


class Cell:
    """A line that takes calls. Raises SipError when it cannot listen.

    ``flow`` answers the calls of which no number of the trunks speaks; ``flows`` are those that the numbers name.
    """

    def __init__(
        self,
        settings: LineSettings,
        flow: Flow | FlowFor,
        prompts: Prompts,
        name: str | None = None,
        notice: Callable[[CellNotice], None] = lambda notice: None,
        flows: Mapping[str, FlowFor] | None = None,
    ) -> None:
        self._settings = settings
        self._flows = flows or {}
        first = flow if isinstance(flow, Flow) else flow("")
        self._flow_for: FlowFor = (lambda caller: first) if isinstance(flow, Flow) else flow
        self._name = name or first.name
        self._notice = notice
        self._endpoint = Endpoint(
            settings.host,
            settings.port,
            legs=settings.legs,
            rtp_port=settings.rtp_port,
            sip_log=settings.sip_log,
            audio_from=settings.audio_from,
        )
        sweep()  # what killed cells have left behind
        self._room = Room("cell")
        self._beep, self._ringing = self._room.path / "beep.wav", self._room.path / "ringing.wav"
        write_beep(self._beep)
        write_ringing(self._ringing)
        self._silence = Player(self._endpoint, [self._endpoint.silence_file()], loop=True)
        self._arrivals = Arrivals(
            self._endpoint, settings.trunks.numbers, settings.per_source, self._answered, self._announcement
        )
        self._accounts = Accounts(
            self._endpoint,
            self._arrivals.rung,
            may_ring=settings.may_ring,
            trunks=settings.trunks,
            registers=settings.registers,
            contact=settings.front,
        )
        doorkeeper = Doorkeeper(lambda host: settings.may_ring(host) or settings.trunks.may_ring(host))
        self._endpoint.guard(
            lambda knock: doorkeeper.refusal(knock.source, knock.method, knock.length, knock.inside, time.monotonic())
        )
        self._speaker = Speaker(prompts, self._ringing, self._endpoint.later)
        self._clerk = Clerk(settings.calls, self._clerk_told)
        self._services = Services(settings.services)
        self._office = Office(
            Queues(most=self._endpoint.legs - 1),  # one leg is left to ring the target
            Callbacks(settings.calls / "callbacks"),
            RememberedLanguages(settings.calls / "state" / "languages"),
            settings.language_of,
        )
        self._closures = Closures(settings.calls / CLOSED)
        self._runners = ThreadPoolExecutor(self._endpoint.legs, "lookup")
        self._understanding = Understanding(lambda: open_recognizer(settings.vosk_model), self._endpoint.later)
        for one in (first, *(flow_for("") for flow_for in self._flows.values())):
            self._expect(one)
        self._talks: dict[Session, SipLeg] = {}
        self._network = NetworkWatch(
            settings.vanish_s,
            ends_one_way=settings.one_way == "end",
            later=self._endpoint.later,
            alarm=self._alarm,
        )
        self._watch_at_s = 0.0
        self._alarms = Alarms()
        self._out = Outgoing(
            self._accounts,
            CallsOut(settings.calls / "state", settings.tolls),
            lambda why: self._alarm("calls_out", f"a call out was refused: {SENTENCES[why]}"),
        )
        self._draining = False
        self._pulse: Callable[[], None] = lambda: None

    @property
    def address(self) -> str:
        """The SIP URI to ring."""
        return self._endpoint.address

    @property
    def talking(self) -> int:
        """Callers on the line now."""
        return len(self._talks)

    @property
    def rejected(self) -> int:
        """Calls refused because every leg was in use."""
        return self._endpoint.rejected

    @property
    def legs(self) -> int:
        """Calls that this cell can carry: what was asked for, at most what the SIP library is compiled for."""
        return self._endpoint.legs

    @property
    def alarms(self) -> list[dict[str, Any]]:
        """What somebody should look at now (``ivr.alarms``)."""
        return self._alarms.now(time.time())

    def _clerk_told(self, notice: ClerkNotice) -> None:
        """In the clerk's thread."""
        if isinstance(notice, CallNotStored):
            sentence = f"the record of a call could not be written: {notice.reason}"
            self._endpoint.later(lambda: self._alarm("record", sentence))
        self._notice(notice)

    def _alarm(self, kind: str, sentence: str) -> None:
        self._alarms.sound(kind, sentence, time.time())

    @property
    def trunks(self) -> list[TrunkState]:
        """How the trunks are doing."""
        return self._accounts.states

    def ring(self, uri: str) -> None:
        """Ring a SIP URI or, through a trunk, a ``tel:`` one; the flow begins when the call is answered. Raises
        NotACallable (``ivr.sip``).
        """
        call = self._out.ring(uri)
        call.on_connected = lambda: self._answered(call, None, outbound=True)
        call.on_ended = lambda ended: self._notice(CallNotAnswered(ended.status))

    def run(
        self,
        stopping: Callable[[], bool],
        draining: Callable[[], bool] = lambda: False,
        pulse: Callable[[], None] = lambda: None,
    ) -> None:
        """Take calls until ``stopping()``, or until the last one is over after ``draining()``; then ``close``.

        ``pulse()`` is called once a second.
        """
        self._pulse = pulse
        try:
            while not (stopping() or (self._draining and not self._talks)):
                if not self._draining and draining():
                    self._draining, self._arrivals.open = True, False
                    self._accounts.leave()
                self.turn()
        finally:
            self.close()

    def turn(self) -> None:
        """One turn of everything."""
        self._endpoint.tick(TURN_S)
        for session in list(self._talks):
            self._safely(session, session.tick)
            self._clerk.keep_urgent(session.record)
            if session.ended:
                self._finished(session)
        self._watch()
        self._clerk.settle(time.monotonic())

    def close(self) -> None:
        """End the running calls, write their records, give the library back. Safe to call twice."""
        if self._endpoint.closed:
            return
        self._arrivals.open = False
        for session in list(self._talks):
            session.close()
            self._finished(session)
        self._speaker.close()
        self._runners.shutdown(wait=False, cancel_futures=True)
        self._understanding.close()
        self._services.close()
        self._silence.close()
        self._accounts.close()
        self._endpoint.close()
        self._out.close()
        self._clerk.close()  # the library is gone, so every file is final
        self._speaker.join()
        self._room.close()

    def _announcement(self, where: Destination) -> Files:
        language = where.number.language or self._settings.language or self._flow_of(where, "").languages[0]
        return self._speaker.announcement(Phrase(where.announce, language))

    def _flow_of(self, where: Destination | None, caller: str) -> Flow:
        """The flow that the number runs, else the line's own."""
        named = self._flows.get(where.flow or where.number.flow) if where is not None else None
        return (named or self._flow_for)(caller)

    def _office_of(self, where: Destination | None) -> Office:
        """What the calls of this line share; a number may have a language of its own."""
        language = where.number.language if where is not None else ""
        return replace(self._office, usual=lambda called: language) if language else self._office

    def _answered(self, call: SipCall, where: Destination | None, outbound: bool = False) -> None:
        origin_s = time.monotonic()

        def clock() -> float:
            return time.monotonic() - origin_s

        def tell(notice: LegNotice) -> None:
            self._safely(session, lambda: session.tell(notice))

        flow = self._flow_of(where, user_of(call.remote_uri))
        self._expect(flow)
        leg = SipLeg(
            self._endpoint,
            self._out,
            call,
            self._silence,
            self._speaker.waiting,
            tell,
            clock,
            origin_s,
            self._understanding,
        )
        session = Session(
            flow,
            leg,
            self._new_record(call, flow, where, outbound),
            self._rendering(lambda: session),
            self._settings.targets,
            self._beep,
            clock,
            self._asking(lambda: session),
            self._office_of(where),
            lambda: self._closures.names(flow.name, now()),
            self._speaker.foresee,
            self._settings.pause_key,
            self._alarm,
        )
        self._talks[session] = leg
        self._clerk.begin(session.record)
        self._notice(CallAnswered(session.record.call_id))
        self._safely(session, session.start)

    def _expect(self, flow: Flow) -> None:
        """Have the voices loaded before the first value, and the recogniser before the first question that needs it."""
        self._speaker.expect(flow)
        if "speech" in flow.needs():
            self._understanding.warm()

    def _new_record(self, call: SipCall, flow: Flow, where: Destination | None, outbound: bool) -> CallRecord:
        return CallRecord(
            calls=self._settings.calls,
            name=self._name,
            flow=flow.name,
            flow_hash=_hash_of(flow),
            language=flow.languages[0],
            caller=call.remote_uri,
            called=call.local_uri,
            url=self._settings.url,
            started=now(),
            outbound=outbound,
            trunk=call.trunk,
            number=where.number.pattern if where is not None else "",
        )

    def _rendering(self, session: Callable[[], Session]) -> Rendering:
        def render(phrases: tuple[Phrase, ...], then: Rendered) -> None:
            def tell(files: Sequence[Path] | str, more: bool = False, unfit: Sequence[Unfit] = ()) -> None:
                self._safely(session(), lambda: then(files, more, unfit))

            self._speaker.say(phrases, tell)

        return render

    def _asking(self, session: Callable[[], Session]) -> Asking:
        def ask(asked: Lookup, then: Answered) -> None:
            def done(made: Future[Answer]) -> None:
                if not made.cancelled():
                    answer: Answer = ("unreachable", 0) if made.exception() else made.result()
                    self._endpoint.later(lambda: self._safely(session(), lambda: then(answer)))

            with contextlib.suppress(RuntimeError):  # closing: nobody waits for it any more
                self._runners.submit(self._services.ask, asked).add_done_callback(done)

        return ask

    def _safely(self, session: Session, work: Callable[[], None]) -> None:
        """A fault in one call ends that call, with its record, and no other."""
        try:
            work()
        except Exception:
            log.exception("call %s is ended by a fault in the line", session.record.call_id)
            session.close()

    def _watch(self) -> None:
        """Once a second: has somebody closed, or opened? Whose audio no longer comes?"""
        now_s = time.monotonic()
        if now_s < self._watch_at_s:
            return
        self._watch_at_s = now_s + WATCH_EVERY_S
        self._pulse()
        self._arrivals.look(now_s)
        self._accounts.tick()
        self._out.watch()
        low = low_on_disk(self._settings.calls)
        if low:
            self._alarm("disk", low)
        else:
            self._alarms.clear("disk")
        for session in list(self._talks):
            self._safely(session, session.look_at_hours)
            self._clerk.keep(session.record)
        self._network.look((session.record, leg) for session, leg in self._talks.items())

    def _finished(self, session: Session) -> None:
        leg = self._talks.pop(session)
        self._network.forget(leg)
        self._clerk.finish(session.record, time.monotonic())


def _hash_of(flow: Flow) -> str:
    return content_hash_of(identity(layout(flow), [source.content for source in flow.sources]))
