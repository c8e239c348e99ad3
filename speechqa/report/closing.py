"""How far the score may be trusted, and how the call ended: the lines beside the criteria. Pure."""

from __future__ import annotations

from speechqa.report import labels, marks
from speechqa.report.reading import Document, number, part, party, rows, stretch, text
from speechqa.report.scorecard import Cost


def doubts(document: Document) -> list[str]:
    """Why a human must look at the score, as the document says it."""
    given = part(document, "score").get("doubts")
    return [line for each in (given if isinstance(given, list | tuple) else ()) if (line := text(each))]


def changes(document: Document) -> list[str]:
    """What would have changed the total most."""
    found = [(text(row.get("criterion")), number(row.get("total"))) for row in rows(part(document, "score"), "changes")]
    return [f"{labels.name({}, name)} in full: {total:.0f} of 100" for name, total in found if total is not None]


def better_ending(document: Document) -> str:
    """The ending that the agent could have said, empty where there is none."""
    return text(part(document, "ending", "better").get("text"))


def how_it_ended(document: Document) -> str:
    """Why criteria do not apply, who hung up and how fast."""
    closing = part(document, "ending")
    who, after_s = party(closing.get("hung_up")), number(closing.get("hung_up_after_s"))
    after = f" {after_s:.1f} s after the last word" if after_s is not None else ""
    hung_up = f"The {who} hung up{after}." if who else ""
    return " ".join(each for each in (text(part(closing, "situation").get("reason")), hung_up) if each)


def last_words(document: Document) -> list[Cost]:
    """What was said in the ending's window: each turn with its party and place."""
    window = marks.ending_window(document)
    found = []
    for row in rows(document, "turns"):
        when, said = stretch(row), text(row.get("text"))
        if window and when and said and when.end_s > window.start_s:
            found.append(Cost(f"{labels.name(labels.PARTIES, text(row.get('party')))}: {said}", None, when))
    return found
