"""How the agent listened: first minute, patience, questions, pace among others and under pressure: tiles and rows."""

from __future__ import annotations

from dataclasses import dataclass

from speechqa.conversation import Party
from speechqa.report import labels
from speechqa.report.marks import Tone
from speechqa.report.reading import (
    Document,
    Stretch,
    amount,
    number,
    part,
    party,
    percent,
    rows,
    stretch,
    text,
)

DEAD_AIR_S = 3.0
"""From here on a silence is dead air, no patience."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure with what it means; ``when`` is the place to listen to."""

    name: str
    value: str
    meaning: str = ""
    when: Stretch | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with its answer; ``delay`` says how long after the question's end."""

    party: Party
    when: Stretch
    quote: str
    outcome: str
    name: str
    tone: Tone
    answer: str
    answered: Stretch | None
    delay: str


def tiles(document: Document) -> list[Tile]:
    """The figures that were measured, in the order of a call."""
    found = (_first_minute(document), _patience(document), _answers(document), _monologue(document))
    return [tile for tile in (*found, _pressure(document), *_standings(document)) if tile is not None]


def _first_minute(document: Document) -> Tile | None:
    share = number(part(document, "listening").get("agent_first_minute_listening_share"))
    if share is None:
        return None
    return Tile("Listened in the first minute", percent(share), "the customer’s share of the talk")


def _patience(document: Document) -> Tile | None:
    patience = part(document, "patience")
    median = number(patience.get("median_s"))
    if median is None:
        return None
    left = stretch(part(patience, "longest_left"))
    if left is None or left.length_s >= DEAD_AIR_S:
        return Tile("Waits in the customer’s silence", amount(median, "s", 2), "median before speaking")
    longest = f"median; up to {amount(left.length_s, 's', 1)} left for the customer to go on"
    return Tile("Waits in the customer’s silence", amount(median, "s", 2), longest, left)


def _answers(document: Document) -> Tile | None:
    found = [each for each in asked(document) if each.party == "customer"]
    if not found:
        return None
    taken = sum(each.outcome in ("answered", "asked_back") for each in found)
    open_ = next((each.when for each in found if each.outcome not in ("answered", "asked_back")), None)
    return Tile(
        "Customer’s questions taken up",
        f"{taken} of {len(found)}",
        "listen to the first open one" if open_ else "",
        open_,
    )


def _monologue(document: Document) -> Tile | None:
    listening = part(document, "listening")
    longest_s = number(listening.get("agent_longest_monologue_s"))
    if longest_s is None:
        return None
    when = stretch(part(listening, "agent_longest_monologue"))
    return Tile("Agent’s longest stretch", amount(longest_s, "s"), "without an answer", when)


def _pressure(document: Document) -> Tile | None:
    pressure = part(document, "pressure")
    ratio = number(pressure.get("acceleration"))
    if ratio is None:
        return None
    rates = [amount(number(pressure.get(key))) for key in ("rate_wpm", "own_norm_wpm")]
    first = next((when for row in rows(pressure, "moments") if (when := stretch(row))), None)
    change = f"{100 * (ratio - 1):+.0f} %".replace("-", "−")
    return Tile("Pace under pressure", change, f"{rates[0]} against {rates[1]} words/min otherwise", first)


def _standings(document: Document) -> list[Tile]:
    found = []
    for row in rows(document, "standings"):
        place, calls = number(row.get("percentile")), number(row.get("calls"))
        if text(row.get("rate")) != "speech_rate_wpm" or calls is None:
            continue
        group = f"team {text(row.get('name'))}" if row.get("against") == "team" else "all in this language"
        if place is None:
            found.append(Tile(f"Pace among {group}", "–", f"{calls:.0f} calls are too few to compare with"))
        else:
            median = amount(number(row.get("median")), "words/min")
            found.append(
                Tile(f"Pace among {group}", f"{ordinal(place)} percentile", f"of {calls:.0f} calls; middle {median}")
            )
    return found


def ordinal(value: float) -> str:
    """``93rd`` for 92.9."""
    whole = round(value)
    ending = "th" if whole % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(whole % 10, "th")
    return f"{whole}{ending}"


def asked(document: Document) -> list[Asked]:
    """Every question in order."""
    found = []
    for row in rows(document, "questions"):
        who, when = party(row.get("party")), stretch(row)
        if who is None or when is None:
            continue
        answer, outcome = part(row, "answer"), text(row.get("outcome")) or "unanswered"
        found.append(
            Asked(
                party=who,
                when=when,
                quote=text(row.get("quote")),
                outcome=outcome,
                name=labels.name(labels.OUTCOMES, outcome),
                tone="good" if outcome == "answered" else "plain" if outcome == "asked_back" else "bad",
                answer=text(answer.get("quote")),
                answered=stretch(answer),
                delay=_delay(number(answer.get("delay_s"))),
            )
        )
    return found


def _delay(delay_s: float | None) -> str:
    if delay_s is None:
        return ""
    return f"after {amount(delay_s, 's', 1)}" if delay_s >= 0 else f"{amount(-delay_s, 's', 1)} before the end"


def question_figures(document: Document, who: Party) -> dict[str, str]:
    """How many questions that party asked, and how many were left open."""
    measured = isinstance(document.get("questions"), list | tuple)
    own = [each for each in asked(document) if each.party == who]
    left = sum(each.outcome in ("unanswered", "put_off") for each in own)
    return {
        "Questions asked": str(len(own)) if measured else "–",
        "of these left open": str(left) if measured else "–",
    }


def filler_figures(document: Document, who: Party) -> dict[str, str]:
    """Filled pauses that were recognised: a lower bound."""
    fillers = part(document, "fillers", who)
    found = fillers.get("found")
    if not isinstance(found, list | tuple):
        return {"Filled pauses heard": "–"}
    rate = number(fillers.get("per_minute"))
    return {"Filled pauses heard": f"{len(found)}" + (f" ({amount(rate, '/min', 1)})" if found and rate else "")}
