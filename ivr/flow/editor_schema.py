"""The flow language as a JSON Schema (draft 2020-12), for editors that complete and check while one types.

It is made from the pydantic models, so a new kind of node or a new word is in it at once. An editor sees YAML's own
types where the language sees text: what is a duration or a name there is a text with a pattern here. The schema takes
whatever the loader takes; the loader finds more (links, order, meaning).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from ivr.flow.nodes import KINDS
from ivr.flow.schema import DURATION, LANGUAGE, Header
from ivr.flow.testing.script import BEGINNINGS, PRESS, WORDS
from ivr.flow.world import CALLBACKS, QUEUES, TRANSFERS

DIALECT = "https://json-schema.org/draft/2020-12/schema"
NAME = {"type": "string", "pattern": r"^[^\s\d\W]\S*$"}
CALLEE = {"anyOf": [NAME, {"type": "string", "pattern": r"^[^/~\\][^\\]*\.ya?ml$"}]}
SCALAR = {"type": ["string", "number", "boolean"]}
SECONDS = {"type": "string", "pattern": f"^{DURATION.pattern}$", "examples": ["6s", "500ms", "2m"]}
KEY = {"type": ["string", "integer"], "pattern": "^[0-9*#]$", "minimum": 0, "maximum": 9}
KEYS = {"type": ["string", "integer"], "pattern": "^[0-9*#]{1,4}$", "minimum": 0, "maximum": 9999}
LANGUAGE_TAG = {"type": "string", "pattern": f"^{LANGUAGE.pattern}$"}
NAMES = {"anyOf": [NAME, {"type": "array", "items": NAME, "minItems": 1}]}
LANGUAGES = {"anyOf": [LANGUAGE_TAG, {"type": "array", "items": LANGUAGE_TAG, "minItems": 1}]}
PAIRS = {"type": "object", "minProperties": 1}
PRESSES = {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": f"^{PRESS.pattern}$"}]}
NOTHING = {"type": "null"}
HOURS = {"anyOf": [*NAMES["anyOf"], NOTHING]}

READERS: Mapping[str, JsonSchemaValue] = {
    "read_seconds": SECONDS,
    "read_flag": {"type": "boolean"},
    "read_name": NAME,
    "read_node_name": NAME,
    "read_prompts": NAMES,
    "read_callee": CALLEE,
    "read_review": {"anyOf": [{"type": "boolean"}, *NAMES["anyOf"]]},
    "read_return": NAME,
    "read_returns": NAMES,
    "read_names": {"anyOf": [{"type": "array", "items": NAME}, {"type": "object", "additionalProperties": NAME}]},
    "read_language": LANGUAGE_TAG,
    "read_languages": LANGUAGES,
    "read_key": KEY,
    "read_keys": KEYS,
    "read_formula": SCALAR,
    "read_values": {"type": ["array", "object"]},
    "read_choice": {"anyOf": [LANGUAGE_TAG, {"type": "object", "additionalProperties": LANGUAGE_TAG}]},
    "read_cases": {"type": "object", "additionalProperties": NAME},
    "read_ways": {"type": "object", "minProperties": 2, "additionalProperties": {"type": "integer", "minimum": 0}},
    "read_jump": {"anyOf": [NAME, NOTHING]},
    "read_message_kind": {"enum": ["message", "complaint", "compliment"]},
    "read_request": {"type": "string", "pattern": "^(GET|POST) +\\S"},
    "read_header": {"type": "string"},
    "read_order": {"enum": ["dmy", "mdy", "ymd"]},
    "read_range": {"type": ["string", "integer"]},
    "read_answer": {"enum": ["yes", "no"]},
}
"""What a reader of the language takes, by its name. A reader that is not here takes anything."""

STEPS: Mapping[str, JsonSchemaValue] = {
    "key": PRESSES,
    "keys": PRESSES,
    "speaks": SECONDS,
    "wait": SECONDS,
    "within": SECONDS,
    "silence": NOTHING,
    "hang up": NOTHING,
    "agent hangs up": NOTHING,
    "closed": HOURS,
    "closes": HOURS,
    "opens": HOURS,
    "says": {"type": ["string", "object"]},
    "transfer": {"enum": list(TRANSFERS)},
    "lookup": {"type": ["string", "object"]},
    "queue": {"anyOf": [{"enum": list(QUEUES)}, {"type": "object", "required": ["position", "wait"]}]},
    "callback": {"enum": list(CALLBACKS)},
    "scores": PAIRS,
    "hears": NAMES,
    "never hears": NAMES,
    "reaches": NAMES,
    "never reaches": NAMES,
    "ends": {"anyOf": [NAME, NOTHING]},
    "consents": {**PAIRS, "additionalProperties": {"enum": ["yes", "no", True, False]}},
    "sets": PAIRS,
    "given": PAIRS,
}
"""What may follow a word of a test; any scalar may where nothing is said here."""


class AsWritten(GenerateJsonSchema):
    """Types as they stand in the file, not as the program holds them."""

    readers: ClassVar[Mapping[str, JsonSchemaValue]] = READERS

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        """What the reader takes; one that only asks for pairs leaves it to what is inside."""
        reader = getattr(schema["function"]["function"], "__name__", "")
        if reader == "read_pairs":
            return self.generate_inner(schema["schema"])
        return dict(self.readers.get(reader, {}))

    def function_plain_schema(self, schema: core_schema.PlainValidatorFunctionSchema) -> JsonSchemaValue:
        """Anything that the schema cannot tell."""
        return {}

    def function_wrap_schema(self, schema: core_schema.WrapValidatorFunctionSchema) -> JsonSchemaValue:
        """Anything that the schema cannot tell."""
        return {}

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Without the default: it is a value of the program."""
        return self.generate_inner(schema["schema"])

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """Pairs whose keys follow a pattern."""
        keys = self.generate_inner(schema["keys_schema"]) if "keys_schema" in schema else {}
        values = self.generate_inner(schema["values_schema"]) if "values_schema" in schema else {}
        pairs: JsonSchemaValue = {"type": "object", "additionalProperties": values or True}
        if "pattern" in keys:
            pairs["propertyNames"] = {"pattern": keys["pattern"]}
        return pairs


