"""Ukrainian: genders, three plural forms, and the cases that dates and times stand in."""

from __future__ import annotations

from typing import ClassVar

from num2words import num2words

from ivr.prompting.sayas.grammar import Case, Gender, Grammar, noun, nouns
from ivr.prompting.sayas.reading import Clock, Day

ENDINGS: dict[tuple[Gender, Case], tuple[str, str]] = {
    ("m", "nom"): ("ий", "ій"),
    ("m", "gen"): ("ого", "ього"),
    ("m", "acc"): ("ий", "ій"),
    ("m", "loc"): ("ому", "ьому"),
    ("n", "nom"): ("е", "є"),
    ("n", "gen"): ("ого", "ього"),
    ("n", "acc"): ("е", "є"),
    ("n", "loc"): ("ому", "ьому"),
    ("f", "nom"): ("а", "я"),
    ("f", "gen"): ("ої", "ьої"),
    ("f", "acc"): ("у", "ю"),
    ("f", "loc"): ("ій", "ій"),
}
"""Endings of ordinals: of ``перший``, and of ``третій``."""
FRACTIONS = ("десята десятих", "сота сотих", "тисячна тисячних")


class Ukrainian(Grammar):
    """Ukrainian words. ``num2words`` is right for masculine and feminine cardinals in the nominative.

    It is not used as it is for: the neuter (it says ``один`` for ``одне``), ordinals (masculine nominative alone, an
    IndexError for 0, ``одна тисяча перший`` for ``тисяча перший``), and decimals (``кома`` without the ending).
    """

    code: ClassVar = "uk"
    minus, plus, yes, no = "мінус", "плюс", "так", "ні"
    units: ClassVar = {
        "day": noun("m день дні днів"),
        "hour": noun("f година години годин годину"),
        "minute": noun("f хвилина хвилини хвилин хвилину"),
        "second": noun("f секунда секунди секунд секунду"),
    }
    currencies: ClassVar = nouns(
        {
            "UAH": "f гривня гривні гривень гривню/f копійка копійки копійок копійку",
            "EUR": "m євро євро євро/m цент центи центів",
            "USD": "m долар долари доларів/m цент центи центів",
            "GBP": "m фунт фунти фунтів/m пенс пенси пенсів",
            "RUB": "m рубль рублі рублів/f копійка копійки копійок копійку",
            "NOK": "f крона крони крон крону/n ере ере ере",
            "SEK": "f крона крони крон крону/n ере ере ере",
            "DKK": "f крона крони крон крону/n ере ере ере",
            "RON": "m лей леї леїв/m бан бани банів",
            "MDL": "m лей леї леїв/m бан бани банів",
            "PLN": "m злотий злоті злотих/m грош гроші грошів",
            "CHF": "m франк франки франків/m сантим сантими сантимів",
        }
    )

    def cardinal(self, number: int, gender: Gender = "m", case: Case = "nom") -> str:
        """``двадцять одна``."""
        words = str(num2words(number, lang="uk", gender="feminine" if gender == "f" else "masculine")).split()
        if gender == "n" and words[-1] == "один":
            words[-1] = "одне"
        if gender == "f" and case == "acc" and words[-1] == "одна":
            words[-1] = "одну"
        return " ".join(words)

    def ordinal(self, number: int, gender: Gender = "m", case: Case = "nom") -> str:
        """``двадцять четвертого``: only the last word is declined."""
        words = str(num2words(number, lang="uk", to="ordinal")) if number else "нульовий"
        for extra in ("одна ", "один "):
            if words.startswith((f"{extra}тисяча", f"{extra}мільйон")):
                words = words.removeprefix(extra)
        hard, soft = ENDINGS[gender, case]
        return words[:-2] + (soft if words.endswith("третій") else hard)

    def decimal(self, whole: int, fraction: str) -> str:
        """``дванадцять цілих п'ять десятих``; beyond thousandths digit by digit."""
        if len(fraction) > len(FRACTIONS):
            return f"{self.cardinal(whole)} кома {self.digits(fraction)}"
        one, many = FRACTIONS[len(fraction) - 1].split()
        parts = int(fraction)
        integer = "ціла" if self.plural(whole) == "one" else "цілих"
        part = one if self.plural(parts) == "one" else many
        return f"{self.cardinal(whole, 'f')} {integer} {self.cardinal(parts, 'f')} {part}"

    def date(self, day: Day, case: Case | None) -> str:
        """``двадцять четвертого грудня дві тисячі двадцять шостого року``: the genitive, as after ``до``."""
        said = f"{self.ordinal(day.day, 'n', case or 'gen')} {self.month(day.month)}"
        return said if day.year is None else f"{said} {self.ordinal(day.year, 'm', 'gen')} року"

    def clock(self, clock: Clock, at: bool) -> str:
        """``десята година тридцять хвилин``, ``об одинадцятій годині``."""
        hour = self.ordinal(clock.hour, "f", "loc" if at else "nom")
        said = f"{hour} {'годині' if at else 'година'}"
        if at:
            said = f"{'об' if clock.hour == 11 else 'о'} {said}"
        minutes = self.counted(clock.minute, self.units["minute"])
        return f"{said} {minutes}" if clock.minute else said
