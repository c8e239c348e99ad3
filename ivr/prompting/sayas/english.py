"""English: American dates and times of day, as in "December twenty-fourth" and "ten thirty AM"."""

from __future__ import annotations

from typing import ClassVar

from num2words import num2words

from ivr.prompting.sayas.grammar import Case, Gender, Grammar, noun, nouns
from ivr.prompting.sayas.reading import Clock, Day


class English(Grammar):
    """English words; numbers are ``num2words``'."""

    code: ClassVar = "en"
    minus, plus, yes, no = "minus", "plus", "yes", "no"
    and_cents: ClassVar = " and "
    units: ClassVar = {
        "day": noun("n day days"),
        "hour": noun("n hour hours"),
        "minute": noun("n minute minutes"),
        "second": noun("n second seconds"),
    }
    currencies: ClassVar = nouns(
        {
            "EUR": "n euro euros/n cent cents",
            "USD": "n dollar dollars/n cent cents",
            "GBP": "n pound pounds/n penny pence",
            "UAH": "n hryvnia hryvnias/n kopiyka kopiykas",
            "RUB": "n rouble roubles/n kopeck kopecks",
            "NOK": "n krone kroner/n øre øre",
            "SEK": "n krona kronor/n öre öre",
            "DKK": "n krone kroner/n øre øre",
            "RON": "n leu lei/n ban bani",
            "MDL": "n leu lei/n ban bani",
            "PLN": "n zloty zlotys/n grosz groszy",
            "CHF": "n franc francs/n centime centimes",
        }
    )

    def cardinal(self, number: int, gender: Gender = "m", case: Case = "nom") -> str:
        """``one thousand and one``."""
        return _said(num2words(number, lang="en"))

    def ordinal(self, number: int, gender: Gender = "m", case: Case = "nom") -> str:
        """``twenty-first``."""
        return _said(num2words(number, lang="en", to="ordinal"))

    def decimal(self, whole: int, fraction: str) -> str:
        """``twelve point two five``."""
        return f"{self.cardinal(whole)} point {self.digits(fraction)}"

    def date(self, day: Day, case: Case | None) -> str:
        """``December twenty-fourth, twenty twenty-six``."""
        said = f"{self.month(day.month)} {self.ordinal(day.day)}"
        return said if day.year is None else f"{said}, {self._year(day.year)}"

    def clock(self, clock: Clock, at: bool) -> str:
        """``ten thirty AM``, ``noon``."""
        if clock.minute == 0 and clock.hour in (0, 12):
            said = "midnight" if clock.hour == 0 else "noon"
        else:
            minute = f"oh {self.cardinal(clock.minute)}" if clock.minute < 10 else self.cardinal(clock.minute)
            half = "AM" if clock.hour < 12 else "PM"
            said = " ".join([self.cardinal((clock.hour + 11) % 12 + 1), *([minute] if clock.minute else []), half])
        return f"at {said}" if at else said

    def _year(self, year: int) -> str:
        return _said(num2words(year, lang="en", to="year"))


def _said(words: str) -> str:
    """num2words writes ``one thousand, one hundred``: a comma would be heard as a pause within the number."""
    return str(words).replace(",", "").replace("oh-", "oh ")
