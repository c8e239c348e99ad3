"""Whatever happens while somebody is awaited, the caller hears words or ringing; and nothing goes on afterwards."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.callbacks import Callbacks
from ivr.events import CallerHungUp, DigitPressed, PromptEnded, TransferAnswered, TransferEnded, TransferFailed
from ivr.flow.load import parse_flow
from ivr.languages import RememberedLanguages
from ivr.office import Office
from ivr.queueing import Queues
from ivr.record import CallRecord
from ivr.session import Session
from tests.fakes.leg import Clock, FakeLeg
from tests.ivr.test_session import Render

FLOW = parse_flow(
    """
flow: waits
nodes:
  main: {menu: m, keys: {1: agent, 2: briefed, 3: queue, 4: ring_me, 5: fetch, 6: message}, give_up: bye}
  agent: {transfer: service, waiting: still_trying, ring: 20s, failed: main, next: main}
  briefed: {transfer: service, whisper: who, meanwhile: hold, waiting: still_trying, failed: main, next: main}
  queue: {queue: service, keys: {1: ring_me}, every: 20s, max_wait: 60s, failed: main, next: main}
  ring_me: {callback: service, next: main, failed: main}
  fetch: {lookup: 'GET http://127.0.0.1:1/x', ok: main, error: main}
  message: {record: message, announced: true, next: main}
  bye: {end: bye}
"""
)
ACTS = ("1", "2", "3", "4", "5", "6", "heard", "wait", "long", "rendered", "answered", "busy", "ended", "gone")


@dataclass
class HeardLeg(FakeLeg):
    """What sounds on it now: a prompt or an agent by its serial, ringing that was asked for."""

    playing: int = 0
    rings: int = 0
    waits: bool = False
    talks: bool = field(default=False)

    def play(self, serial: int, files: object, more: bool = False) -> None:
        self.playing = serial

    def stop_playing(self) -> None:
        self.playing = 0

    def ring(self, serial: int, uri: str, briefing: object = ()) -> None:
        self.rings = serial

    def stop_ringing(self) -> None:
        self.rings, self.talks = 0, False

    def start_waiting(self) -> None:
        self.waits = True

    def stop_waiting(self) -> None:
        self.waits = False

    def hang_up(self) -> None:
        self.playing = self.rings = 0
        self.waits = self.talks = False

    @property
    def sounds(self) -> bool:
        return bool(self.playing or self.rings or self.waits or self.talks)


class Waiting:
    """One call of one line, and everything that may happen to it."""

    def __init__(self, folder: Path) -> None:
        self.leg, self.clock, self.render = HeardLeg(), Clock(), Render(late=True)
        office = Office(Queues(1), Callbacks(folder / "callbacks"), RememberedLanguages(folder / "languages"))
        record = CallRecord(folder, "Line", "waits", "sha512-x", "en", self.leg.caller, self.leg.called)
        targets = {"service": "sip:agent@10.0.0.9"}
        self.session = Session(
            FLOW, self.leg, record, self.render, targets, Path("beep.wav"), self.clock, office=office
        )
        self.session.start()

    def act(self, act: str) -> None:
        leg, tell = self.leg, self.session.tell
        if act.isdigit():
            tell(DigitPressed(self.clock(), act))
        elif act == "heard" and leg.playing:
            serial, leg.playing = leg.playing, 0
            tell(PromptEnded(self.clock(), serial))
        elif act in ("wait", "long"):
            self.clock.now_s += 3.0 if act == "wait" else 25.0
            self.session.tick()
        elif act == "answered" and leg.rings and not leg.talks:
            leg.talks, leg.waits = True, False
            tell(TransferAnswered(self.clock(), leg.rings))
        elif act == "busy" and leg.rings and not leg.talks:
            serial, leg.rings = leg.rings, 0
            tell(TransferFailed(self.clock(), serial, "busy"))
        elif act == "ended" and leg.talks:
            serial, leg.rings, leg.talks = leg.rings, 0, False
            tell(TransferEnded(self.clock(), serial))
        elif act == "gone":
            leg.hang_up()
            tell(CallerHungUp(self.clock()))
        if act == "rendered":
            waiting, self.render.waiting = self.render.waiting, []
            for then in waiting:
                then()
        self.session.tick()


@given(st.lists(st.sampled_from(ACTS), max_size=25))
@settings(max_examples=200)
def test_who_waits_for_somebody_hears_words_or_ringing(acts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        call = Waiting(Path(folder))
        for act in acts:
            call.act(act)
            if call.session.ended:
                assert not call.leg.sounds
            elif call.session.awaits_somebody:
                assert call.leg.sounds, acts
            else:
                assert not call.leg.waits, "ringing when nobody is awaited any more"
                assert not call.leg.rings, "somebody is rung whom nobody awaits any more"


def test_the_law_is_not_about_nothing(tmp_path: Path) -> None:
    """The acts above come to every wait."""
    for acts in (["1"], ["2", "rendered"], ["3"], ["3", "busy", "wait"], ["1", "answered"]):
        call = Waiting(tmp_path)
        for act in acts:
            call.act(act)
        assert call.session.awaits_somebody, acts
