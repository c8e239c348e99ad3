"""Russian: genders, three plural forms, and the cases that dates and times stand in."""

from __future__ import annotations

from typing import ClassVar

from num2words import num2words

from ivr.prompting.sayas.grammar import Case, Gender, Grammar, noun, nouns
from ivr.prompting.sayas.reading import Clock, Day

CASES: dict[Case, str] = {"nom": "n", "gen": "g", "acc": "a", "loc": "p"}
FRACTIONS = ("десятая десятых", "сотая сотых", "тысячная тысячных")


class Russian(Grammar):
    """Russian words; cardinals and ordinals are ``num2words``', which declines both rightly.

    Its decimals are not used: it counts any number of decimals as parts, up to ``стотысячных``.
    """

    code: ClassVar = "ru"
    minus, plus, yes, no = "минус", "плюс", "да", "нет"
    units: ClassVar = {
        "day": noun("m день дня дней"),
        "hour": noun("m час часа часов"),
        "minute": noun("f минута минуты минут минуту"),
        "second": noun("f секунда секунды секунд секунду"),
    }
    currencies: ClassVar = nouns(
        {
            "RUB": "m рубль рубля рублей/f копейка копейки копеек копейку",
            "UAH": "f гривна гривны гривен гривну/f копейка копейки копеек копейку",
            "EUR": "m евро евро евро/m цент цента центов",
            "USD": "m доллар доллара долларов/m цент цента центов",
            "GBP": "m фунт фунта фунтов/m пенс пенса пенсов",
            "NOK": "f крона кроны крон крону/n эре эре эре",
            "SEK": "f крона кроны крон крону/n эре эре эре",
            "DKK": "f крона кроны крон крону/n эре эре эре",
            "RON": "m лей лея леев/m бан бана банов",
            "MDL": "m лей лея леев/m бан бана банов",
            "PLN": "m злотый злотых злотых/m грош гроша грошей",
            "CHF": "m франк франка франков/m сантим сантима сантимов",
        }
    )

    def cardinal(self, number: int, gender: Gender = "m", case: Case = "nom") -> str:
        """``двадцать одна``."""
        return str(num2words(number, lang="ru", gender=gender, case=CASES[case], animate=False))

    def ordinal(self, number: int, gender: Gender = "m", case: Case = "nom") -> str:
        """``двадцать четвёртого``: only the last word is declined."""
        return str(num2words(number, lang="ru", to="ordinal", gender=gender, case=CASES[case], animate=False))

    def decimal(self, whole: int, fraction: str) -> str:
        """``двенадцать целых пять десятых``; beyond thousandths digit by digit."""
        if len(fraction) > len(FRACTIONS):
            return f"{self.cardinal(whole)} запятая {self.digits(fraction)}"
        one, many = FRACTIONS[len(fraction) - 1].split()
        parts = int(fraction)
        integer = "целая" if self.plural(whole) == "one" else "целых"
        part = one if self.plural(parts) == "one" else many
        return f"{self.cardinal(whole, 'f')} {integer} {self.cardinal(parts, 'f')} {part}"

    def date(self, day: Day, case: Case | None) -> str:
        """``двадцать четвёртого декабря две тысячи двадцать шестого года``: the genitive, as after ``до``."""
        said = f"{self.ordinal(day.day, 'n', case or 'gen')} {self.month(day.month)}"
        return said if day.year is None else f"{said} {self.ordinal(day.year, 'm', 'gen')} года"

    def clock(self, clock: Clock, at: bool) -> str:
        """``десять часов тридцать минут``, ``в двадцать один час одну минуту``."""
        case: Case = "acc" if at else "nom"
        said = self.counted(clock.hour, self.units["hour"], case)
        if clock.minute:
            said += f" {self.counted(clock.minute, self.units['minute'], case)}"
        return f"в {said}" if at else said
