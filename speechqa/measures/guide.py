"""The guide to the measures: a tour with examples, then their own docstrings, so that it cannot say anything else.

``python -m speechqa.measures.guide > docs/measures.md``
"""

from __future__ import annotations

import importlib
import re
from pathlib import Path

PAGES = (
    ("speechqa.alignment", "Alignment of the sides"),
    ("speechqa.twins", "Fake stereo"),
    ("speechqa.roles", "Roles"),
    ("speechqa.mono", "Mono recordings"),
    ("speechqa.engines.bleed", "Bleed"),
    ("speechqa.engines.sounds", "Music, tones and keys"),
    ("speechqa.turns", "Turns"),
    ("speechqa.measures.pace", "Pace"),
    ("speechqa.measures.spoken", "Spoken words and syllables"),
    ("speechqa.measures.pressure", "Pace under pressure"),
    ("speechqa.measures.standing", "Standing among the team's calls"),
    ("speechqa.measures.pauses", "Pauses"),
    ("speechqa.measures.fillers", "Filled pauses"),
    ("speechqa.measures.silences", "Silences"),
    ("speechqa.measures.overlaps", "Overlaps"),
    ("speechqa.measures.completion", "Finished or cut off"),
    ("speechqa.measures.latency", "Response latency"),
    ("speechqa.measures.patience", "Patience"),
    ("speechqa.measures.listening", "Listening"),
    ("speechqa.measures.questions", "Questions"),
    ("speechqa.measures.names", "Names"),
    ("speechqa.measures.wording", "Wording"),
    ("speechqa.measures.tone", "Tone"),
    ("speechqa.measures.ending", "Ending"),
    ("speechqa.measures.situation", "Situation of the ending"),
    ("speechqa.measures.refusals", "Refusals"),
    ("speechqa.measures.feelings", "Feelings in words"),
    ("speechqa.measures.emotion", "Emotion curve"),
    ("speechqa.engines.prosody", "Pitch and level of a voice"),
    ("speechqa.measures.conflict", "Conflict and its stages"),
    ("speechqa.measures.conduct", "Conduct in a conflict"),
    ("speechqa.measures.habits", "Footballer and nurse"),
    ("speechqa.measures.complaint", "Complaint"),
    ("speechqa.measures.offers", "Offers for sale"),
    ("speechqa.measures.touchpoints", "Touchpoints"),
    ("speechqa.confidence", "Confidence of the score"),
    ("speechqa.measures.level", "Level"),
    ("speechqa.measures.loss", "Packet loss heard"),
    ("speechqa.measures.bandwidth", "Bandwidth"),
    ("speechqa.measures.dead_line", "Dead line"),
)
OPENING = """# The measures

What `speechqa` measures on a call, how each measure is defined, its default, where it comes from and where it ends.
Times are seconds from the start of the call, intervals half-open, and every rate names its denominator. A field is
`null` where it was not measured; then a sentence in `notes` says why. The document's form is
`speechqa/analysis.schema.json`.

Two warnings before any number is used to judge a person. The limits of 160 and 180 words a minute are vendor
practice, not research. That the end of a call weighs most (the peak-end rule) is a hypothesis on phone calls, not a
finding.

The words of a language are `speechqa/rubric/<language>.yaml` and, for feelings, `speechqa/rubric/emotion/`, the
points `speechqa/rubric/standard.yaml`; all are data. How a language is spoken (syllables, filled pauses) is
`clearline/speaking.yaml`. This page is made from the tour beside the measures and from their own descriptions:
`python -m speechqa.measures.guide > docs/measures.md`.

"""
TOUR = Path(__file__).with_name("tour.md")
DEFINITIONS = """
# Definitions
"""
_LABEL = re.compile(r"^(Definition|Default|Source|Limits)[.:] ", re.MULTILINE)


def guide() -> str:
    """The page in Markdown."""
    return (
        OPENING
        + TOUR.read_text(encoding="utf-8")
        + DEFINITIONS
        + "".join(_section(module, title) for module, title in PAGES)
    )


def _section(module: str, title: str) -> str:
    doc = (importlib.import_module(module).__doc__ or "").strip()
    body = _LABEL.sub(r"\n**\1.** ", _tables(doc).replace("``", "`"))
    return f"\n## {title}\n\n`{module}`. {re.sub(chr(10) + '{3,}', chr(10) * 2, body)}\n"


def _tables(doc: str) -> str:
    """Tables ruled with equals signs stand as they are, in a code block."""
    return re.sub(r"^(=+ +=+\n.*?\n=+ +=+)$", r"```\n\1\n```", doc, flags=re.MULTILINE | re.DOTALL)


if __name__ == "__main__":
    print(guide(), end="")
