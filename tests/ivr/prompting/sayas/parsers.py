"""Words → number, one strict reader per language, written apart from the code under test.

A reader takes exactly the well-formed cardinals of its language (masculine, from 0): wrong genders before thousands,
wrong plural forms, missing or needless connectors are ``NotANumber``.
"""

from __future__ import annotations

from collections.abc import Callable

Reader = Callable[[str], int]


class NotANumber(ValueError):
    """These words are no cardinal of the language."""


def table(words: str, start: int = 1, step: int = 1) -> dict[str, int]:
    return {word: start + step * index for index, word in enumerate(words.split())}


def take(words: list[str], choices: dict[str, int]) -> int:
    """The value of the next word when it is one of these, else 0; takes it off."""
    if words and words[0] in choices:
        return choices[words.pop(0)]
    return 0


def slavic_form(number: int) -> int:
    """0 one, 1 few, 2 many."""
    if 11 <= number % 100 <= 14:
        return 2
    return {1: 0, 2: 1, 3: 1, 4: 1}.get(number % 10, 2)


def baltic_form(number: int) -> int:
    """0 one, 1 few, 2 the genitive plural."""
    if number % 10 == 0 or 11 <= number % 100 <= 19:
        return 2
    return 0 if number % 10 == 1 else 1


class Grouped:
    """Languages whose numbers are hundreds, tens and ones before each scale: uk, ru, lt."""

    def __init__(
        self,
        zero: str,
        hundreds: dict[str, int],
        tens: dict[str, int],
        teens: dict[str, int],
        ones: dict[str, int],
        thousand_ones: dict[str, int],
        thousands: tuple[str, str, str],
        form: Callable[[int], int],
        hundred: tuple[str, str] | None = None,
    ) -> None:
        self.zero, self.hundreds, self.tens, self.teens, self.ones = zero, hundreds, tens, teens, ones
        self.thousand_ones, self.thousands, self.form, self.hundred = thousand_ones, thousands, form, hundred

    def __call__(self, text: str) -> int:
        if text == self.zero:
            return 0
        words = text.split(" ")
        before = next((index for index, word in enumerate(words) if word in self.thousands), -1)
        count = 0
        if before >= 0:
            count = self._below_thousand(words[:before], self.thousand_ones)
            if words[before] != self.thousands[self.form(count)]:
                raise NotANumber(text)
        rest = words[before + 1 :]
        return count * 1000 + (self._below_thousand(rest, self.ones) if rest else 0)

    def _below_thousand(self, words: list[str], ones: dict[str, int]) -> int:
        words = list(words)
        value = 0
        if self.hundred is None:
            value += take(words, self.hundreds)
        elif len(words) > 1 and words[1] in self.hundred:  # "du šimtai"
            count = take(words, self.ones)
            if not count or words.pop(0) != self.hundred[count > 1]:
                raise NotANumber(words)
            value += count * 100
        teen = take(words, self.teens)
        if not teen:
            value += take(words, self.tens) + take(words, ones)
        if words or not value + teen:
            raise NotANumber(words)
        return value + teen


ukrainian = Grouped(
    "нуль",
    table("сто двісті триста чотириста п'ятсот шістсот сімсот вісімсот дев'ятсот", 100, 100),
    table("двадцять тридцять сорок п'ятдесят шістдесят сімдесят вісімдесят дев'яносто", 20, 10),
    table(
        "десять одинадцять дванадцять тринадцять чотирнадцять п'ятнадцять шістнадцять сімнадцять вісімнадцять "
        "дев'ятнадцять",
        10,
    ),
    table("один два три чотири п'ять шість сім вісім дев'ять"),
    table("одна дві три чотири п'ять шість сім вісім дев'ять"),
    ("тисяча", "тисячі", "тисяч"),
    slavic_form,
)
russian = Grouped(
    "ноль",
    table("сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот", 100, 100),
    table("двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто", 20, 10),
    table(
        "десять одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать "
        "девятнадцать",
        10,
    ),
    table("один два три четыре пять шесть семь восемь девять"),
    table("одна две три четыре пять шесть семь восемь девять"),
    ("тысяча", "тысячи", "тысяч"),
    slavic_form,
)
lithuanian = Grouped(
    "nulis",
    {},
    table(
        "dvidešimt trisdešimt keturiasdešimt penkiasdešimt šešiasdešimt septyniasdešimt aštuoniasdešimt devyniasdešimt",
        20,
        10,
    ),
    table(
        "dešimt vienuolika dvylika trylika keturiolika penkiolika šešiolika septyniolika aštuoniolika devyniolika", 10
    ),
    table("vienas du trys keturi penki šeši septyni aštuoni devyni"),
    table("vienas du trys keturi penki šeši septyni aštuoni devyni"),
    ("tūkstantis", "tūkstančiai", "tūkstančių"),
    baltic_form,
    ("šimtas", "šimtai"),
)

