"""Romanian: genders, ``de`` between 20 and what is counted, ``un`` and ``o``."""

from __future__ import annotations

from typing import ClassVar

from ivr.prompting.sayas.grammar import Case, Gender, Grammar, Noun, noun, nouns
from ivr.prompting.sayas.reading import Clock, Day

SMALL = (
    "zero unu doi trei patru cinci șase șapte opt nouă zece unsprezece doisprezece treisprezece paisprezece "
    "cincisprezece șaisprezece șaptesprezece optsprezece nouăsprezece"
).split()
FEMININE = {1: "una", 2: "două", 12: "douăsprezece"}
NEUTER = {1: "unu", 2: "două", 12: "douăsprezece"}
TENS = "_ _ douăzeci treizeci patruzeci cincizeci șaizeci șaptezeci optzeci nouăzeci".split()
FEMININE_ORDINALS = dict(
    pair.split(">")
    for pair in (
        "una>una două>doua trei>treia patru>patra cinci>cincea șase>șasea șapte>șaptea opt>opta nouă>noua zece>zecea "
        "zeci>zecea sută>suta sute>suta mie>mia mii>mia"
    ).split()
)
"""How the last word of a feminine number ends as an ordinal."""
SCALES = ((10**9, noun("n miliard miliarde")), (10**6, noun("n milion milioane")), (1000, noun("f mie mii")))


class Romanian(Grammar):
    """Romanian words, all our own.

    ``num2words`` has no genders, says ``douăzeci și unu de mii`` (``una``), ``o sută unu de mii`` (without ``de``),
    ``douăzeci și unu milioane`` (with ``de``) and ``al optlea``.
    """

    code: ClassVar = "ro"
    minus, plus, yes, no = "minus", "plus", "da", "nu"
    and_cents: ClassVar = " și "
    units: ClassVar = {
        "day": noun("f zi zile"),
        "hour": noun("f oră ore"),
        "minute": noun("n minut minute"),
        "second": noun("f secundă secunde"),
    }
    currencies: ClassVar = nouns(
        {
            "RON": "m leu lei/m ban bani",
            "MDL": "m leu lei/m ban bani",
            "EUR": "m euro euro/m cent cenți",
            "USD": "m dolar dolari/m cent cenți",
            "GBP": "f liră lire/m penny pence",
            "UAH": "f hrivnă hrivne/f copeică copeici",
            "RUB": "f rublă ruble/f copeică copeici",
            "NOK": "f coroană coroane/n øre øre",
            "SEK": "f coroană coroane/n øre øre",
            "DKK": "f coroană coroane/n øre øre",
            "PLN": "m zlot zloți/m gros groși",
            "CHF": "m franc franci/f centimă centime",
        }
    )

    def cardinal(self, number: int, gender: Gender = "m", case: Case = "nom") -> str:
        """``o sută douăzeci și una``."""
        parts, rest = [], number
        for size, scale in SCALES:
            count, rest = divmod(rest, size)
            if count:
                parts.append(self.counted(count, scale))
        if rest or not parts:
            parts.append(_below_thousand(rest, gender))
        return " ".join(parts)

    def counted(self, number: int, thing: Noun, case: Case = "nom") -> str:
        """``un leu``, ``nouăsprezece lei``, ``douăzeci de lei``."""
        if number == 1:
            return f"{'o' if thing.gender == 'f' else 'un'} {thing.one}"
        between = " de " if self.locale.plural_form(number) == "other" else " "
        return f"{self.cardinal(number, thing.gender)}{between}{thing.many}"

    def ordinal(self, number: int, gender: Gender = "m", case: Case = "nom") -> str:
        """``al douăzeci și patrulea``, ``a patra``."""
        if number == 1:
            return "prima" if gender == "f" else "primul"
        words = self.cardinal(number, "f" if gender == "f" else "m")
        if gender == "f":
            return f"a {_feminine_ordinal(words)}"
        return f"al {words}{'ulea' if words.endswith('opt') else 'lea'}"

    def decimal(self, whole: int, fraction: str) -> str:
        """``doisprezece virgulă cinci``; two decimals as one number unless they begin with 0."""
        together = len(fraction) <= 2 and not fraction.startswith("0")
        return f"{self.cardinal(whole)} virgulă {self.cardinal(int(fraction)) if together else self.digits(fraction)}"

    def date(self, day: Day, case: Case | None) -> str:
        """``douăzeci și patru decembrie două mii douăzeci și șase``; the first is ``întâi``."""
        number = "întâi" if day.day == 1 else self.cardinal(day.day)
        said = f"{number} {self.month(day.month)}"
        return said if day.year is None else f"{said} {self.cardinal(day.year)}"

    def clock(self, clock: Clock, at: bool) -> str:
        """``ora zece și treizeci de minute``, ``la ora douăzeci și unu``."""
        hour = SMALL[1] if clock.hour == 1 else self.cardinal(clock.hour, "n")
        minutes = f" și {self.counted(clock.minute, self.units['minute'])}" if clock.minute else ""
        return f"{'la ' if at else ''}ora {hour}{minutes}"


def _below_thousand(number: int, gender: Gender) -> str:
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return _below_100(rest, gender)
    said = "o sută" if hundreds == 1 else f"{_below_100(hundreds, 'f')} sute"
    return f"{said} {_below_100(rest, gender)}" if rest else said


def _below_100(number: int, gender: Gender) -> str:
    own = {"f": FEMININE, "n": NEUTER}.get(gender, {})
    tens, ones = divmod(number, 10)
    if number < 20:
        return own.get(number, SMALL[number])
    return f"{TENS[tens]} și {own.get(ones, SMALL[ones])}" if ones else TENS[tens]


def _feminine_ordinal(words: str) -> str:
    ending = next(ending for ending in FEMININE_ORDINALS if words.endswith(ending))
    return words.removesuffix(ending) + FEMININE_ORDINALS[ending]
