"""Refusals, complaint, offers for sale and touchpoints as the report shows them. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from speechqa.report import labels
from speechqa.report.marks import Tone
from speechqa.report.reading import Document, Stretch, amount, clock, number, part, rows, stretch, text
from speechqa.report.scorecard import Cost

MOST_QUOTES = 4
HABIT_NAMES = {"footballer": "footballer’s no", "nurse": "nurse’s no"}
MOOD_TONES: dict[str, Tone] = {"dissatisfied": "bad", "satisfied": "plain", "delighted": "good"}


@dataclass(frozen=True, slots=True)
class Refusal:
    """One no of the agent: what stood beside it (``chips``: name and whether), and what to say instead."""

    when: Stretch | None
    quote: str
    chips: tuple[tuple[str, bool], ...]
    habit: str
    say_instead: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the complaint view; ``met`` None where it is neither good nor bad."""

    name: str
    met: bool | None
    places: tuple[Cost, ...]
    more: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """One touchpoint; ``left`` and ``width`` are percent of the whole journey, ``starts`` is its time on the clock."""

    kind: str
    name: str
    when: Stretch | None
    starts: str
    length: str
    outcome: str
    mood: str
    tone: Tone
    reason: str
    left: float
    width: float


def refusals(document: Document) -> list[Refusal]:
    """Every no in order."""
    names = (("acknowledges", "acknowledged"), ("explains", "with a reason"), ("offers_instead", "with a way out"))
    return [
        Refusal(
            stretch(row),
            text(row.get("quote")),
            tuple((name, row.get(key) is True) for key, name in names),
            HABIT_NAMES.get(text(row.get("pattern")), "") + _again(number(row.get("repeats"))),
            text(row.get("say_instead")),
        )
        for row in rows(document, "refusals")
    ]


def _again(repeats: float | None) -> str:
    return f", said {repeats + 1:.0f} times" if repeats else ""


def complaint(document: Document) -> list[Line]:
    """What became of the complaint; empty where there was none."""
    found = part(document, "complaint")
    if not found:
        return []
    quotes = tuple(_place(row) for row in rows(found, "quotes"))
    more = f"and {len(quotes) - MOST_QUOTES} more" if len(quotes) > MOST_QUOTES else ""
    lines = [Line("The customer complained", None, quotes[:MOST_QUOTES], more)]
    for key, name, missed in (
        ("acknowledged", "Acknowledged", "Not acknowledged"),
        ("asked_wish", "Asked what the customer wishes", "Not asked what the customer wishes"),
        ("solution", "Solution offered", "No solution offered"),
        ("next_step", "Next step with a date", "No next step with a date"),
        ("accepted", "The customer accepted", ""),
    ):
        answer = part(found, key)
        if answer:
            after = number(answer.get("after_s"))
            lines.append(
                Line(name, True, (_place(answer),), f"after {amount(after, 's')}" if after is not None else "")
            )
        elif missed:
            lines.append(Line(missed, False, ()))
    return [*lines, *_more(found), _resolved(found)]


def _more(found: Document) -> list[Line]:
    lines = []
    if rude := tuple(_place(row) for row in rows(found, "rude")):
        lines.append(Line("Rude to the customer", False, rude))
    if threats := tuple(_place(row) for row in rows(found, "threats")):
        lines.append(Line("The customer threatened or insulted", None, threats[:MOST_QUOTES]))
    for hint in rows(found, "hints"):
        name = labels.name(labels.COMPLAINERS, text(hint.get("kind")))
        lines.append(Line(f"Speaks for: {name}", None, (_place(hint),), "set by the reviewer"))
    return lines


def _resolved(found: Document) -> Line:
    resolved = found.get("resolved")
    if resolved is True:
        return Line("Settled: the customer was content in the end", True, ())
    if resolved is False:
        return Line("Not settled", False, ())
    return Line("Whether it was settled cannot be told", None, ())


def _place(row: Document) -> Cost:
    return Cost(text(row.get("quote")), None, stretch(row))


def offers(document: Document) -> list[Line]:
    """What was offered for sale, and whether the agent then kept quiet."""
    found = []
    for row in rows(document, "offers"):
        quiet = number(row.get("quiet_s"))
        open_ = row.get("complaint_open") is True
        more = "then said nothing more" if quiet is None else f"then quiet for {amount(quiet, 's', 1)}"
        name = "Offered for sale while the complaint was open" if open_ else "Offered for sale"
        found.append(Line(name, False if open_ else None, (_place(row),), more))
    return found


def touchpoints(document: Document) -> list[Contact]:
    """The journey of the call in order."""
    spans = [
        (start, end, row)
        for row in rows(document, "touchpoints")
        if (start := number(row.get("start_s"))) is not None and (end := number(row.get("end_s"))) is not None
    ]
    first, last = min((s for s, _, _ in spans), default=0.0), max((e for _, e, _ in spans), default=0.0)
    return [_contact(start, end, row, first, max(last - first, 1e-6)) for start, end, row in spans]


def _contact(start: float, end: float, row: Document, first: float, whole: float) -> Contact:
    kind, mood = text(row.get("kind")), text(row.get("mood"))
    left_open = number(row.get("questions_open")) or 0
    asked = f" {left_open:.0f} question{'' if left_open == 1 else 's'} of the customer left open." if left_open else ""
    sign = "−" if start < 0 else ""
    return Contact(
        kind=labels.name(labels.CONTACTS, kind),
        name=text(row.get("name")),
        when=Stretch(start, max(start, end)) if start >= 0 else None,
        starts=f"{sign}{clock(abs(start))}",
        length=clock(end - start) if end - start >= 60 else amount(end - start, "s"),
        outcome=text(row.get("outcome")).replace("_", " "),
        mood=mood,
        tone=MOOD_TONES.get(mood, "plain"),
        reason=text(row.get("reason")) + asked,
        left=round(100 * (start - first) / whole, 2),
        width=round(100 * max(0.0, end - start) / whole, 2),
    )


@dataclass(frozen=True, slots=True)
class Scored:
    """One criterion of the score with the places that it rests on."""

    name: str
    points: float | None
    highest: float | None
    value: str
    reason: str
    critical: bool
    places: tuple[Cost, ...]


def scored(document: Document) -> list[tuple[str, list[Scored]]]:
    """The criteria of the score by section, in order."""
    found = []
    for section in rows(part(document, "score"), "sections"):
        criteria: list[Scored] = []
        found.append((labels.name(labels.SECTIONS, text(section.get("id"))), criteria))
        for row in rows(section, "criteria"):
            value, id_ = number(row.get("value")), text(row.get("id"))
            said = labels.SCORED[id_].format(value) if value is not None and id_ in labels.SCORED else ""
            places = tuple(place for e in rows(row, "evidence") if (place := _place(e)).when)
            criteria.append(
                Scored(
                    name=said or labels.name({}, id_),
                    points=number(row.get("points")),
                    highest=number(row.get("max")),
                    value="" if said or value is None else f"{value:g}",
                    reason=text(row.get("reason")) or text(row.get("advice")),
                    critical=row.get("critical") is True,
                    places=places,
                )
            )
    return found


def proposal(document: Document) -> Document:
    """What a language model proposed, as it stands in the document; empty where none was asked."""
    return part(document, "proposal")
