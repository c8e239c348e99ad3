"""Lithuanian: genders, the genitive after 10 to 19 and round tens, and the cases that dates stand in."""

from __future__ import annotations

from typing import ClassVar

from num2words import num2words

from ivr.prompting.sayas.errors import SayAsError
from ivr.prompting.sayas.grammar import Case, Gender, Grammar, noun, nouns
from ivr.prompting.sayas.reading import Clock, Day

ONES = {
    "vienas": ("viena", "vieną"),
    "du": ("dvi", "dvi"),
    "trys": ("trys", "tris"),
    "keturi": ("keturios", "keturias"),
    "penki": ("penkios", "penkias"),
    "šeši": ("šešios", "šešias"),
    "septyni": ("septynios", "septynias"),
    "aštuoni": ("aštuonios", "aštuonias"),
    "devyni": ("devynios", "devynias"),
}
"""Masculine → feminine nominative, feminine accusative. From 10 to 19, and round tens, are the same for all."""
STEMS = "nulin pirm antr treči ketvirt penkt šešt septint aštunt devint".split()
TEENS = (
    "dešimt vienuolikt dvylikt trylikt keturiolikt penkiolikt šešiolikt septyniolikt aštuoniolikt devyniolikt".split()
)
ROUND = {100: "šimt", 200: "dušimt", 1000: "tūkstant", 2000: "dutūkstant"}
ENDINGS: dict[tuple[Gender, Case], str] = {
    ("m", "nom"): "as",
    ("m", "gen"): "o",
    ("m", "acc"): "ą",
    ("f", "nom"): "a",
    ("f", "gen"): "os",
    ("f", "acc"): "ą",
}
DAY: dict[Case, str] = {"nom": "diena", "gen": "dienos", "acc": "dieną"}
HOUR: dict[Case, str] = {"nom": "valanda", "gen": "valandos", "acc": "valandą"}


class Lithuanian(Grammar):
    """Lithuanian words. ``num2words`` is right for masculine cardinals; it has no other gender, case or ordinal."""

    code: ClassVar = "lt"
    minus, plus, yes, no = "minus", "plius", "taip", "ne"
    units: ClassVar = {
        "day": noun("f diena dienos dienų dieną dienas"),
        "hour": noun("f valanda valandos valandų valandą valandas"),
        "minute": noun("f minutė minutės minučių minutę minutes"),
        "second": noun("f sekundė sekundės sekundžių sekundę sekundes"),
    }
    currencies: ClassVar = nouns(
        {
            "EUR": "m euras eurai eurų/m centas centai centų",
            "USD": "m doleris doleriai dolerių/m centas centai centų",
            "GBP": "m svaras svarai svarų/m pensas pensai pensų",
            "UAH": "f grivina grivinos grivinų/f kapeika kapeikos kapeikų",
            "RUB": "m rublis rubliai rublių/f kapeika kapeikos kapeikų",
            "NOK": "f krona kronos kronų/f erė erės erių",
            "SEK": "f krona kronos kronų/f erė erės erių",
            "DKK": "f krona kronos kronų/f erė erės erių",
            "RON": "f lėja lėjos lėjų/m banas banai banų",
            "MDL": "f lėja lėjos lėjų/m banas banai banų",
            "PLN": "m zlotas zlotai zlotų/m grašis grašiai grašių",
            "CHF": "m frankas frankai frankų/m santimas santimai santimų",
        }
    )

    def cardinal(self, number: int, gender: Gender = "m", case: Case = "nom") -> str:
        """``dvidešimt viena``."""
        *before, last = str(num2words(number, lang="lt")).split()
        if gender == "f" and last in ONES:
            last = ONES[last][case == "acc"]
        return " ".join([*before, last])

    def ordinal(self, number: int, gender: Gender = "m", case: Case = "nom") -> str:
        """``dvidešimt ketvirta``; round hundreds and thousands only up to 200 and 2000. Raises ``SayAsError``."""
        before, stem = self._cut(number)
        return before + _declined(stem, ENDINGS["f" if gender == "f" else "m", "nom" if case == "loc" else case])

    def decimal(self, whole: int, fraction: str) -> str:
        """``dvylika kablelis penki``; two decimals as one number unless they begin with 0."""
        together = len(fraction) <= 2 and not fraction.startswith("0")
        return f"{self.cardinal(whole)} kablelis {self.cardinal(int(fraction)) if together else self.digits(fraction)}"

    def date(self, day: Day, case: Case | None) -> str:
        """``du tūkstančiai dvidešimt šeštų metų gruodžio dvidešimt ketvirtą dieną``: the accusative says when."""
        case = case or "acc"
        said = f"{self.month(day.month)} {self.ordinal(day.day, 'f', case)} {DAY[case]}"
        return said if day.year is None else f"{self._year(day.year)} metų {said}"

    def clock(self, clock: Clock, at: bool) -> str:
        """``dešimta valanda trisdešimt minučių``, ``vienuoliktą valandą``."""
        case: Case = "acc" if at else "nom"
        said = f"{self.ordinal(clock.hour, 'f', case)} {HOUR[case]}"
        return f"{said} {self.counted(clock.minute, self.units['minute'], case)}" if clock.minute else said

    def weekday(self, day: Day, case: Case | None) -> str:
        """``ketvirtadienį, gruodžio dvidešimt ketvirtą dieną``."""
        case = case or "acc"
        name = self.day_name(day).removesuffix("is") + {"nom": "is", "gen": "io", "acc": "į"}[case]
        return f"{name}, {self.date(Day(None, day.month, day.day), case)}"

    def _year(self, year: int) -> str:
        """In the genitive plural: ``du tūkstančiai dvidešimt šeštų``."""
        before, stem = self._cut(year)
        return f"{before}{stem}ųjų" if year in ROUND else f"{before}{stem}ų"

    def _cut(self, number: int) -> tuple[str, str]:
        """The words before the last one, and the stem of the last one, which alone is declined."""
        if number in ROUND:
            return "", ROUND[number]
        rest = number % 100
        if number and not rest:
            raise SayAsError("Lithuanian says no such round ordinal here: use a number")
        last = rest % 10 if rest >= 20 and rest % 10 else rest
        before = self.cardinal(number - last) + " " if number != last else ""
        if before.startswith(("vienas šimtas ", "vienas tūkstantis ")):
            before = before.removeprefix("vienas ")
        if last < 10:
            return before, STEMS[last]
        return before, TEENS[last - 10] if last < 20 else self.cardinal(last)


def _declined(stem: str, ending: str) -> str:
    if stem == "nulin":
        return stem + {"as": "is", "a": "ė", "os": "ės", "o": "io", "ą": "ę"}[ending]
    return stem + ending
