"""A line under short, rude calls, to see whether it lives: ``python -m benchmarks.soak [MINUTES] [SEED]``.

Four callers at a time ring a line of four legs, press keys into its prompts, talk over them, leave messages, and hang
up after a few seconds, in the middle of whatever is said. So players, recorders and taps come and go as fast as they
can, which is what once ended a line with a segmentation fault. The line is a process of its own under ``faulthandler``;
spoken input goes to the packaged recogniser. Prints what was done, and exits with 1 when the line died, lost a call's
record, or grew by more than half.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

from benchmarks.cells import Tones
from clearline.vcon import read_vcon
from ivr.cell import Cell
from ivr.flow.load import parse_flow
from ivr.line import LineSettings
from ivr.sip.accounts import Accounts
from ivr.sip.call import SipCall
from ivr.sip.endpoint import Endpoint
from ivr.sip.errors import NotACallable, RequestRefused
from ivr.sip.media import Player, Switchboard
from ivr.tones import silence, tone, write_wav

FLOW = """
flow: soak
defaults: {no_input: 1s, tries: 9, give_up: main}
nodes:
  hello: {say: [hello, news], next: may}
  may: {consent: recording, yes: main, no: main}
  main:
    menu: [main_menu, more]
    keys: {1: main, 2: message, 3: bills, 4: who}
    words: {bills: [bill, invoice], message: [message]}
  bills: {say: [bills, news, more], next: main}
  who: {ask: number, digits: 2, next: bills}
  message: {record: message, max: 3s, silence: 1s, next: main}
"""
LEGS, WORDS_S = 4, 0.35
COUNTED = ("play", "stop_playing", "digit_pressed", "listen_for", "speech_started", "speech_heard", "record_message")


class Caller:
    """One call: keys and noise at random moments, then the end."""

    def __init__(self, endpoint: Endpoint, account: Accounts, line: str, noise: Path, dice: Random) -> None:
        self._endpoint, self._dice, self._noise = endpoint, dice, noise
        self._board = Switchboard()
        self._player: Player | None = None
        self._next_s = self._end_s = time.monotonic() + 60
        self.over = False
        self.call: SipCall = account.ring(line)
        self.call.on_connected = self._connected
        self.call.on_media = lambda: self._board.renew(self.call)
        self.call.on_ended = lambda ended: self._over()

    def _connected(self) -> None:
        now_s = time.monotonic()
        self._next_s, self._end_s = now_s + 0.1, now_s + self._dice.uniform(0.5, 6.0)

    def tick(self, now_s: float) -> None:
        """Whatever is due."""
        if self.over:
            return
        if now_s >= self._end_s:
            self.call.hang_up()
            self._end_s = now_s + 5.0
        elif now_s >= self._next_s:
            self._next_s = now_s + self._dice.uniform(0.05, 0.9)
            self._speak() if self._dice.random() < 0.3 else self._press()

    def _press(self) -> None:
        try:
            self.call.press(self._dice.choice("1112334#90*"), "rfc4733", 60)
        except RequestRefused:
            pass

    def _speak(self) -> None:
        self._hush()
        self._player = Player(self._endpoint, [self._noise], ended=self._hush)
        self._board.connect(self._player, self.call)

    def _hush(self) -> None:
        player, self._player = self._player, None
        if player is not None:
            self._board.disconnect(player)
            player.close()

    def _over(self) -> None:
        self._hush()
        self.over = True


def line(folder: Path) -> int:
    """The line's process: up until its standard input ends."""
    tones = folder / "tones"
    tones.mkdir()
    settings = LineSettings(port=0, calls=folder / "calls", legs=LEGS)
    stored: list[str] = []
    cell = Cell(
        settings, parse_flow(FLOW), Tones(tones, WORDS_S), notice=lambda notice: stored.append(type(notice).__name__)
    )
    print(json.dumps({"address": cell.address}), flush=True)
    stop = folder / "stop"
    warm_kb = 0

    def stopping() -> bool:
        nonlocal warm_kb
        warm_kb = warm_kb or (_resident_kb() if len(stored) > 100 else 0)
        return stop.exists()

    cell.run(stopping)
    print(json.dumps({"warm_kb": warm_kb, "end_kb": _resident_kb(), **Counter(stored)}), flush=True)
    return 0


def _resident_kb() -> int:
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() // 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def ring(address: str, folder: Path, minutes: float, dice: Random) -> int:
    """Four callers at a time for so long; how many calls there were."""
    noise = folder / "noise.wav"
    write_wav(noise, tone(180, 0.3, 9000) + silence(0.1) + tone(230, 0.3, 9000))
    endpoint = Endpoint("127.0.0.1", 0, agent="Clearline soak")
    account = Accounts(endpoint, lambda call: call.decline())
    callers: list[Caller] = []
    made, until_s = 0, time.monotonic() + 60 * minutes
    while time.monotonic() < until_s or callers:
        callers = [caller for caller in callers if not caller.over]
        if len(callers) < LEGS and time.monotonic() < until_s:
            try:
                callers.append(Caller(endpoint, account, address, noise, dice))
                made += 1
            except NotACallable:
                pass  # the leg of the call before is not free yet
        endpoint.tick()
        for caller in callers:
            caller.tick(time.monotonic())
    endpoint.close()
    return made


def main() -> int:
    """Run, print, judge."""
    if sys.argv[1:2] == ["line"]:
        return line(Path(sys.argv[2]))
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 3.0
    dice = Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = [sys.executable, "-X", "faulthandler", "-m", "benchmarks.soak", "line", name]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        made = ring(json.loads(process.stdout.readline())["address"], folder, minutes, dice)
        (folder / "stop").touch()
        told, _ = process.communicate(timeout=60)
        found: Counter[str] = Counter()
        for file in (folder / "calls").glob("*/*/call.vcon.json"):
            found["records"] += 1
            found.update(step["kind"] for step in read_vcon(file).attached("clearline.steps"))
    print(f"{made} calls in {minutes:g} minutes, exit code of the line {process.returncode}")
    if process.returncode:
        return 1
    end = json.loads(told)
    print(", ".join(f"{kind} {found[kind]}" for kind in COUNTED))
    print(f"answered {end.get('CallAnswered', 0)}, records {found['records']}")
    print(f"memory after 100 calls {end['warm_kb'] // 1024} MB, at the end {end['end_kb'] // 1024} MB")
    lost = end.get("CallAnswered", 0) - found["records"]
    return int(bool(lost) or end["end_kb"] > 1.5 * (end["warm_kb"] or end["end_kb"]))


if __name__ == "__main__":
    sys.exit(main())