EN_SMALL = table(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
EN_TENS = table("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10)
EN_BELOW_100 = {
    **EN_SMALL,
    **EN_TENS,
    **{f"{tens}-{one}": EN_TENS[tens] + EN_SMALL[one] for tens in EN_TENS for one in [*EN_SMALL][:9]},
}


def english(text: str) -> int:
    if text == "zero":
        return 0
    head, thousand, tail = text.partition(" thousand") if " thousand" in text else ("", "", text)
    count = english_below_1000(head) * 1000 if thousand else 0
    if not tail:
        return count
    if not thousand:
        return english_below_1000(tail)
    if tail.startswith(" and "):
        return count + EN_BELOW_100[tail.removeprefix(" and ")]
    rest = english_below_1000(tail.removeprefix(" "))
    if rest < 100:
        raise NotANumber(text)
    return count + rest


def english_below_1000(text: str) -> int:
    if text in EN_BELOW_100:
        return EN_BELOW_100[text]
    head, hundred, tail = text.partition(" hundred")
    if not hundred or head not in [*EN_SMALL][:9]:
        raise NotANumber(text)
    if not tail:
        return EN_SMALL[head] * 100
    if not tail.startswith(" and "):
        raise NotANumber(text)
    return EN_SMALL[head] * 100 + EN_BELOW_100[tail.removeprefix(" and ")]


NB_SMALL = table(
    "en to tre fire fem seks sju åtte ni ti elleve tolv tretten fjorten femten seksten sytten atten nitten"
)
NB_TENS = table("tjue tretti førti femti seksti sytti åtti nitti", 20, 10)


def norwegian_below_100(one: str) -> dict[str, int]:
    ones = {**{word: value for word, value in NB_SMALL.items() if 1 < value < 10}, one: 1}
    small = {**{word: value for word, value in NB_SMALL.items() if value > 1}, one: 1}
    return {**small, **NB_TENS, **{tens + word: NB_TENS[tens] + ones[word] for tens in NB_TENS for word in ones}}


def norwegian(text: str) -> int:
    if text == "null":
        return 0
    head, thousand, tail = text.partition(" tusen") if " tusen" in text else ("", "", text)
    if not thousand:
        return norwegian_below_1000(tail, "en")
    count = norwegian_below_1000(head, "ett") * 1000
    if not tail:
        return count
    if tail.startswith(" og "):
        return count + norwegian_below_100("en")[tail.removeprefix(" og ")]
    rest = norwegian_below_1000(tail.removeprefix(" "), "en")
    if rest < 100:
        raise NotANumber(text)
    return count + rest


def norwegian_below_1000(text: str, one: str) -> int:
    below = norwegian_below_100(one)
    if text in below:
        return below[text]
    head, hundred, tail = text.partition(" hundre")
    count = norwegian_below_100("ett").get(head, 0)
    if not hundred or not 1 <= count <= 9 or (tail and not tail.startswith(" og ")):
        raise NotANumber(text)
    return count * 100 + (below[tail.removeprefix(" og ")] if tail else 0)


RO_MASCULINE = table(
    "unu doi trei patru cinci șase șapte opt nouă zece unsprezece doisprezece treisprezece paisprezece cincisprezece "
    "șaisprezece șaptesprezece optsprezece nouăsprezece"
)
RO_FEMININE = {
    {"unu": "una", "doi": "două", "doisprezece": "douăsprezece"}.get(w, w): n for w, n in RO_MASCULINE.items()
}
RO_TENS = table("douăzeci treizeci patruzeci cincizeci șaizeci șaptezeci optzeci nouăzeci", 20, 10)


def romanian(text: str) -> int:
    if text == "zero":
        return 0
    words = text.split(" ")
    if words[:2] == ["o", "mie"]:
        return 1000 + (romanian_below_1000(words[2:], RO_MASCULINE) if words[2:] else 0)
    if "mii" not in words:
        return romanian_below_1000(words, RO_MASCULINE)
    at = words.index("mii")
    before, rest = words[:at], words[at + 1 :]
    has_de = before[-1] == "de"
    count = romanian_below_1000(before[: -1 if has_de else None], RO_FEMININE)
    if count < 2 or has_de != (count % 100 == 0 or count % 100 >= 20):
        raise NotANumber(text)
    return count * 1000 + (romanian_below_1000(rest, RO_MASCULINE) if rest else 0)


def romanian_below_1000(words: list[str], small: dict[str, int]) -> int:
    words, value = list(words), 0
    if words[:2] == ["o", "sută"]:
        value, words = 100, words[2:]
    elif len(words) > 1 and words[1] == "sute":
        count = RO_FEMININE[words[0]]
        if not 2 <= count <= 9:
            raise NotANumber(words)
        value, words = count * 100, words[2:]
    if not words:
        return value
    if words[0] in RO_TENS and len(words) == 1:
        return value + RO_TENS[words[0]]
    if words[0] in RO_TENS and words[1] == "și" and len(words) == 3 and small[words[2]] < 10:
        return value + RO_TENS[words[0]] + small[words[2]]
    if len(words) == 1 and words[0] in small:
        return value + small[words[0]]
    raise NotANumber(words)


READERS: dict[str, Reader] = {
    "en": english,
    "uk": ukrainian,
    "ru": russian,
    "nb": norwegian,
    "ro": romanian,
    "lt": lithuanian,
}
