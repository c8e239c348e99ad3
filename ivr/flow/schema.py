"""The flow language's words: what may be written, and what it means. Strangers' YAML enters here, nowhere else.

Every scalar arrives as the text that was written (see document.py); the types below read it. Each says what was wrong
and what to write instead. A node kind's own schema lives with its behaviour, in ``ivr/flow/nodes/<kind>.py``.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, NoReturn

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from ivr.flow.policy import WORDS

DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m)")
UNIT_S = {"ms": 0.001, "s": 1.0, "m": 60.0}
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
KEYS = "0123456789*#"
SUFFIXES = (".yaml", ".yml")
SHARE = re.compile(r"\d(\.\d+)?")


def refuse(what: str, remedy: str, why: str = "") -> NoReturn:
    """Stop the reading of one value; load.py adds the place."""
    raise PydanticCustomError("flow", "{what}", {"what": what, "remedy": remedy, "why": why})


def shape(value: object) -> str:
    """What was found, in a supervisor's words."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "`key: value` pairs"
    return "a list" if isinstance(value, list) else f"'{value}'"


def read_seconds(value: object, zero: bool = False) -> float:
    """``6s``, ``500ms``, ``2m`` → seconds, at most an hour; more than 0 unless ``zero`` is allowed."""
    found = DURATION.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        refuse(f"expected a duration, found {shape(value)}", "write a number with its unit: 6s, 500ms or 2m")
    seconds = float(found[1]) * UNIT_S[found[2]]
    if not 0 < seconds <= 3600 and not (zero and seconds == 0):
        least = "at least" if zero else "more than"
        refuse(f"the duration '{value}' is out of range", f"write {least} 0s and at most 60m")
    return seconds


def read_flag(value: object) -> bool:
    """``true`` or ``false``."""
    if value not in ("true", "false"):
        refuse(f"expected true or false, found {shape(value)}", "write true or false")
    return value == "true"


def read_count(value: object, least: int, most: int) -> int:
    """A whole number between ``least`` and ``most``."""
    number = int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 8 else None
    if number is None or not least <= number <= most:
        refuse(f"expected a whole number, found {shape(value)}", f"write a number from {least} to {most}")
    return number


def read_name(value: object) -> str:
    """The name of a node, a prompt or a target: letters, digits and underscores, not beginning with a digit."""
    if not isinstance(value, str) or not value.isidentifier():
        remedy = "write one word of letters, digits and _ that does not begin with a digit"
        refuse(f"expected a name, found {shape(value)}", remedy)
    return value


def read_node_name(value: object) -> str:
    """The name of a node; ``repeat`` and ``back`` are words of the language."""
    name = read_name(value)
    if name in WORDS:
        refuse(f"'{name}' is a word of the language and names no node", "choose another name for the node")
    return name


def read_callee(value: object) -> str:
    """A node of this file, or another flow's file, beside this one."""
    if isinstance(value, str) and value.endswith(SUFFIXES) and not value.startswith(("/", "~")) and "\\" not in value:
        return value
    if isinstance(value, str) and ("/" in value or "." in value):
        remedy = "write the path from this file's folder, with slashes and its ending, as in parts/identify.yaml"
        refuse(f"'{value}' is neither a node nor a flow's file", remedy)
    return read_node_name(value)


def read_returns(value: object) -> tuple[str, ...]:
    """The words with which a flow returns to whoever called it: one or a list of them, each once."""
    words = [read_return(word) for word in (value if isinstance(value, list) else [value])]
    if not words or len(set(words)) < len(words):
        refuse("expected the words that the flow returns, each once", "write them as in [known, unknown]")
    return tuple(words)


def read_return(value: object) -> str:
    """A word that a flow returns; ``call`` and ``next`` are the names of other exits."""
    word = read_name(value)
    if word in ("call", "next"):
        refuse(f"'{word}' cannot be returned: it is the name of another exit", "choose another word")
    return word


def read_prompts(value: object) -> tuple[str, ...]:
    """The id of one prompt or a list of them, at least one."""
    names = value if isinstance(value, list) else [value]
    if not names:
        refuse("expected a prompt id, found an empty list", "name at least one prompt")
    for name in names:
        if not isinstance(name, str) or not name.isidentifier():
            remedy = "write the id of a prompt, one word; its text stands in the brand's prompts"
            refuse(f"expected a prompt id, found {shape(name)}", remedy)
    return tuple(names)


def read_language(value: object) -> str:
    """A language tag: ``en``, ``uk``, ``pt-BR``."""
    if not isinstance(value, str) or not LANGUAGE.fullmatch(value):
        refuse(f"expected a language, found {shape(value)}", "write a language tag, such as en or pt-BR")
    return value


def read_languages(value: object) -> tuple[str, ...]:
    """One language tag or a list of them, each once: ``en``, ``uk``, ``pt-BR``."""
    tags = value if isinstance(value, list) else [value]
    odd = [tag for tag in tags if not (isinstance(tag, str) and LANGUAGE.fullmatch(tag))]
    if odd or not tags:
        refuse(f"expected a language, found {shape(odd[0] if odd else None)}", "write language tags, as in [en, uk]")
    if len(set(tags)) < len(tags):
        refuse("a language is listed twice", "list each language once")
    return tuple(tags)


def read_keys(value: object) -> str:
    """One key of the telephone, or up to four in a row."""
    if not isinstance(value, str) or not 1 <= len(value) <= 4 or not set(value) <= set(KEYS):
        remedy = "write one of 0 to 9, '*' or '#', or up to four of them in a row"
        refuse(f"{shape(value)} is no key of a telephone", remedy)
    return value


def read_key(value: object) -> str:
    """One key of the telephone."""
    if not isinstance(value, str) or len(value) != 1 or value not in KEYS:
        refuse(f"{shape(value)} is no key of a telephone", "write one of 0 to 9, '*' or '#'")
    return value


