"""Values as they are heard: said by the shipped English voice, through G.711, and recognised."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.hearing import heard_on_the_phone, word_errors
from ivr.commands import Phrase
from ivr.prompting import PromptLibrary

TEXTS = """
balance: "Your balance is {x:money}."
due: "Your bill is due on {x:date}."
visit: "We will see you on {x:day}."
hour: "The technician comes {x:time/at}."
place: "You are number {x:number} in the queue."
wait: "It takes about {x:duration}."
"""
# prompt, value, and the ways in which the recogniser may write what it hears
SAID = [
    ("balance", "12.50 EUR", ["12 euros and 50 cents", "twelve euros and fifty cents"]),
    ("due", "2026-12-24", ["december 24, 2026", "december 24th, 2026", "december twenty-fourth, twenty twenty-six"]),
    ("visit", "2026-12-08", ["tuesday, december 8", "tuesday, december 8th", "tuesday, december eighth"]),
    ("hour", "10:30", ["at 10.30 am", "at 10.30 a.m.", "at ten thirty am"]),
    ("place", 7, ["seven", "7"]),
    ("wait", "20m", ["twenty minutes", "20 minutes"]),
]


@pytest.mark.engine
def test_values_are_understood_on_the_phone(tmp_path: Path) -> None:
    brand = tmp_path / "brand"
    brand.mkdir()
    voices = "name: A\nvoices:\n  en: {engine: hibari, voice: heart, speed: 0.76}\n"
    (brand / "brand.yaml").write_text(voices, encoding="utf-8")
    (brand / "en.yaml").write_text(TEXTS, encoding="utf-8")
    library = PromptLibrary.open(brand, tmp_path / "cache")
    errors = words = 0
    told = []
    for prompt, value, ways in SAID:
        phrase = Phrase(prompt, "en", (("x", value),))
        understood = heard_on_the_phone(library.audio(phrase))
        written = library.catalog.prompt(prompt, "en").template.parts
        texts = ["".join(part if isinstance(part, str) else way for part in written) for way in ways]
        wrong, of = min(word_errors(text, understood) for text in texts)
        errors, words = errors + wrong, words + of
        told.append((understood, wrong))
    assert errors / words <= 0.05, told
