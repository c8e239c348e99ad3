"""Values as words: ``say_as("money", 12.5, "uk", currency="UAH")`` → ``дванадцять гривень п'ятдесят копійок``.

A kind may have a form after a stroke: ``ordinal/f`` is feminine, ``date/nom`` a nominative, ``time/at`` the time at
which something happens. Languages without genders or cases pass forms by. Everything here is pure: no clock, no file of
ours. Raises ``SayAsError``, one sentence that never quotes the value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib import import_module
from typing import cast

from ivr.prompting.sayas.errors import SayAsError
from ivr.prompting.sayas.grammar import Case, Gender, Grammar, Unit
from ivr.prompting.sayas.reading import (
    Value,
    amount_of,
    characters_of,
    clock_of,
    day_of,
    grouped,
    number_of,
    seconds_of,
    whole_of,
)

__all__ = ["CASES", "FORMS", "GENDERS", "KINDS", "LANGUAGES", "SayAsError", "Value", "grammar_of", "plainly", "say_as"]

GENDERS, CASES = ("m", "f", "n"), ("nom", "gen", "acc")
FORMS: Mapping[str, tuple[str, ...]] = {
    "text": (),
    "digits": (),
    "number": GENDERS,
    "ordinal": GENDERS,
    "money": (),
    "date": CASES,
    "day": CASES,
    "time": ("nom", "at"),
    "datetime": CASES,
    "duration": ("nom", "acc"),
    "phone": (),
    "letters": (),
    "yes_no": (),
}
"""Every kind with the forms that it may have."""
KINDS = tuple(FORMS)
LANGUAGES: Mapping[str, str] = {
    "en": "english:English",
    "uk": "ukrainian:Ukrainian",
    "ru": "russian:Russian",
    "nb": "norwegian:Norwegian",
    "ro": "romanian:Romanian",
    "lt": "lithuanian:Lithuanian",
}
LARGEST_ORDINAL = 999_999
SECONDS: tuple[tuple[Unit, int], ...] = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))


def say_as(kind: str, value: Value, language: str, *, form: str = "", currency: str = "") -> str:
    """The value in words of the language. ``currency`` (ISO 4217) is that of sums that name none."""
    if kind not in FORMS or (form and form not in FORMS[kind]):
        raise SayAsError(f"there is no kind {'/'.join(filter(None, (kind, form)))}; the kinds are {', '.join(KINDS)}")
    if kind == "text":
        return plainly(value)
    return _SAYING[kind](grammar_of(language), value, form, currency)


def plainly(value: Value) -> str:
    """The value as it is written: what is said where no kind is, or where it does not fit."""
    return str(value).lower() if isinstance(value, bool) else str(value)


@cache
def grammar_of(language: str) -> Grammar:
    """What a language knows of values; raises ``SayAsError`` for a language that values are not said in."""
    name = LANGUAGES.get(language.split("-")[0])
    if name is None:
        raise SayAsError(f"values are not said in {language!r}, only in {', '.join(LANGUAGES)}")
    module, _, grammar = name.partition(":")
    return cast(Grammar, getattr(import_module(f"ivr.prompting.sayas.{module}"), grammar)())


def _digits(grammar: Grammar, value: Value, form: str, currency: str) -> str:
    rows = [row for group in characters_of(value) for row in (grouped(group) if group.isdigit() else [group])]
    return ", ".join(grammar.digits(row) for row in rows)


def _letters(grammar: Grammar, value: Value, form: str, currency: str) -> str:
    return ", ".join(", ".join(grammar.digits(one) for one in group) for group in characters_of(value))


def _number(grammar: Grammar, value: Value, form: str, currency: str) -> str:
    return grammar.number(number_of(value), cast(Gender, form or "m"))


def _ordinal(grammar: Grammar, value: Value, form: str, currency: str) -> str:
    number = whole_of(value)
    if not 1 <= number <= LARGEST_ORDINAL:
        raise SayAsError("this is no place in a row: give a whole number from 1 to 999,999")
    return grammar.ordinal(number, cast(Gender, form or "m"))


def _money(grammar: Grammar, value: Value, form: str, currency: str) -> str:
    amount = amount_of(value)
    code = amount.currency or currency
    if not code:
        raise SayAsError("this sum names no currency: give one such as 12.50 EUR, or write currency: in brand.yaml")
    return grammar.money(_to_hundredths(amount.sum), code)


def _to_hundredths(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _date(grammar: Grammar, value: Value, form: str, currency: str) -> str:
    return grammar.date(day_of(value), cast(Case, form) or None)


def _day(grammar: Grammar, value: Value, form: str, currency: str) -> str:
    return grammar.weekday(day_of(value), cast(Case, form) or None)


def _time(grammar: Grammar, value: Value, form: str, currency: str) -> str:
    return grammar.clock(clock_of(value), form == "at")


def _datetime(grammar: Grammar, value: Value, form: str, currency: str) -> str:
    return grammar.moment(day_of(value), clock_of(value), cast(Case, form) or None)


def _duration(grammar: Grammar, value: Value, form: str, currency: str) -> str:
    rest = seconds_of(value)
    parts: list[str] = []
    for unit, seconds in SECONDS:
        count, rest = divmod(rest, seconds)
        if count or (unit == "second" and not parts):
            parts.append(grammar.counted(count, grammar.units[unit], cast(Case, form or "nom")))
    return " ".join(parts)


def _phone(grammar: Grammar, value: Value, form: str, currency: str) -> str:
    from ivr.prompting.sayas.phones import groups_of

    plus, rows = groups_of(value)
    said = ", ".join(grammar.digits(row) for row in rows)
    return f"{grammar.plus} {said}" if plus else said


def _yes_no(grammar: Grammar, value: Value, form: str, currency: str) -> str:
    if not isinstance(value, bool):
        raise SayAsError("this is neither true nor false")
    return grammar.yes if value else grammar.no


_SAYING: Mapping[str, Callable[[Grammar, Value, str, str], str]] = {
    "digits": _digits,
    "number": _number,
    "ordinal": _ordinal,
    "money": _money,
    "date": _date,
    "day": _day,
    "time": _time,
    "datetime": _datetime,
    "duration": _duration,
    "phone": _phone,
    "letters": _letters,
    "yes_no": _yes_no,
}