def read_jump(value: object) -> str | None:
    """Where a key leads that works everywhere: a node, ``repeat``, ``back``, or nothing at all."""
    return None if value is None else read_name(value)


def read_pairs(value: object) -> object:
    """Pairs of a key and what it does."""
    if not isinstance(value, dict):
        refuse(f"expected keys and where they lead, found {shape(value)}", "write pairs, as in {1: bills, 2: faults}")
    return value


def read_share(value: object) -> float:
    """A number above 0 and up to 1."""
    if not isinstance(value, str) or not SHARE.fullmatch(value) or not 0 < float(value) <= 1:
        refuse(f"expected a share, found {shape(value)}", "write a number above 0 and up to 1, such as 0.6")
    return float(value)


def read_phrases(value: object) -> tuple[str, ...]:
    """What a caller may say, in a few words each: one phrase or a list of them."""
    phrases = value if isinstance(value, list) else [value]
    odd = [phrase for phrase in phrases if not isinstance(phrase, str) or not re.search(r"\w", phrase)]
    if odd or not phrases:
        refuse(f"expected words to say, found {shape(odd[0] if odd else None)}", "write them as in [bill, my invoice]")
    return tuple(phrases)


def read_formula(value: object) -> str:
    """An expression as it was written; load.py compiles it."""
    if not isinstance(value, str) or not value.strip():
        refuse(f"expected an expression, found {shape(value)}", "write it as in balance > 100.0, a text as in 'gold'")
    return value


def read_values(value: object) -> object:
    """What fills the gaps of a prompt: names with expressions, or a list of variables under their own names."""
    if isinstance(value, list):
        return {read_name(name): name for name in value}
    if not isinstance(value, dict):
        refuse(f"expected values, found {shape(value)}", "write variables, as in [balance], or {due: result.due}")
    return value


def read_names(value: object) -> object:
    """Names with other names, or a list of names that stand for themselves."""
    if isinstance(value, list):
        return {read_name(name): name for name in value}
    if not isinstance(value, dict):
        refuse(f"expected names, found {shape(value)}", "write a list, as in [account], or pairs, as in {id: account}")
    return value


Seconds = Annotated[float, BeforeValidator(read_seconds)]
SecondsOrNone = Annotated[float, BeforeValidator(lambda value: read_seconds(value, zero=True))]
Flag = Annotated[bool, BeforeValidator(read_flag)]
Tries = Annotated[int, BeforeValidator(lambda value: read_count(value, 1, 9))]
Steps = Annotated[int, BeforeValidator(lambda value: read_count(value, 10, 10_000))]
Name = Annotated[str, BeforeValidator(read_name)]
NodeName = Annotated[str, BeforeValidator(read_node_name)]
Prompts = Annotated[tuple[str, ...], BeforeValidator(read_prompts)]
Callee = Annotated[str, BeforeValidator(read_callee)]
Returning = Annotated[str, BeforeValidator(read_return)]
Returns = Annotated[tuple[str, ...], BeforeValidator(read_returns)]
ReturnMap = Annotated[dict[Returning, NodeName], BeforeValidator(read_pairs)]
Languages = Annotated[tuple[str, ...], BeforeValidator(read_languages)]
Key = Annotated[str, BeforeValidator(read_key)]
Keys = Annotated[str, BeforeValidator(read_keys)]
KeyMap = Annotated[dict[Keys, NodeName], BeforeValidator(read_pairs)]
NameMap = Annotated[dict[Name, Name], BeforeValidator(read_names)]
Share = Annotated[float, BeforeValidator(read_share)]
Phrases = Annotated[tuple[str, ...], BeforeValidator(read_phrases)]
WordMap = Annotated[dict[NodeName, Phrases], BeforeValidator(read_pairs)]
Language = Annotated[str, BeforeValidator(read_language)]
Formula = Annotated[str, BeforeValidator(read_formula)]
FormulaMap = Annotated[dict[Name, Formula], BeforeValidator(read_pairs)]
ValueMap = Annotated[dict[Name, Formula], BeforeValidator(read_values)]
JumpMap = Annotated[dict[Key, Annotated[str | None, BeforeValidator(read_jump)]], BeforeValidator(read_pairs)]


class Section(BaseModel):
    """A part of a flow file; a key that it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_by_alias=True)


def words(schema: type[BaseModel]) -> tuple[str, ...]:
    """The keys that a section knows, as they are written."""
    return tuple(field.alias or name for name, field in schema.model_fields.items())


class Interruptible(Section):
    """Policy of whatever can be talked over with a key."""

    barge_in: Flag | None = None
    anywhere: JumpMap | None = None


class Asking(Interruptible):
    """Policy of whatever waits for an answer."""

    no_input: Seconds | None = None
    inter_digit: Seconds | None = None
    term: SecondsOrNone | None = None
    tries: Tries | None = None
    no_input_says: Prompts | None = None
    no_match_says: Prompts | None = None
    give_up: NodeName | None = None


class Header(Section):
    """The flow as a whole.

    ``start`` is the first node unless named; ``returns`` are the words with which a flow that others call comes back
    to them; ``nodes`` are read one by one by their kinds, ``hours`` by
    hours.py, ``tests`` by testing.
    """

    flow: Name
    languages: Languages = ("en",)
    start: NodeName | None = None
    returns: Returns = ()
    max_steps: Steps = 200
    max_time: Seconds = 3600.0
    defaults: Asking = Asking()
    groups: dict[Name, Asking] = Field(default_factory=dict)
    variables: FormulaMap = Field(default_factory=dict)
    hours: dict[Name, Any] = Field(default_factory=dict)
    nodes: dict[str, Any]
    tests: Any = None
