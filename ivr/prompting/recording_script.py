"""A recording script for a voice artist: one page of HTML that prints well, prompts in the order that calls hear."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ivr.prompting.brand import lexicon_of
from ivr.prompting.catalog import Prompt
from ivr.prompting.importing import expected_s
from ivr.prompting.library import PromptLibrary
from ivr.prompting.recordables import recordables
from ivr.prompting.takes import Standing, read_takes, standings

FALLBACK = "en"
Section = tuple[str, Sequence[str]]
"""A heading and the ids under it."""
KIND_WORDS = {"text": "a word or name", "money": "a sum", "phone": "a phone number", "yes_no": "yes or no"}


@dataclass(frozen=True, slots=True)
class ToRead:
    """One take: its file's name, what is read, about how long it is, whether it was recorded before."""

    name: str
    text: str
    seconds: float
    standing: Standing | None


@dataclass(frozen=True, slots=True)
class Line:
    """One prompt as the artist sees it: ``parts`` are words and gaps (True), ``takes`` what is to be recorded of it."""

    id: str
    parts: tuple[tuple[str, bool], ...]
    note: str
    foreign_note: bool
    said: tuple[tuple[str, str], ...]
    takes: tuple[ToRead, ...]

    @property
    def whole(self) -> bool:
        """Whether it is recorded in one go."""
        return not any(gap for _, gap in self.parts)

    @property
    def seconds(self) -> float:
        """How long its takes are, about."""
        return sum(take.seconds for take in self.takes)


def script_html(library: PromptLibrary, language: str, sections: Sequence[Section]) -> str:
    """The page; prompts that no section names come last. Raises a ``PromptError``."""
    from jinja2 import Environment, FileSystemLoader

    lines = _lines(library, language)
    parted = _parted(lines, sections)
    to_record = [(title, [line for line in part if line.takes]) for title, part in parted]
    shown = [(title, part) for title, part in to_record if part]
    spoken = [line for line in lines.values() if not line.takes]
    page = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True)
    return page.get_template("recording_script.html.jinja").render(
        brand=library.catalog.brand,
        language=language,
        tone=library.catalog.brand.tone.get(language),
        sections=shown,
        spoken=spoken,
        pieced=any(not line.whole for _, part in shown for line in part),
        count=sum(len(line.takes) for _, part in shown for line in part),
        minutes=sum(line.seconds for _, part in shown for line in part) / 60,
    )


def _parted(lines: Mapping[str, Line], sections: Sequence[Section]) -> list[tuple[str, list[Line]]]:
    """Each line once, under the first section that names it."""
    left = dict(lines)
    parted = [(title, [left.pop(id) for id in ids if id in left]) for title, ids in sections]
    return [*parted, ("Further prompts", list(left.values()))]


def _lines(library: PromptLibrary, language: str) -> dict[str, Line]:
    prompts = library.catalog.prompts[language]
    known = standings(prompts, read_takes(library.catalog.folder))
    return {id: _line(library, prompt, known) for id, prompt in prompts.items()}


def _line(library: PromptLibrary, prompt: Prompt, known: Mapping[str, Standing]) -> Line:
    written = "".join(part if isinstance(part, str) else part.name for part in prompt.template.parts)
    note = prompt.note or _note(library, prompt.id)
    return Line(
        id=prompt.id,
        parts=tuple((p, False) if isinstance(p, str) else (_gap(p.name, p.kind), True) for p in prompt.template.parts),
        note=note,
        foreign_note=bool(note) and not prompt.note,
        said=_said(written, lexicon_of(library.catalog.brand, prompt.language)),
        takes=tuple(
            ToRead(each.name, each.text, expected_s(each.text), known.get(each.name)) for each in recordables(prompt)
        ),
    )


def _note(library: PromptLibrary, id: str) -> str:
    """What the English catalogue says of a prompt, where the language's own says nothing."""
    english = library.catalog.prompts.get(FALLBACK, {}).get(id)
    return english.note if english is not None else ""


def _gap(name: str, kind: str) -> str:
    return f"{name.replace('_', ' ')}: {KIND_WORDS.get(kind, kind)}"


def _said(text: str, lexicon: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The words of this text that are said otherwise than they are written."""
    return tuple(
        (word, said)
        for word, said in lexicon.items()
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)
    )
