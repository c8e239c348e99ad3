"""A line in processes: one cell in this process, or many cells under a supervisor with one voice for all.

Both tell the same notices, write the same status once a second (``ivr.status``) and end alike: SIGTERM lets the running
calls go on to their end and refuses new ones, SIGINT ends them now.
"""

from __future__ import annotations

import os
import secrets
import signal
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from ivr.alarms import merged
from ivr.cell import CallAnswered, CallNotAnswered, Cell, CellNotice, FlowFor
from ivr.clerk import CallNotStored, CallRecovered, CallStored
from ivr.health import health_server
from ivr.line import LineError, LineSettings
from ivr.prompting.errors import PromptError
from ivr.prompting.service import RemotePrompts, Source, serve_prompts
from ivr.rooms import Room
from ivr.sip.accounts import TrunkState
from ivr.sip.errors import SipError
from ivr.speaker import Prompts
from ivr.status import CellStatus, LineStatus, TrunkStatus, share_mb, status_file, write_status
from ivr.supervisor import Running, Supervisor, Tell, Worker, signals

CELLS_APART_PORTS = 100
"""From a cell's first audio port to the next cell's: four ports a leg are plenty for two dozen legs."""
MEMORY_EVERY_S = 5.0


class Say(Protocol):
    """Where the line tells what happens: a sentence for people, facts for programs. No numbers, no names."""

    def __call__(self, text: str, **facts: Any) -> None:
        """One notice."""


@dataclass(frozen=True, slots=True)
class Serving:
    """How a line is to be served. ``prepare`` makes what can be said before the first call, where it is called."""

    line: LineSettings
    flow_for: FlowFor
    prompts: Source
    prepare: Callable[[], None]
    say: Say
    ready: Callable[[Sequence[str], int], None]
    """Told the cells' addresses and the legs of all, when the first call may come."""
    drain_s: float = 600.0
    health: tuple[str, int] | None = None
    flows: Mapping[str, FlowFor] = field(default_factory=dict)
    """The flows that the numbers of trunks name."""


def told(what: CellNotice) -> tuple[str, dict[str, Any]]:
    """A notice as a sentence and as JSON; no numbers, no names: this goes into logs."""
    match what:
        case CallAnswered(call_id):
            return f"call {call_id} answered", {"event": "answered", "call": call_id}
        case CallStored(call_id, record, hung_up, duration_s):
            facts: dict[str, Any] = {"record": str(record), "hung_up": hung_up, "duration_s": round(duration_s, 3)}
            text = f"call {call_id} ended by the {hung_up} after {duration_s:.1f} s: {record}"
            return text, {"event": "stored", "call": call_id, **facts}
        case CallNotAnswered(status):
            return f"nobody picked up (SIP status {status})", {"event": "not_answered", "status": status}
        case CallNotStored(call_id, folder, reason):
            text = f"call {call_id}: the record could not be written ({reason}); its audio is in {folder}"
            return text, {"event": "not_stored", "call": call_id, "folder": str(folder), "reason": reason}
        case CallRecovered(call_id, record, duration_s):
            facts = {"record": str(record), "duration_s": round(duration_s, 3)}
            return f"call {call_id} was cut off by a crash: {record}", {"event": "recovered", "call": call_id, **facts}


def serve_alone(serving: Serving) -> None:
    """One cell, in this process. Raises SipError or PromptError before it is ready."""
    began_s, answered = time.monotonic(), [0]

    def notice(what: CellNotice) -> None:
        answered[0] += isinstance(what, CallAnswered)
        text, facts = told(what)
        serving.say(text, **facts)

    with signals() as came:
        cell = Cell(serving.line, serving.flow_for, serving.prompts, notice=notice, flows=serving.flows)
        try:
            serving.prepare()
        except BaseException:
            cell.close()
            raise
        serving.ready([cell.address], cell.legs)
        reaping = _Reaping(came, serving.drain_s)
        share = _Memory()

        def pulse() -> None:
            one = CellStatus(
                "cell-1",
                os.getpid(),
                cell.address,
                cell.legs,
                cell.talking,
                answered[0],
                cell.rejected,
                0,
                round(time.monotonic() - began_s, 1),
                share.of(os.getpid()),
            )
            _write(serving, reaping.draining(), (one,), {}, _states(cell.trunks), cell.alarms)

        try:
            cell.run(reaping.stopping, reaping.draining, pulse)
        finally:
            status_file(serving.line.calls).unlink(missing_ok=True)


