"""The node kinds of the language: one module each, with its schema and its behaviour. This is the only list of them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ivr.flow.nodes.ask import AskSchema
from ivr.flow.nodes.base import NodeSchema
from ivr.flow.nodes.branch import BranchSchema
from ivr.flow.nodes.call import CallSchema, ReturnSchema
from ivr.flow.nodes.callback import CallbackSchema
from ivr.flow.nodes.consent import ConsentSchema
from ivr.flow.nodes.end import EndSchema
from ivr.flow.nodes.goto import GotoSchema
from ivr.flow.nodes.hours import HoursNodeSchema
from ivr.flow.nodes.language import LanguageSchema
from ivr.flow.nodes.lookup import LookupSchema
from ivr.flow.nodes.menu import MenuSchema
from ivr.flow.nodes.queue import QueueSchema
from ivr.flow.nodes.record import RecordSchema
from ivr.flow.nodes.say import SaySchema
from ivr.flow.nodes.set import SetSchema
from ivr.flow.nodes.split import SplitSchema
from ivr.flow.nodes.survey import SurveySchema
from ivr.flow.nodes.transfer import TransferSchema

SCHEMAS: tuple[type[NodeSchema], ...] = (
    SaySchema,
    MenuSchema,
    AskSchema,
    ConsentSchema,
    RecordSchema,
    TransferSchema,
    QueueSchema,
    CallbackSchema,
    LookupSchema,
    HoursNodeSchema,
    SurveySchema,
    EndSchema,
    SetSchema,
    BranchSchema,
    SplitSchema,
    GotoSchema,
    CallSchema,
    ReturnSchema,
    LanguageSchema,
)
KINDS: Mapping[str, type[NodeSchema]] = MappingProxyType({schema.kind: schema for schema in SCHEMAS})
