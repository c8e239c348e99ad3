"""How many tests of flows run in a second: ``python benchmarks/flow_tests.py [flow files]`` (else the shipped).

Loading is not counted; it is told apart. One process, one core.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from statistics import median

from ivr.flow.load import load_flow
from ivr.flow.testing.coverage import coverage
from ivr.flow.testing.run import run_tests

ROUNDS = 30


def main(files: list[Path]) -> None:
    for file in files:
        begun = time.perf_counter()
        flow = load_flow(file)
        loaded_s = time.perf_counter() - begun
        took_s = []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            verdicts = run_tests(flow)
            took_s.append(time.perf_counter() - begun)
        steps = sum(len(test.steps) for test in flow.tests)
        seen = coverage(flow, verdicts)
        failed = sum(not verdict.passed for verdict in verdicts)
        print(
            f"{file.name}: {len(flow.nodes)} nodes, {len(verdicts)} tests with {steps} steps, {failed} failed; "
            f"load {1000 * loaded_s:.1f} ms, {len(verdicts) / median(took_s):.0f} tests a second; "
            f"nodes {seen.nodes.percent:.0f} %, exits {seen.exits.percent:.0f} %"
        )


if __name__ == "__main__":
    shipped = sorted((Path(__file__).parents[1] / "flows").rglob("*.yaml"))
    main([Path(name) for name in sys.argv[1:]] or shipped)
