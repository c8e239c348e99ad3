"""Example values for the gaps of a prompt, so that it can be heard as a caller would hear it."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.prompting.placeholders import Placeholder, Template
from ivr.prompting.sayas import Value

NAMES = {"uk": "Марія", "ru": "Мария", "lt": "Marija"}
EXAMPLES: dict[str, tuple[Value, Value]] = {
    "digits": ("40718", "9026"),
    "number": (1, 23),
    "ordinal": (1, 12),
    "money": ("12.50 EUR", "1.00 EUR"),
    "date": ("2026-12-24", "2027-05-01"),
    "day": ("2026-12-24", "2027-05-01"),
    "time": ("10:30", "16:00"),
    "datetime": ("2026-12-24T10:30", "2027-05-01T16:00"),
    "duration": ("5m", "1m"),
    "phone": ("+4722334455", "+442079460123"),
    "letters": ("AB12", "KX7"),
    "yes_no": (True, False),
}
"""Two values of each kind, chosen so that singular and plural, full and broken hours are heard."""


def example_values(template: Template, language: str) -> Iterator[tuple[tuple[str, Value], ...]]:
    """The values to prove a text with: none for one without gaps, else two sets."""
    gaps = [part for part in template.parts if isinstance(part, Placeholder)]
    if not gaps:
        yield ()
        return
    for which in (0, 1):
        yield tuple((gap.name, _example(gap, which, language)) for gap in gaps)


def _example(gap: Placeholder, which: int, language: str) -> Value:
    pair = EXAMPLES.get(gap.kind)
    return NAMES.get(language.split("-")[0], "Maria") if pair is None else pair[which]
