"""The score as people read it: total, sections, and what the points were lost on, with the second to listen to.

Nothing is judged here. The criteria of a section (rows of ``id``, ``points``, ``max``, ``value``) that lost points
are listed with what each lost; below them the places in the call, which carry no points of their own. A section
without criteria may bring its own ``costs`` (rows of ``text``, ``points``, ``start_s``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from speechqa.report import labels, marks
from speechqa.report.reading import Document, Stretch, amount, number, part, party, points, rows, stretch, text

FULL_MARKS = 100.0


@dataclass(frozen=True, slots=True)
class Cost:
    """One reason for lost points; ``points`` (positive) and the place where known."""

    text: str
    points: float | None = None
    when: Stretch | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the score; ``points`` is None where it was not measured."""

    id: str
    name: str
    points: float | None
    highest: float | None
    costs: tuple[Cost, ...] = ()

    @property
    def lost(self) -> float:
        """Points lost, 0 when not measured."""
        return 0.0 if self.points is None or self.highest is None else max(0.0, self.highest - self.points)

    @property
    def share(self) -> float | None:
        """Points of the highest possible, 0-1."""
        if self.points is None or not self.highest:
            return None
        return min(1.0, max(0.0, self.points / self.highest))


@dataclass(frozen=True, slots=True)
class Finding:
    """One place in the call worth hearing. ``serial`` numbers it from 1 in order of time."""

    serial: int
    rule: str
    party: str
    when: Stretch | None
    quote: str
    say_instead: str
    why: str
    credit: bool

    @property
    def name(self) -> str:
        """The rule's name."""
        return labels.name(labels.RULES, self.rule)


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion of the ending; ``met`` is None where it could not be judged."""

    id: str
    name: str
    met: bool | None
    evidence: tuple[Cost, ...]
    reason: str = ""

    @property
    def missed(self) -> str:
        """What is said of a call that missed it."""
        return labels.name(labels.UNMET, self.id)


def total(document: Document) -> float | None:
    """Points of 100."""
    return number(part(document, "score").get("total"))


def sections(document: Document) -> list[Section]:
    """The sections in the document's order."""
    return [_section(document, row) for row in rows(part(document, "score"), "sections")]


def verdict(document: Document) -> str:
    """The points and where most were lost, or the document's own sentence; then what the score is to be doubted for."""
    caveat = text(part(document, "score").get("caveat"))
    return f"{_verdict(document)} {caveat}".strip()


def _verdict(document: Document) -> str:
    if own := text(part(document, "score").get("verdict")):
        return own
    reached = total(document)
    if reached is None:
        return "This call has no score: not everything could be measured."
    lost = sorted((s for s in sections(document) if s.lost >= 0.5), key=lambda s: -s.lost)[:2]
    if not lost:
        return f"{reached:.0f} of 100 points: nothing lost in any section that was measured."
    where = " and ".join(f"{s.name.lower()} (−{points(s.lost)})" for s in lost)
    return f"{reached:.0f} of 100 points. Most were lost on {where}."


def findings(document: Document) -> list[Finding]:
    """Every finding in order of time, those without a time last."""
    placed = [(stretch(row), row) for row in rows(document, "findings")]
    placed.sort(key=lambda pair: (pair[0] is None, pair[0] or Stretch(0, 0)))
    return [_finding(serial, when, row) for serial, (when, row) in enumerate(placed, 1)]


def criteria(document: Document) -> list[Criterion]:
    """The criteria of the ending in the document's order."""
    return [_criterion(row) for row in rows(part(document, "ending"), "criteria")]


def advice(document: Document) -> list[Cost]:
    """The document's coaching lines, plain strings or rows with ``text`` and a place."""
    given = document.get("advice")
    lines = given if isinstance(given, list | tuple) else []
    found = [Cost(text(line)) if isinstance(line, str) else _line(line) for line in lines]
    return [line for line in found if line.text]


def _line(row: object) -> Cost:
    if not isinstance(row, Mapping):
        return Cost("")
    return Cost(text(row.get("text")) or text(row.get("reason")), number(row.get("points")), stretch(row))


