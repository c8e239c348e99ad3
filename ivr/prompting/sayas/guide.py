"""The table of ``docs/prompts.md``: every kind of value in every language. ``python -m ivr.prompting.sayas.guide``."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.prompting.sayas import LANGUAGES, Value, say_as

EXAMPLES: tuple[tuple[str, Value], ...] = (
    ("digits", "47110"),
    ("number", 1021),
    ("number", -2.5),
    ("number/f", 21),
    ("ordinal", 3),
    ("ordinal/f", 3),
    ("money", "21.50 EUR"),
    ("date", "2026-12-24"),
    ("date/nom", "12-24"),
    ("day", "2026-12-24"),
    ("time", "10:30"),
    ("time/at", "10:30"),
    ("datetime", "2026-12-24T11:00"),
    ("duration", "1h21m"),
    ("duration/acc", "1m"),
    ("phone", "+47 22 33 44 55"),
    ("letters", "AB12"),
    ("yes_no", True),
)


def lines() -> Iterator[str]:
    """The rows, the heading first."""
    yield f"| gap, value | {' | '.join(LANGUAGES)} |"
    yield "|---" * (len(LANGUAGES) + 1) + "|"
    for written, value in EXAMPLES:
        kind, _, form = written.partition("/")
        words = [say_as(kind, value, language, form=form) for language in LANGUAGES]
        yield f"| {{x:{written}}}, {str(value).lower() if value is True else value} | {' | '.join(words)} |"


if __name__ == "__main__":
    print("\n".join(lines()))
