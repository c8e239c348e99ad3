"""What a language must know to say a value; one class per language fits ``Grammar`` and fills in its words.

Plural forms, months, weekdays and rare currencies are CLDR's (``babel``); the rest is written down per language.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import ClassVar, Literal, cast

from babel import Locale

from ivr.prompting.sayas.errors import SayAsError
from ivr.prompting.sayas.reading import Clock, Day

Gender = Literal["m", "f", "n"]
Case = Literal["nom", "gen", "acc", "loc"]
Unit = Literal["day", "hour", "minute", "second"]


@dataclass(frozen=True, slots=True)
class Noun:
    """A thing that is counted: its gender, and its forms for the plural categories; accusatives where they differ."""

    gender: Gender
    one: str
    few: str
    many: str
    acc_one: str = ""
    acc_few: str = ""


def noun(written: str) -> Noun:
    """``m euro euros``, ``f гривня гривні гривень гривню``: gender, one, few, many, accusatives; ``_`` is a space."""
    gender, one, *more = (part.replace("_", " ") for part in written.split())
    few = more[0] if more else one
    many = more[1] if len(more) > 1 else few
    return Noun(cast(Gender, gender), one, few, many, *more[2:4])


def nouns(table: Mapping[str, str]) -> dict[str, tuple[Noun, ...]]:
    """Currencies by their code: the unit and, after a stroke, its hundredth."""
    return {code: tuple(noun(part) for part in written.split("/")) for code, written in table.items()}


class Grammar(ABC):
    """One language. All numbers are whole and not negative unless said; results are words alone."""

    code: ClassVar[str]
    minus: ClassVar[str]
    plus: ClassVar[str]
    yes: ClassVar[str]
    no: ClassVar[str]
    and_cents: ClassVar[str] = " "
    """What stands between euros and cents."""
    units: ClassVar[Mapping[Unit, Noun]]
    currencies: ClassVar[Mapping[str, tuple[Noun, ...]]]

    @cached_property
    def locale(self) -> Locale:
        """CLDR's data of the language."""
        return Locale.parse(self.code)

    @abstractmethod
    def cardinal(self, number: int, gender: Gender = "m", case: Case = "nom") -> str:
        """How many."""

    @abstractmethod
    def ordinal(self, number: int, gender: Gender = "m", case: Case = "nom") -> str:
        """Which one in a row."""

    @abstractmethod
    def decimal(self, whole: int, fraction: str) -> str:
        """A number with decimals; ``fraction`` are the digits after the point."""

    @abstractmethod
    def date(self, day: Day, case: Case | None) -> str:
        """A day, with its year where it has one; ``case`` None is what suits most sentences."""

    @abstractmethod
    def clock(self, clock: Clock, at: bool) -> str:
        """A time of day; ``at`` with the word that tells when something happens."""

    def moment(self, day: Day, clock: Clock, case: Case | None) -> str:
        """A day and a time of day."""
        return f"{self.date(day, case)} {self.clock(clock, at=True)}"

    def weekday(self, day: Day, case: Case | None) -> str:
        """The day of the week and the day of the month, without the year."""
        return f"{self.day_name(day)}, {self.date(Day(None, day.month, day.day), case)}"

    def day_name(self, day: Day) -> str:
        """``Thursday``."""
        return str(self.locale.days["format"]["wide"][day.weekday])

    def month(self, number: int) -> str:
        """The month as it stands in a date."""
        return str(self.locale.months["format"]["wide"][number])

    def plural(self, number: int) -> Literal["one", "few", "many"]:
        """Which of a noun's forms goes with the number."""
        match str(self.locale.plural_form(number)):
            case "one":
                return "one"
            case "few":
                return "few"
        return "many"

    def counted(self, number: int, thing: Noun, case: Case = "nom") -> str:
        """So many of a thing."""
        return f"{self.cardinal(number, thing.gender, case)} {self.form(number, thing, case)}"

    def form(self, number: int, thing: Noun, case: Case = "nom") -> str:
        """The thing's form after this number."""
        match self.plural(number):
            case "one":
                return (thing.acc_one or thing.one) if case == "acc" else thing.one
            case "few":
                return (thing.acc_few or thing.few) if case == "acc" else thing.few
            case _:
                return thing.many

    def number(self, number: Decimal, gender: Gender = "m") -> str:
        """Any number, with its sign and its decimals."""
        sign = f"{self.minus} " if number < 0 else ""
        whole, _, fraction = f"{abs(number):f}".partition(".")
        fraction = fraction.rstrip("0")
        return sign + (self.decimal(int(whole), fraction) if fraction else self.cardinal(int(whole), gender))

    def digits(self, row: str) -> str:
        """Each digit or letter on its own."""
        return " ".join(self.cardinal(int(one)) if one in "0123456789" else one.upper() for one in row)

    def money(self, amount: Decimal, currency: str) -> str:
        """A sum, with its hundredths; an unknown currency by its name in CLDR. Raises ``SayAsError``."""
        sign = f"{self.minus} " if amount < 0 else ""
        known = self.currencies.get(currency)
        if known is None:
            return sign + self._rare(abs(amount), currency)
        unit, hundredth = known
        whole, cents = divmod(int(abs(amount) * 100), 100)
        parts = [self.counted(whole, unit)] if whole or not cents else []
        return sign + self.and_cents.join([*parts, self.counted(cents, hundredth)] if cents else parts)

    def _rare(self, amount: Decimal, currency: str) -> str:
        name = self.locale.currencies.get(currency)
        if name is None:
            raise SayAsError("this currency is not known: give its code of ISO 4217, such as EUR")
        from babel.numbers import get_currency_name

        whole = amount == amount.to_integral_value()
        return f"{self.number(amount)} {get_currency_name(currency, int(amount) if whole else amount, self.locale)}"
