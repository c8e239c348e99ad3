"""How long the flow language takes: reading and checking files of many nodes, and one step of a call.

    python benchmarks/flow.py

Exits with 1 when a figure misses its target: 1,000 nodes are checked in less than 1 s, the time grows with the length
of the file (a node costs at most half as much again among 10,000 as among 1,000: caches overflow), ``advance`` takes
at most 20 µs (median, 200 nodes).
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from random import Random
from statistics import median

from ivr.events import CallStarted, DigitPressed, Event, PromptEnded, TimerExpired
from ivr.flow.check import check_paths
from ivr.flow.interpret import State, advance, begin
from ivr.flow.load import parse_flow
from ivr.flow.speech import understand, words_of

GUIDES = Path(__file__).parents[1] / "docs"
MENU = {
    "bills": ("bill", "my invoice", "payment"),
    "faults": ("broken", "not working", "report a fault"),
    "feedback": ("complaint", "compliment"),
    "person": ("agent", "somebody", "speak to a person"),
}
CHECK_S, GROWTH, ADVANCE_US = 1.0, 1.5, 20.0
LENGTHS = (200, 1000, 3000, 10_000)


def flow_of(nodes: int) -> str:
    """Menus, announcements and branches, as a supervisor would write them."""
    lines = []
    for number in range(nodes // 4):
        onward = f"n{number + 1}" if number + 1 < nodes // 4 else "last"
        lines += [
            f"  n{number}: {{menu: main_menu, keys: {{1: s{number}, 2: {onward}, 3: n0}}, tries: 2}}  # choices",
            f"  s{number}: {{say: bills, next: c{number}}}",
            f"  c{number}: {{set: {{visits: visits + 1}}, next: b{number}}}",
            f"  b{number}: {{branch: {{visits > {number}: last}}, else: {onward}}}",
        ]
    return "\n".join(["flow: long", "variables: {visits: 0}", "nodes:", *lines, "  last: {end: goodbye}", ""])


def check_s(nodes: int) -> float:
    """The shortest of three times in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "flow.yaml"
        file.write_text(flow_of(nodes), encoding="utf-8")
        times = []
        for _ in range(3):
            began = time.perf_counter()
            problems = check_paths([file])
            times.append(time.perf_counter() - began)
    assert not [problem for problem in problems if problem.severity == "error"]
    return min(times)


def advance_us(calls: int = 300) -> tuple[float, float]:
    """Median and 99th percentile in microseconds over calls that press, are silent and listen, always the same ones."""
    flow, dice, times = parse_flow(flow_of(200)), Random(1), []
    for _ in range(calls):
        state = begin(flow)
        for _ in range(40):
            event = _next(state, dice)
            began = time.perf_counter_ns()
            state, _ = advance(flow, state, event)
            times.append((time.perf_counter_ns() - began) / 1000)
            if state.phase == "ended":
                break
    return median(times), sorted(times)[int(len(times) * 0.99)]


def false_accepts(utterances: int = 20_000) -> float:
    """The share of random utterances (1 to 4 words of the guides, none of them in the menu) taken for an answer."""
    text = " ".join(path.read_text(encoding="utf-8") for path in sorted(GUIDES.glob("*.md")))
    expected = {word for phrases in MENU.values() for phrase in phrases for word in words_of(phrase)}
    known = sorted({word for word in words_of(text) if word.isalpha() and len(word) > 1} - expected)
    dice = Random(1)
    said = [" ".join(dice.choices(known, k=dice.randint(1, 4))) for _ in range(utterances)]
    return sum(understand(words, 1.0, MENU, 0.6).answer is not None for words in said) / utterances


def _next(state: State, dice: Random) -> Event:
    if state.phase == "new":
        return CallStarted(0.0, "4711", "5060")
    if state.timer and dice.random() < 0.5:
        return TimerExpired(1.0, state.timer)
    if state.playing and dice.random() < 0.5:
        return PromptEnded(1.0, state.playing)
    return DigitPressed(1.0, dice.choice("12123*7"))


def main() -> int:
    """Measure, print, and judge."""
    checks = {nodes: check_s(nodes) for nodes in LENGTHS}
    middle, slow = advance_us()
    for nodes, seconds in checks.items():
        print(f"ivr check, {nodes:6,} nodes   {seconds:7.3f} s   {seconds / nodes * 1e6:5.0f} µs a node")
    print(f"advance, 200 nodes        {middle:7.1f} µs median   {slow:.1f} µs 99th percentile")
    print(f"spoken answers            {false_accepts():7.2%} of random utterances are taken for an answer")
    missed = [
        checks[1000] > CHECK_S,
        checks[10_000] > 10 * GROWTH * checks[1000],
        middle > ADVANCE_US,
    ]
    return int(any(missed))


if __name__ == "__main__":
    sys.exit(main())