def editor_schema() -> dict[str, Any]:
    """The schema of a flow file, as plain JSON values."""
    forms: tuple[type[BaseModel], ...] = (Header, *KINDS.values())
    models: list[tuple[type[BaseModel], JsonSchemaMode]] = [(form, "validation") for form in forms]
    refs, document = models_json_schema(
        models,
        schema_generator=AsWritten,
        ref_template="#/$defs/{model}",
    )
    shared: dict[str, Any] = document.get("$defs", {})
    named = {model: refs[(model, "validation")]["$ref"].rpartition("/")[2] for model, _ in models}
    header = shared.pop(named[Header])
    header["properties"]["nodes"] = {
        "description": "The steps of the call, by their names. Each has one key that says what it does.",
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"pattern": NAME["pattern"]},
        "additionalProperties": {"anyOf": [{"$ref": f"#/$defs/{named[model]}"} for model in KINDS.values()]},
    }
    header["properties"]["tests"] = _tests()
    schema = {"$schema": DIALECT, **header, "title": "Call flow", "$defs": dict(sorted(shared.items()))}
    without_titles(schema)
    return {**schema, "title": "Call flow"}


def _tests() -> dict[str, Any]:
    alone = [word for word in WORDS if word not in BEGINNINGS and _takes_nothing(word)]
    step = {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": False,
        "properties": {word: STEPS.get(word, SCALAR) for word in WORDS},
    }
    return {
        "description": "Calls that must go as written; `ivr test` runs them.",
        "type": ["object", "null"],
        "additionalProperties": {"type": "array", "minItems": 1, "items": {"anyOf": [{"enum": alone}, step]}},
    }


def _takes_nothing(word: str) -> bool:
    return STEPS.get(word) == NOTHING or NOTHING in STEPS.get(word, {}).get("anyOf", [])


def without_titles(part: Any) -> None:
    """Titles made up from field names help nobody."""
    if isinstance(part, dict):
        if isinstance(part.get("title"), str):
            del part["title"]
        for inner in part.values():
            without_titles(inner)
    elif isinstance(part, list):
        for inner in part:
            without_titles(inner)