def serve_cells(serving: Serving, count: int) -> int:
    """So many cells, each in a process of its own; the exit code. Raises LineError or SipError before it is ready."""
    with Room("line") as room:
        return _Cells(serving, count, room).run()


class _Reaping:
    """What the signals that came mean: drain at the first SIGTERM; stop at SIGINT, a second one, or after long."""

    def __init__(self, came: list[int], drain_s: float = float("inf")) -> None:
        self._came = came
        self._drain_s = drain_s
        self._since_s: float | None = None

    def draining(self) -> bool:
        if self._came and self._since_s is None:
            self._since_s = time.monotonic()
        return self._since_s is not None

    def stopping(self) -> bool:
        late = self._since_s is not None and time.monotonic() - self._since_s > self._drain_s
        return late or signal.SIGINT in self._came or len(self._came) > 1


class _Memory:
    """The share of memory of processes, read now and then."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[float, float | None]] = {}

    def of(self, pid: int) -> float | None:
        read_s, share = self._known.get(pid, (float("-inf"), None))
        if pid and time.monotonic() - read_s >= MEMORY_EVERY_S:
            share = share_mb(pid)
            self._known[pid] = (time.monotonic(), share)
        return share


def _states(trunks: Iterable[TrunkState]) -> tuple[TrunkStatus, ...]:
    return tuple(TrunkStatus(*trunk) for trunk in trunks)


def _write(
    serving: Serving,
    draining: bool,
    cells: tuple[CellStatus, ...],
    others: dict[str, float | None],
    trunks: tuple[TrunkStatus, ...],
    alarms: Sequence[dict[str, Any]],
) -> None:
    flow = serving.flow_for("").name
    status = LineStatus(time.time(), os.getpid(), flow, draining, cells, others, trunks, merged(alarms))
    try:
        write_status(serving.line.calls, status)
    except OSError as error:
        serving.say(f"the status cannot be written: {error.strerror}", event="no_status", reason=str(error.strerror))


class _Cells:
    """The parent's side of a line of many cells."""

    def __init__(self, serving: Serving, count: int, room: Path) -> None:
        self._serving = serving
        self._socket, self._key = room / "voice", secrets.token_bytes(32)
        self._cells = [f"cell-{number}" for number in range(1, count + 1)]
        self._waiting = {"voice", *self._cells}
        self._refusal: tuple[str, str] | None = None
        self._memory = _Memory()
        workers = [Worker("voice", self._voice)]
        workers += [Worker(name, self._cell(number), carries=True) for number, name in enumerate(self._cells)]
        if serving.health is not None:
            workers.append(Worker("health", self._health))
        self._supervisor = Supervisor(workers, self._heard, self._second, serving.drain_s)

    def run(self) -> int:
        if self._serving.health is not None:
            self._probe_health(*self._serving.health)
        try:
            code = self._supervisor.run()
        finally:
            status_file(self._serving.line.calls).unlink(missing_ok=True)
        if self._refusal is not None:
            kind, sentence = self._refusal
            raise (PromptError if kind == "prompt" else SipError)(sentence)
        return code

    def _voice(self, tell: Tell) -> int:
        try:
            self._serving.prepare()
        except PromptError as error:
            tell({"event": "refused", "kind": "prompt", "sentence": str(error)})
            return 2
        tell({"event": "ready"})
        serve_prompts(self._serving.prompts, self._socket, self._key)
        return 0

    def _health(self, tell: Tell) -> int:
        assert self._serving.health is not None
        with health_server(*self._serving.health, self._serving.line.calls) as server:
            tell({"event": "ready"})
            server.serve_forever()
        return 0

    def _probe_health(self, host: str, port: int) -> None:
        try:
            health_server(host, port, self._serving.line.calls).server_close()
        except OSError as error:
            raise LineError(f"the health address {host}:{port} cannot be had: {error.strerror}") from None

    def _cell(self, number: int) -> Callable[[Tell], int]:
        line = self._serving.line
        own = replace(
            line,
            port=line.port + number if line.port else 0,
            rtp_port=line.rtp_port + number * CELLS_APART_PORTS if line.rtp_port else 0,
            sip_log=line.sip_log.with_name(f"{line.sip_log.name}.{number + 1}") if line.sip_log else None,
            trunks=replace(line.trunks, listen=line.trunks.listen.of_cell(number)),
            registers=number == 0,  # one registration each, at the address that spreads the calls
        )

        def task(tell: Tell) -> int:
            prompts: Prompts = RemotePrompts(self._socket, self._key)
            with signals() as came:
                try:
                    cell = Cell(
                        own,
                        self._serving.flow_for,
                        prompts,
                        notice=lambda what: tell(told(what)[1]),
                        flows=self._serving.flows,
                    )
                except SipError as error:
                    tell({"event": "refused", "kind": "sip", "sentence": str(error)})
                    return 2
                tell({"event": "ready", "address": cell.address, "legs": cell.legs})
                reaping = _Reaping(came)

                def pulse() -> None:
                    tell(
                        {
                            "event": "pulse",
                            "talking": cell.talking,
                            "rejected": cell.rejected,
                            "trunks": cell.trunks,
                            "alarms": cell.alarms,
                        }
                    )

                cell.run(reaping.stopping, reaping.draining, pulse)
            return 0

        return task

    def _heard(self, name: str, what: dict[str, Any]) -> None:
        match what["event"]:
            case "ready":
                self._is_ready(name)
            case "refused":
                self._refuse(what)
            case "died":
                text = f"{name} ended {what['how']} after {what['lived_s']:.0f} s and is started again"
                self._serving.say(text, cell=name, **what)
            case "answered" | "stored" | "not_stored" | "recovered":
                self._serving.say(_sentence(what), cell=name, **what)

    def _is_ready(self, name: str) -> None:
        if name in self._waiting:
            self._waiting.discard(name)
            if not self._waiting:
                cells = [each.told["ready"] for each in self._supervisor.running if each.worker.carries]
                self._serving.ready([cell["address"] for cell in cells], sum(cell["legs"] for cell in cells))

    def _refuse(self, what: dict[str, Any]) -> None:
        """Before the line is ready a worker that cannot do its work ends it; later it is tried again."""
        if self._waiting:
            self._refusal = self._refusal or (what["kind"], what["sentence"])
            os.kill(os.getpid(), signal.SIGINT)
        else:
            self._serving.say(what["sentence"], **what)

    def _second(self, running: Sequence[Running], draining: bool) -> None:
        cells = tuple(self._status(each) for each in running if each.worker.carries)
        others = {each.worker.name: self._memory.of(each.pid) for each in running if not each.worker.carries}
        registering = next(each for each in running if each.worker.carries)
        trunks = _states(TrunkState(*trunk) for trunk in registering.told.get("pulse", {}).get("trunks", ()))
        alarms = [alarm for each in running for alarm in each.told.get("pulse", {}).get("alarms", ())]
        _write(self._serving, draining, cells, {"parent": self._memory.of(os.getpid()), **others}, trunks, alarms)

    def _status(self, each: Running) -> CellStatus:
        ready, pulse = each.told.get("ready", {}), each.told.get("pulse", {})
        return CellStatus(
            name=each.worker.name,
            pid=each.pid,
            address=ready.get("address", ""),
            legs=ready.get("legs", 0),
            talking=pulse.get("talking", 0) if each.pid else 0,
            answered=each.heard.get("answered", 0),
            rejected=pulse.get("rejected", 0),
            restarts=each.restarts,
            up_s=round(time.monotonic() - each.started_s, 1) if each.pid else 0.0,
            pss_mb=self._memory.of(each.pid) if each.pid else None,
        )


def _sentence(what: dict[str, Any]) -> str:
    match what["event"]:
        case "answered":
            return told(CallAnswered(what["call"]))[0]
        case "stored":
            return told(CallStored(what["call"], Path(what["record"]), what["hung_up"], what["duration_s"]))[0]
        case "recovered":
            return told(CallRecovered(what["call"], Path(what["record"]), what["duration_s"]))[0]
    return told(CallNotStored(what["call"], Path(what["folder"]), what["reason"]))[0]
