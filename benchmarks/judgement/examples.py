"""Labelled texts of calls (`tests/data/judgement`): how they are written, read and checked.

One folder per language with two files: ``development.yaml`` may be looked into when a lexicon is worked on,
``sealed.yaml`` is only run. Every ending has a truth for each criterion, ``null`` where nobody can tell; what two
reviewers could argue about is in ``open`` and not counted.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from speechqa import facts
from speechqa.conversation import PARTIES, Conversation, Party, Word
from speechqa.exchange.transcript import spread
from speechqa.measures.ending import CRITERIA
from speechqa.timeline import Span, Timeline

FOLDER = Path(__file__).parents[2] / "tests" / "data" / "judgement"
LANGUAGES = ("en", "uk", "ru", "nb", "ro", "lt")
HALVES = ("development", "sealed")
AVOID = tuple(rule for rule in facts.AVOID if rule != "upsell_after_complaint")
"""An example is a few turns; whether a complaint was open takes a call."""
CREDIT = facts.CREDIT
RULES = AVOID + CREDIT

BEFORE = {
    "en": "I am calling because my line at home has not worked since the storm, I have tried everything with the box,"
    " I switched it off and on, I changed the cable, and my neighbour has looked at it too.",
    "uk": "Я дзвоню, бо в мене вдома після грози не працює лінія, я вже все перепробував із цією коробкою, вимикав,"
    " вмикав, міняв кабель, переставляв її в іншу кімнату, і сусід теж на неї подивився.",
    "ru": "Я звоню, потому что у меня дома после грозы не работает линия, я уже всё перепробовал с этой коробкой,"
    " выключал её, включал, менял кабель, переставлял её в другую комнату, и сосед тоже на неё посмотрел.",
    "nb": "Jeg ringer fordi linja hjemme ikke har virket siden uværet, jeg har prøvd alt med boksen, jeg har slått den"
    " av og på, jeg har byttet kabel, og naboen min har også sett på den.",
    "ro": "Sun pentru că acasă linia nu mai merge de la furtună, am încercat de toate cu cutia, am oprit-o,"
    " am pornit-o, am schimbat cablul, am mutat-o în altă cameră, și s-a uitat la ea și vecinul meu.",
    "lt": "Skambinu, nes namuose po audros neveikia linija, su ta dėžute jau viską išbandžiau, ją išjungiau, vėl"
    " įjungiau, pakeičiau laidą, perkėliau ją į kitą kambarį, ir mano kaimynas į ją taip pat pažiūrėjo.",
}
"""What the customer says in the call before an ending: an ending is the end of a longer call."""
BEFORE_S, PAUSE_S = 15.0, 0.4

Half = Literal["development", "sealed"]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class ExamplesError(Exception):
    """A file of examples is not written as it should be; the message names the file and the place."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ExampleTurn(_Strict):
    """What one party said without the other taking the floor; seconds from the start of the call."""

    party: Party
    start_s: Seconds
    end_s: Seconds
    text: Annotated[str, Field(min_length=1)]

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if self.end_s <= self.start_s:
            raise ValueError(f"the turn at {self.start_s} s does not end after it starts")
        return self


class _Example(_Strict):
    id: Annotated[str, Field(pattern=r"^[a-z]{2}-(development|sealed)-(ending|wording)-\d{2}$")]
    turns: Annotated[tuple[ExampleTurn, ...], Field(min_length=1)]
    open: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        starts = [turn.start_s for turn in self.turns]
        if starts != sorted(starts):
            raise ValueError("the turns are not in order of time")
        return self


class EndingExample(_Example):
    """The last turns of a call and what a reviewer says of each criterion."""

    about: str
    duration_s: Seconds
    hung_up: Party | None
    truth: dict[str, bool | None]

    @model_validator(mode="after")
    def _labelled(self) -> Self:
        told = [*self.truth, *self.open]
        if sorted(told) != sorted(CRITERIA):
            raise ValueError("truth and open together must name every criterion once")
        if self.duration_s < self.turns[-1].end_s:
            raise ValueError("the call ends before its last turn does")
        return self


class WordingExample(_Example):
    """One or a few turns and the rules that they meet."""

    hits: tuple[str, ...]

    @model_validator(mode="after")
    def _labelled(self) -> Self:
        told = [*self.hits, *self.open]
        if strange := [each for each in told if each not in RULES]:
            raise ValueError(f"there is no rule {strange[0]!r}")
        if len(set(told)) < len(told):
            raise ValueError("a rule is named twice")
        return self


class Examples(_Strict):
    """One file."""

    language: str
    half: Half
    endings: tuple[EndingExample, ...]
    wording: tuple[WordingExample, ...]

    @model_validator(mode="after")
    def _ids(self) -> Self:
        ids = [each.id for each in (*self.endings, *self.wording)]
        if len(set(ids)) < len(ids):
            raise ValueError("an id is used twice")
        if strange := [each for each in ids if not each.startswith(f"{self.language}-{self.half}-")]:
            raise ValueError(f"{strange[0]} does not belong into this file")
        return self


def read_examples(language: str, half: str, *, folder: Path = FOLDER) -> Examples:
    """The examples of a language's half; raises `ExamplesError`."""
    path = folder / language / f"{half}.yaml"
    try:
        return Examples.model_validate(_yaml(path))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ExamplesError(f"{path}: {place}: {first['msg']}") from error


def _yaml(path: Path) -> Any:
    try:
        return YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ExamplesError(f"{path} cannot be read: {error.strerror}") from error
    except (YAMLError, UnicodeDecodeError) as error:
        raise ExamplesError(f"{path} is not sound YAML: {' '.join(str(error).split())}") from error


def whole_call(example: EndingExample, language: str) -> Conversation:
    """The ending with what the customer said just before it, unless the agent is never there."""
    began_s = example.turns[0].start_s
    until_s = began_s - PAUSE_S
    turns = example.turns
    if any(turn.party == "agent" for turn in turns) and until_s > BEFORE_S:
        earlier = ExampleTurn(party="customer", start_s=until_s - BEFORE_S, end_s=until_s, text=BEFORE[language])
        turns = (earlier, *turns)
    return conversation_of(turns, language, example.duration_s, example.hung_up)


def conversation_of(
    turns: tuple[ExampleTurn, ...], language: str, duration_s: float, hung_up: Party | None = None
) -> Conversation:
    """The turns as a conversation: each is speech from end to end, its words spread over it by their letters."""
    words = [
        Word(turn.party, word.text, word.start_s, word.end_s)
        for turn in turns
        for word in spread(turn.text, turn.party, turn.start_s, turn.end_s)
    ]
    return Conversation(
        duration_s=duration_s,
        language=language,
        speech={
            party: Timeline(Span(turn.start_s, turn.end_s) for turn in turns if turn.party == party)
            for party in PARTIES
        },
        words=tuple(sorted(words, key=lambda word: (word.start_s, word.end_s, word.party))),
        hung_up=hung_up,
    )
