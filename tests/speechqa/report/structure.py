"""A page as its elements, by the standard library's parser: what is where, and whether it closes."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "input", "img", "hr"}


@dataclass
class Element:
    """One element; ``text`` is all text inside it."""

    tag: str
    attributes: dict[str, str | None]
    text: str = ""
    inside: tuple[str, ...] = ()


@dataclass
class Structure(HTMLParser):
    """Every element in order, and the tags that were opened or closed wrongly."""

    elements: list[Element] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs), inside=tuple(e.tag for e in self._open))
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, dict(attrs), inside=tuple(e.tag for e in self._open)))

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1].tag == tag:
            self._open.pop()
        else:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """The elements of that tag with those attributes (``class_`` matches one of the classes)."""
        classes = attributes.pop("class_", None)
        found = [e for e in self.elements if e.tag == tag and attributes.items() <= e.attributes.items()]
        return [e for e in found if classes is None or classes in (e.attributes.get("class") or "").split()]


def structure(page: str) -> Structure:
    """Parse a whole page."""
    parsed = Structure()
    parsed.feed(page)
    parsed.close()
    parsed.wrong += [element.tag for element in parsed._open]
    return parsed
