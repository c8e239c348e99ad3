"""Norwegian Bokmål: neuter ``ett``, the new way of counting (``tjueen``), times by the 24-hour clock."""

from __future__ import annotations

from typing import ClassVar

from ivr.prompting.sayas.grammar import Case, Gender, Grammar, noun, nouns
from ivr.prompting.sayas.reading import Clock, Day

SMALL = (
    "null en to tre fire fem seks sju åtte ni ti elleve tolv tretten fjorten femten seksten sytten atten nitten".split()
)
TENS = "_ _ tjue tretti førti femti seksti sytti åtti nitti".split()
ORDINALS = (
    "nulte første andre tredje fjerde femte sjette sjuende åttende niende tiende ellevte tolvte trettende fjortende "
    "femtende sekstende syttende attende nittende"
).split()


class Norwegian(Grammar):
    """Norwegian words, all our own.

    ``num2words`` says ``en hundre`` and ``en tusen`` (they are neuter: ``ett``), knows no neuter ``tjueett``, writes
    ``millard``, and makes ``trettførste`` of 13th.
    """

    code: ClassVar = "nb"
    minus, plus, yes, no = "minus", "pluss", "ja", "nei"
    and_cents: ClassVar = " og "
    units: ClassVar = {
        "day": noun("m dag dager"),
        "hour": noun("m time timer"),
        "minute": noun("n minutt minutter"),
        "second": noun("n sekund sekunder"),
    }
    currencies: ClassVar = nouns(
        {
            "NOK": "m krone kroner/m øre øre",
            "SEK": "m krone kroner/m øre øre",
            "DKK": "m krone kroner/m øre øre",
            "EUR": "m euro euro/m cent cent",
            "USD": "m dollar dollar/m cent cent",
            "GBP": "n pund pund/m penny pence",
            "UAH": "m hryvnja hryvnja/m kopek kopek",
            "RUB": "m rubel rubler/m kopek kopek",
            "RON": "m leu lei/m ban bani",
            "MDL": "m leu lei/m ban bani",
            "PLN": "m zloty zloty/m grosz groszy",
            "CHF": "m franc franc/m centime centimer",
        }
    )

    def cardinal(self, number: int, gender: Gender = "m", case: Case = "nom") -> str:
        """``ett hundre og tjueen``; ``tjueett`` of neuter things."""
        parts: list[str] = []
        rest = number
        for size, one, many in ((10**9, "milliard", "milliarder"), (10**6, "million", "millioner")):
            count, rest = divmod(rest, size)
            if count:
                parts.append(f"{self._below_million(count, 'm')} {one if count == 1 else many}")
        if rest or not parts:
            joined = parts and rest < 100
            parts.append(("og " if joined else "") + self._below_million(rest, gender))
        return " ".join(parts)

    def ordinal(self, number: int, gender: Gender = "m", case: Case = "nom") -> str:
        """``tjuefjerde``."""
        rest = number % 100
        if number < 100:
            return _ordinal_below_100(number)
        if rest:
            return f"{self.cardinal(number - rest)} og {_ordinal_below_100(rest)}"
        return self.cardinal(number).removeprefix("ett ") + "de"

    def decimal(self, whole: int, fraction: str) -> str:
        """``tolv komma fem``; two decimals as one number unless they begin with 0."""
        together = len(fraction) <= 2 and not fraction.startswith("0")
        return f"{self.cardinal(whole)} komma {self.cardinal(int(fraction)) if together else self.digits(fraction)}"

    def date(self, day: Day, case: Case | None) -> str:
        """``tjuefjerde desember tjue tjueseks``."""
        said = f"{self.ordinal(day.day)} {self.month(day.month)}"
        return said if day.year is None else f"{said} {self._year(day.year)}"

    def clock(self, clock: Clock, at: bool) -> str:
        """``ti tretti``, ``klokken femten null fem``."""
        if clock == Clock(0, 0):
            return "ved midnatt" if at else "midnatt"
        minute = f"null {self.cardinal(clock.minute)}" if clock.minute < 10 else self.cardinal(clock.minute)
        said = f"{self.cardinal(clock.hour)} {minute}" if clock.minute else self.cardinal(clock.hour)
        return f"klokken {said}" if at else said

    def weekday(self, day: Day, case: Case | None) -> str:
        """``torsdag tjuefjerde desember``."""
        return f"{self.day_name(day)} {self.date(Day(None, day.month, day.day), case)}"

    def _below_million(self, number: int, gender: Gender) -> str:
        thousands, rest = divmod(number, 1000)
        if not thousands:
            return self._below_thousand(rest, gender)
        said = f"{self._below_thousand(thousands, 'n')} tusen"
        if not rest:
            return said
        return f"{said} {'og ' if rest < 100 else ''}{self._below_thousand(rest, gender)}"

    def _below_thousand(self, number: int, gender: Gender) -> str:
        hundreds, rest = divmod(number, 100)
        below = _below_100(rest, gender)
        if not hundreds:
            return below
        said = f"{_below_100(hundreds, 'n')} hundre"
        return f"{said} og {below}" if rest else said

    def _year(self, year: int) -> str:
        """Years of this century from 2010 on, and those before 2000, are said in pairs."""
        century, rest = divmod(year, 100)
        if not (2010 <= year <= 2099 or 1100 <= year <= 1999):
            return self.cardinal(year)
        if rest >= 10:
            return f"{_below_100(century, 'm')} {_below_100(rest, 'm')}"
        return f"{_below_100(century, 'm')} hundre" + (f" og {_below_100(rest, 'm')}" if rest else "")


def _below_100(number: int, gender: Gender) -> str:
    one = "ett" if gender == "n" else "en"
    tens, ones = divmod(number, 10)
    if number < 20:
        return one if number == 1 else SMALL[number]
    return TENS[tens] + (one if ones == 1 else SMALL[ones] if ones else "")


def _ordinal_below_100(number: int) -> str:
    tens, ones = divmod(number, 10)
    if number < 20:
        return ORDINALS[number]
    return TENS[tens] + (ORDINALS[ones] if ones else "nde" if tens == 2 else "ende")