def _finding(serial: int, when: Stretch | None, row: Document) -> Finding:
    rule = text(row.get("rule")) or "finding"
    credit = row.get("credit")
    return Finding(
        serial=serial,
        rule=rule,
        party=party(row.get("party")) or "agent",
        when=when,
        quote=text(row.get("quote")),
        say_instead=text(row.get("say_instead")),
        why=text(row.get("why")),
        credit=credit if isinstance(credit, bool) else rule in labels.CREDITED_RULES,
    )


def _criterion(row: Document) -> Criterion:
    id_ = text(row.get("id")) or "criterion"
    met = row.get("met")
    evidence = tuple(Cost(text(e.get("quote")), None, stretch(e)) for e in rows(row, "evidence"))
    known = tuple(e for e in evidence if e.text or e.when)
    known_met = met if isinstance(met, bool) else None
    return Criterion(id_, labels.name(labels.CRITERIA, id_), known_met, known, text(row.get("reason")))


def _section(document: Document, row: Document) -> Section:
    id_ = text(row.get("id")) or "section"
    name = text(row.get("name")) or text(row.get("title")) or labels.name(labels.SECTIONS, id_)
    bare = Section(id_, name, number(row.get("points")), number(row.get("max")))
    own = tuple(cost for cost in map(_line, rows(row, "costs")) if cost.text)
    missed = _missed(row)
    told = own if own and not missed else (*missed, *_facts(document, row, id_))
    costs = told if own or bare.lost else ()
    return Section(bare.id, bare.name, bare.points, bare.highest, costs)


def _missed(section: Document) -> list[Cost]:
    """The section's criteria that lost points, dearest first."""
    lost = []
    for row in rows(section, "criteria"):
        earned, highest, value = (number(row.get(key)) for key in ("points", "max", "value"))
        if earned is not None and highest is not None and highest - earned >= 0.05:
            lost.append(Cost(_scored(text(row.get("id")), value), highest - earned))
    return sorted(lost, key=lambda cost: -(cost.points or 0.0))


def _scored(criterion: str, value: float | None) -> str:
    if value is not None and criterion in labels.SCORED:
        return labels.SCORED[criterion].format(value)
    return labels.name({}, criterion) + (f": {value:g}" if value is not None else "")


def _facts(document: Document, row: Document, section: str) -> tuple[Cost, ...]:
    """The section's places in the call; what its criteria say already is left out."""
    found = _FACTS[section](document) if section in _FACTS else []
    return tuple(cost for cost in found if cost.when or section == "ending" or not rows(row, "criteria"))


def _pace(document: Document) -> list[Cost]:
    wpm = number(part(document, "pace", "agent").get("speech_rate_wpm"))
    rate = [Cost(f"Agent speaks {amount(wpm, 'wpm')}")] if wpm is not None else []
    return rate + [
        _cost(mark, f" at {mark.wpm:.0f} wpm" if mark.wpm else "") for mark in marks.fast_passages(document, "agent")
    ]


def _pauses(document: Document) -> list[Cost]:
    return [_cost(mark) for mark in marks.long_pauses(document) if mark.party == "agent"]


def _overlaps(document: Document) -> list[Cost]:
    kinds = ("interruption", "attempt")
    return [_cost(mark) for mark in marks.overlaps(document) if mark.party == "agent" and mark.kind in kinds]


def _silences(document: Document) -> list[Cost]:
    return [_cost(mark) for mark in marks.silences(document) if mark.kind == "dead_air"]


def _wording(document: Document) -> list[Cost]:
    return [Cost(finding.name, None, finding.when) for finding in findings(document) if not finding.credit]


def _ending(document: Document) -> list[Cost]:
    return [Cost(c.missed, None, _first(c)) for c in criteria(document) if c.met is False]


def _first(criterion: Criterion) -> Stretch | None:
    return next((e.when for e in criterion.evidence if e.when), None)


def _cost(mark: marks.Mark, more: str = "") -> Cost:
    return Cost(f"{mark.name}{more}, {mark.when.length_s:.1f} s", None, mark.when)


_FACTS: Mapping[str, Callable[[Document], list[Cost]]] = {
    "pace": _pace,
    "pauses": _pauses,
    "overlaps": _overlaps,
    "listening": _overlaps,
    "turns": _overlaps,
    "silence": _silences,
    "silences": _silences,
    "wording": _wording,
    "ending": _ending,
}
