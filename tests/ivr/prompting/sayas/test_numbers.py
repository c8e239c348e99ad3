"""Numbers in six languages: native forms, then words → number by strict readers, then laws of plurals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.prompting.sayas import LANGUAGES, SayAsError, say_as
from tests.ivr.prompting.sayas.parsers import READERS, NotANumber, baltic_form, slavic_form

NUMBERS = [0, 1, 2, 5, 11, 21, 22, 25, 101, 1001, 1_000_000]
NATIVE = {
    "en": "zero|one|two|five|eleven|twenty-one|twenty-two|twenty-five|one hundred and one|one thousand and one|"
    "one million",
    "uk": "нуль|один|два|п'ять|одинадцять|двадцять один|двадцять два|двадцять п'ять|сто один|одна тисяча один|"
    "один мільйон",
    "ru": "ноль|один|два|пять|одиннадцать|двадцать один|двадцать два|двадцать пять|сто один|одна тысяча один|"
    "один миллион",
    "nb": "null|en|to|fem|elleve|tjueen|tjueto|tjuefem|ett hundre og en|ett tusen og en|en million",
    "ro": "zero|unu|doi|cinci|unsprezece|douăzeci și unu|douăzeci și doi|douăzeci și cinci|o sută unu|"
    "o mie unu|un milion",
    "lt": "nulis|vienas|du|penki|vienuolika|dvidešimt vienas|dvidešimt du|dvidešimt penki|vienas šimtas vienas|"
    "vienas tūkstantis vienas|vienas milijonas",
}
OTHERS = [
    ("number", -5, "en", "", "minus five"),
    ("number", "-12.50", "en", "", "minus twelve point five"),
    ("number", 1234, "en", "", "one thousand two hundred and thirty-four"),
    ("number", 0.05, "en", "", "zero point zero five"),
    ("number", 1e-5, "en", "", "zero point zero zero zero zero one"),
    (
        "number",
        999_999_999_999,
        "nb",
        "",
        "ni hundre og nittini milliarder ni hundre og nittini millioner ni hundre og "
        "nittini tusen ni hundre og nittini",
    ),
    ("number", 21, "uk", "f", "двадцять одна"),
    ("number", 22, "uk", "f", "двадцять дві"),
    ("number", 1, "uk", "n", "одне"),
    ("number", 22_000, "uk", "", "двадцять дві тисячі"),
    ("number", 12.5, "uk", "", "дванадцять цілих п'ять десятих"),
    ("number", 1.21, "uk", "", "одна ціла двадцять одна сота"),
    ("number", 0.125, "ru", "", "ноль целых сто двадцать пять тысячных"),
    ("number", 0.0125, "ru", "", "ноль запятая ноль один два пять"),
    ("number", 21, "ru", "n", "двадцать одно"),
    ("number", 2, "ru", "f", "две"),
    ("number", 21, "nb", "n", "tjueett"),
    ("number", 21_000, "nb", "", "tjueett tusen"),
    ("number", 1100, "nb", "", "ett tusen ett hundre"),
    ("number", 21_000_001, "nb", "", "tjueen millioner og en"),
    ("number", 12.5, "nb", "", "tolv komma fem"),
    ("number", 12.05, "nb", "", "tolv komma null fem"),
    ("number", 21_000, "ro", "", "douăzeci și una de mii"),
    ("number", 22_000, "ro", "", "douăzeci și două de mii"),
    ("number", 19_000, "ro", "", "nouăsprezece mii"),
    ("number", 21_000_000, "ro", "", "douăzeci și unu de milioane"),
    ("number", 2_000_002, "ro", "", "două milioane doi"),
    ("number", 12, "ro", "f", "douăsprezece"),
    ("number", 12.25, "ro", "", "doisprezece virgulă douăzeci și cinci"),
    ("number", 10_000, "lt", "", "dešimt tūkstančių"),
    ("number", 11_000, "lt", "", "vienuolika tūkstančių"),
    ("number", 21_000, "lt", "", "dvidešimt vienas tūkstantis"),
    ("number", 25, "lt", "f", "dvidešimt penkios"),
    ("number", -1.5, "lt", "", "minus vienas kablelis penki"),
    ("ordinal", 21, "en", "", "twenty-first"),
    ("ordinal", 112, "en", "", "one hundred and twelfth"),
    ("ordinal", 3, "uk", "", "третій"),
    ("ordinal", 3, "uk", "f", "третя"),
    ("ordinal", 23, "uk", "n", "двадцять третє"),
    ("ordinal", 1001, "uk", "", "тисяча перший"),
    ("ordinal", 40, "uk", "f", "сорокова"),
    ("ordinal", 3, "ru", "f", "третья"),
    ("ordinal", 40, "ru", "", "сороковой"),
    ("ordinal", 200, "ru", "n", "двухсотое"),
    ("ordinal", 1, "nb", "", "første"),
    ("ordinal", 7, "nb", "", "sjuende"),
    ("ordinal", 13, "nb", "", "trettende"),
    ("ordinal", 22, "nb", "", "tjueandre"),
    ("ordinal", 30, "nb", "", "trettiende"),
    ("ordinal", 100, "nb", "", "hundrede"),
    ("ordinal", 1000, "nb", "", "tusende"),
    ("ordinal", 105, "nb", "", "ett hundre og femte"),
    ("ordinal", 1, "ro", "", "primul"),
    ("ordinal", 1, "ro", "f", "prima"),
    ("ordinal", 2, "ro", "f", "a doua"),
    ("ordinal", 8, "ro", "", "al optulea"),
    ("ordinal", 8, "ro", "f", "a opta"),
    ("ordinal", 12, "ro", "f", "a douăsprezecea"),
    ("ordinal", 20, "ro", "f", "a douăzecea"),
    ("ordinal", 21, "ro", "", "al douăzeci și unulea"),
    ("ordinal", 1, "lt", "", "pirmas"),
    ("ordinal", 3, "lt", "f", "trečia"),
    ("ordinal", 12, "lt", "f", "dvylikta"),
    ("ordinal", 20, "lt", "", "dvidešimtas"),
    ("ordinal", 101, "lt", "", "šimtas pirmas"),
    ("ordinal", 2, "lt", "f", "antra"),
    ("number", "+7", "en", "", "seven"),
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_native_numbers(language: str) -> None:
    assert [say_as("number", number, language) for number in NUMBERS] == NATIVE[language].split("|")


@pytest.mark.parametrize(("kind", "value", "language", "form", "words"), OTHERS)
def test_native_forms(kind: str, value: int | float | str, language: str, form: str, words: str) -> None:
    assert say_as(kind, value, language, form=form) == words


@pytest.mark.parametrize("language", LANGUAGES)
@given(number=st.integers(0, 999_999))
def test_every_number_is_understood_again(language: str, number: int) -> None:
    assert READERS[language](say_as("number", number, language)) == number


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_edges_of_every_group_are_understood_again(language: str) -> None:
    for number in [*range(1, 131), *range(990, 1131), *(n * 1000 + m for n in range(1, 131) for m in (0, 1, 21, 200))]:
        assert READERS[language](say_as("number", number, language)) == number


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("uk", "один тисяча"),
        ("uk", "дві тисяч"),
        ("ru", "двадцать один тысяча"),
        ("nb", "en tusen"),
        ("nb", "ett hundre en"),
        ("ro", "douăzeci mii"),
        ("ro", "douăzeci și unu de mii"),
        ("lt", "dešimt tūkstančiai"),
        ("lt", "du šimtas"),
        ("en", "one hundred one"),
    ],
)
def test_the_readers_are_strict(language: str, words: str) -> None:
    with pytest.raises((NotANumber, KeyError)):
        READERS[language](words)


@given(number=st.integers(0, 999_999))
def test_slavic_things_stand_in_three_forms(number: int) -> None:
    for language, forms in (("uk", ("хвилина", "хвилини", "хвилин")), ("ru", ("минута", "минуты", "минут"))):
        said = say_as("duration", number % 60 * 60 or 60, language).split()[-1]
        assert said == forms[slavic_form(number % 60 or 1)]
    euros = say_as("money", number, "uk", currency="UAH").split()[-1]
    assert euros == ("гривня", "гривні", "гривень")[slavic_form(number)]


@given(number=st.integers(0, 999_999))
def test_lithuanian_tens_and_teens_ask_for_the_genitive(number: int) -> None:
    assert say_as("money", number, "lt", currency="EUR").split()[-1] == ("euras", "eurai", "eurų")[baltic_form(number)]


@given(number=st.integers(2, 999_999))
def test_romanian_says_de_from_twenty_on(number: int) -> None:
    said = say_as("money", number, "ro", currency="RON")
    assert said.endswith(" de lei") == (number % 100 == 0 or number % 100 >= 20)
    assert said.endswith(" lei")


@given(number=st.integers(1, 999_999))
def test_norwegian_neuter_things_are_counted_with_ett(number: int) -> None:
    said = say_as("money", number, "nb", currency="GBP").removesuffix(" pund")
    assert said.endswith("ett") == (number % 10 == 1 and number % 100 != 11)
    assert not said.endswith((" en", "ueen"))


@pytest.mark.parametrize(
    ("kind", "value", "sentence"),
    [
        ("number", "twelve", "is no number"),
        ("number", "", "is no number"),
        ("number", True, "is no number"),
        ("number", "1e5", "is no number"),
        ("number", float("nan"), "too large|no number"),
        ("number", float("inf"), "too large|no number"),
        ("number", 10**12, "too large to be said"),
        ("number", -(10**12), "too large to be said"),
        ("ordinal", 0, "no place in a row"),
        ("ordinal", -1, "no whole number"),
        ("ordinal", 2.5, "no whole number"),
        ("ordinal", 1_000_000, "no place in a row"),
        ("colour", 1, "there is no kind colour"),
        ("number/x", 1, "there is no kind"),
    ],
)
def test_what_is_no_number_is_refused_with_a_sentence(kind: str, value: int | float | str, sentence: str) -> None:
    with pytest.raises(SayAsError, match=sentence):
        say_as(kind, value, "en")


def test_a_form_that_the_kind_does_not_have_is_refused() -> None:
    with pytest.raises(SayAsError, match="there is no kind number/gen"):
        say_as("number", 1, "uk", form="gen")


def test_a_language_without_words_is_named() -> None:
    with pytest.raises(SayAsError, match="values are not said in 'ko', only in en, uk"):
        say_as("number", 1, "ko")
    assert say_as("number", 1, "en-GB") == "one"


def test_round_ordinals_that_lithuanian_hardly_uses_are_refused() -> None:
    with pytest.raises(SayAsError, match="use a number"):
        say_as("ordinal", 300, "lt")
