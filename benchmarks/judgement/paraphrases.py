"""Ways to say the same, against the rules of the lexicons: ``python -m benchmarks.judgement.paraphrases``.

    python -m benchmarks.judgement.paraphrases [--show uk]

`tests/data/paraphrases` has, for each language and rule, sentences that an agent could say (``said``) and sentences
that only look like it (``traps``), written before anybody looked at the lexicon's phrases. Lexicons are worked on with
two thirds of them; every third one is *kept back*, is never listed here, and shows what it does with other words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer
from pydantic import BaseModel, ConfigDict, Field, RootModel
from ruamel.yaml import YAML

from speechqa.conversation import Word
from speechqa.lexicon import Lexicon
from speechqa.measures.wording import says
from speechqa.rubric.load import load_lexicon
from speechqa.sentences import sentences

FOLDER = Path(__file__).parents[2] / "tests" / "data" / "paraphrases"
LANGUAGES = ("en", "uk", "ru", "nb", "ro", "lt")
EVERY = 3
Part = Literal["worked", "kept back"]
PARTS: tuple[Part, ...] = ("worked", "kept back")


class Paraphrases(BaseModel):
    """One rule's sentences."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    said: Annotated[tuple[str, ...], Field(min_length=10)]
    traps: Annotated[tuple[str, ...], Field(min_length=5)]


class _File(RootModel[dict[str, Paraphrases]]):
    pass


@dataclass(frozen=True, slots=True)
class Outcome:
    """One sentence: whether the rule should be met, and whether it was."""

    rule: str
    text: str
    part: Part
    wanted: bool
    found: bool


def read_paraphrases(language: str) -> dict[str, Paraphrases]:
    """A language's sentences by rule."""
    text = (FOLDER / f"{language}.yaml").read_text(encoding="utf-8")
    return _File.model_validate(YAML(typ="safe").load(text)).root


def outcomes(language: str) -> Iterator[Outcome]:
    """Every sentence of a language, in the order of the file."""
    lexicon = load_lexicon(language)
    for rule, each in read_paraphrases(language).items():
        for texts, wanted in ((each.said, True), (each.traps, False)):
            for i, text in enumerate(texts):
                part: Part = "kept back" if i % EVERY == EVERY - 1 else "worked"
                yield Outcome(rule, text, part, wanted, met(rule, text, lexicon))


def met(rule: str, text: str, lexicon: Lexicon) -> bool:
    """Whether an agent who says the text meets the rule."""
    words = [Word("agent", each, i * 0.3, i * 0.3 + 0.25) for i, each in enumerate(text.split())]
    return any(says(lexicon.rules[rule], each, lexicon) for each in sentences(words, lexicon, marks=True))


def share_found(among: Sequence[Outcome], part: Part, *, wanted: bool) -> float:
    """The share of sentences of one part and sort that met their rule."""
    asked = [each.found for each in among if each.part == part and each.wanted is wanted]
    return sum(asked) / len(asked)


def main(
    show: Annotated[str | None, typer.Option(help="List what this language's lexicon gets wrong, worked part.")] = None,
) -> None:
    """Print, for each language, how many paraphrases are found and how many traps are fallen into."""
    if show is not None:
        for each in outcomes(show):
            if each.part == "worked" and each.found is not each.wanted:
                print(f"{each.rule:18} {'missed' if each.wanted else 'TRAPPED':8} {each.text}")
        return
    print("| | found, worked | found, kept back | traps, worked | traps, kept back |\n|---|---|---|---|---|")
    for language in LANGUAGES:
        among = list(outcomes(language))
        shares = [share_found(among, part, wanted=wanted) for wanted in (True, False) for part in PARTS]
        print(f"| {language} | " + " | ".join(f"{each:.2f}" for each in shares) + " |")


if __name__ == "__main__":
    typer.run(main)
