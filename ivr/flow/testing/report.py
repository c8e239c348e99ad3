"""What the tests of one or more flows came to: for the terminal, for JSON, and as JUnit XML for a build server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from ivr.flow.model import Flow
from ivr.flow.testing.coverage import Coverage, Share, coverage
from ivr.flow.testing.verdict import Verdict

SHOWN = 12


@dataclass(frozen=True, slots=True)
class FlowReport:
    """The tests of one flow. ``took_s`` is the real time that they took together."""

    flow: Flow
    verdicts: tuple[Verdict, ...]
    coverage: Coverage
    took_s: float

    @property
    def failed(self) -> int:
        """How many tests did not hold."""
        return sum(not verdict.passed for verdict in self.verdicts)


def report(flow: Flow, verdicts: Sequence[Verdict], took_s: float) -> FlowReport:
    """The report of these verdicts."""
    return FlowReport(flow, tuple(verdicts), coverage(flow, verdicts), took_s)


def as_lines(told: FlowReport) -> Iterator[str]:
    """One line for each failed test, then the sum, then what no test has come to."""
    file = told.flow.file
    for verdict in told.verdicts:
        if not verdict.passed:
            yield verdict.told(file)
    if not told.verdicts:
        yield f"{file}: no tests. Write some under `tests:`, as in [silence, silence, silence, reaches: person]."
        return
    seen = told.coverage
    passed = len(told.verdicts) - told.failed
    speed = f", {len(told.verdicts) / told.took_s:.0f} a second" if told.took_s > 0 else ""
    yield (
        f"{file}: {passed} passed, {told.failed} failed{speed}; "
        f"nodes {_share(seen.nodes)}, exits {_share(seen.exits)}, languages {_share(seen.languages)}"
    )
    for what, share in (("nodes", seen.nodes), ("exits", seen.exits), ("languages", seen.languages)):
        if share.missing:
            more = f", and {len(share.missing) - SHOWN} more" if len(share.missing) > SHOWN else ""
            yield f"  {what} that no test comes to: {', '.join(share.missing[:SHOWN])}{more}"


def as_json(reports: Sequence[FlowReport]) -> dict[str, Any]:
    """Everything, as plain JSON values."""
    return {
        "tests": sum(len(told.verdicts) for told in reports),
        "failed": sum(told.failed for told in reports),
        "flows": [_flow_json(told) for told in reports],
    }


def as_junit(reports: Sequence[FlowReport]) -> str:
    """One test suite for each flow, one test case for each test."""
    root = ElementTree.Element("testsuites", _counts(reports))
    for told in reports:
        suite = ElementTree.SubElement(root, "testsuite", {"name": told.flow.name, **_counts([told])})
        for verdict in told.verdicts:
            at = {"file": told.flow.file, "line": str(verdict.test.line)}
            case = ElementTree.SubElement(suite, "testcase", {"name": _legal(verdict.test.name), **at})
            case.set("classname", told.flow.name)
            case.set("time", f"{told.took_s / len(told.verdicts):.6f}")
            if not verdict.passed:
                said = {"message": _legal(verdict.why), "type": verdict.step.word if verdict.step else ""}
                ElementTree.SubElement(case, "failure", said).text = _legal(verdict.told(told.flow.file))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _counts(reports: Sequence[FlowReport]) -> dict[str, str]:
    return {
        "tests": str(sum(len(told.verdicts) for told in reports)),
        "failures": str(sum(told.failed for told in reports)),
        "errors": "0",
        "time": f"{sum(told.took_s for told in reports):.6f}",
    }


def _flow_json(told: FlowReport) -> dict[str, Any]:
    seen = told.coverage
    return {
        "flow": told.flow.name,
        "file": told.flow.file,
        "took_s": round(told.took_s, 6),
        "coverage": {
            "nodes": _share_json(seen.nodes),
            "exits": _share_json(seen.exits),
            "languages": _share_json(seen.languages),
        },
        "tests": [_verdict_json(verdict) for verdict in told.verdicts],
    }


def _verdict_json(verdict: Verdict) -> dict[str, Any]:
    step = verdict.step
    return {
        "name": verdict.test.name,
        "line": verdict.test.line,
        "passed": verdict.passed,
        "failed_at": {"line": step.line, "column": step.column, "step": step.word} if step else None,
        "why": verdict.why,
        "path": verdict.path,
        "exits": verdict.exits,
        "heard": verdict.heard,
        "length_s": round(verdict.length_s, 3),
    }


def _share_json(share: Share) -> dict[str, Any]:
    return {"done": share.done, "of": share.of, "percent": round(share.percent, 1), "missing": share.missing}


def _share(share: Share) -> str:
    return f"{share.done} of {share.of} ({share.percent:.0f} %)"


def _legal(text: str) -> str:
    """Without the control characters that XML has no way to write."""
    return "".join(character if character.isprintable() or character == "\n" else "?" for character in text)
