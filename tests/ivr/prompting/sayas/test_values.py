"""Money, dates, times, lengths of time, rows of digits: native forms by hand, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.prompting.sayas import LANGUAGES, SayAsError, Value, say_as
from ivr.prompting.sayas.reading import grouped

MONEY = [
    ("en", "USD", "1.00", "one dollar"),
    ("en", "EUR", "2.50", "two euros and fifty cents"),
    ("en", "GBP", "5.01", "five pounds and one penny"),
    ("en", "EUR", 0, "zero euros"),
    ("en", "EUR", 0.5, "fifty cents"),
    ("en", "EUR", -12.5, "minus twelve euros and fifty cents"),
    ("en", "EUR", "2.505", "two euros and fifty-one cents"),
    ("en", "EUR", "NOK 5", "five kroner"),
    ("en", "", "5 JPY", "five Japanese yen"),
    ("uk", "UAH", "1.00", "одна гривня"),
    ("uk", "UAH", "2.50", "дві гривні п'ятдесят копійок"),
    ("uk", "UAH", "5.21", "п'ять гривень двадцять одна копійка"),
    ("uk", "UAH", 11, "одинадцять гривень"),
    ("uk", "UAH", 21, "двадцять одна гривня"),
    ("uk", "USD", 22.02, "двадцять два долари два центи"),
    ("uk", "EUR", 1, "один євро"),
    ("ru", "RUB", "1.00", "один рубль"),
    ("ru", "RUB", "2.50", "два рубля пятьдесят копеек"),
    ("ru", "RUB", "5.21", "пять рублей двадцать одна копейка"),
    ("ru", "UAH", 2, "две гривны"),
    ("ru", "PLN", 2, "два злотых"),
    ("nb", "NOK", "1.00", "en krone"),
    ("nb", "NOK", "2.50", "to kroner og femti øre"),
    ("nb", "NOK", "5.21", "fem kroner og tjueen øre"),
    ("nb", "GBP", 1, "ett pund"),
    ("ro", "RON", "1.00", "un leu"),
    ("ro", "RON", "2.50", "doi lei și cincizeci de bani"),
    ("ro", "RON", "5.21", "cinci lei și douăzeci și unu de bani"),
    ("ro", "RON", 19, "nouăsprezece lei"),
    ("ro", "RON", 20, "douăzeci de lei"),
    ("ro", "RON", 101, "o sută unu lei"),
    ("ro", "UAH", 1, "o hrivnă"),
    ("ro", "UAH", 22, "douăzeci și două de hrivne"),
    ("lt", "EUR", "1.00", "vienas euras"),
    ("lt", "EUR", "2.50", "du eurai penkiasdešimt centų"),
    ("lt", "EUR", "5.21", "penki eurai dvidešimt vienas centas"),
    ("lt", "EUR", 10, "dešimt eurų"),
    ("lt", "NOK", 2, "dvi kronos"),
]
OTHERS = [
    ("en", "date", "2026-12-24", "", "December twenty-fourth, twenty twenty-six"),
    ("en", "date", "2005-01-01", "", "January first, two thousand and five"),
    ("en", "date", "12-24", "", "December twenty-fourth"),
    ("en", "day", "2026-12-24", "", "Thursday, December twenty-fourth"),
    ("en", "time", "10:30", "", "ten thirty AM"),
    ("en", "time", "12:00", "at", "at noon"),
    ("en", "time", "00:05", "", "twelve oh five AM"),
    ("en", "time", "23:59:59", "", "eleven fifty-nine PM"),
    ("en", "datetime", "2026-12-24T15:00", "", "December twenty-fourth, twenty twenty-six at three PM"),
    ("en", "duration", "1h30m", "", "one hour thirty minutes"),
    ("en", "duration", 61, "", "one minute one second"),
    ("en", "duration", 0, "", "zero seconds"),
    ("en", "yes_no", True, "", "yes"),
    ("en", "letters", "AB-12", "", "A, B, one, two"),
    ("en", "digits", "4711", "", "four seven, one one"),
    ("en", "digits", 47, "", "four seven"),
    ("en", "phone", "+1 415 555 0123", "", "plus one, four one five, five five five, zero one two three"),
    ("uk", "date", "2026-12-24", "", "двадцять четвертого грудня дві тисячі двадцять шостого року"),
    ("uk", "date", "2000-03-03", "nom", "третє березня двохтисячного року"),
    ("uk", "day", "2026-12-24", "", "четвер, двадцять четвертого грудня"),
    ("uk", "time", "10:30", "", "десята година тридцять хвилин"),
    ("uk", "time", "11:00", "at", "об одинадцятій годині"),
    ("uk", "time", "22:01", "at", "о двадцять другій годині одна хвилина"),
    ("uk", "duration", "1m", "acc", "одну хвилину"),
    ("uk", "duration", "22h", "", "двадцять дві години"),
    ("uk", "phone", "+380671234567", "", "плюс три вісім нуль, шість сім, один два три, чотири п'ять, шість сім"),
    ("uk", "yes_no", False, "", "ні"),
    ("ru", "date", "2026-12-24", "", "двадцать четвёртого декабря две тысячи двадцать шестого года"),
    ("ru", "date", "1999-03-03", "", "третьего марта тысяча девятьсот девяносто девятого года"),
    ("ru", "time", "21:01", "at", "в двадцать один час одну минуту"),
    ("ru", "time", "2:00", "", "два часа"),
    ("ru", "duration", "5d", "", "пять дней"),
    ("nb", "date", "2026-12-24", "", "tjuefjerde desember tjue tjueseks"),
    ("nb", "date", "1984-05-17", "", "syttende mai nitten åttifire"),
    ("nb", "date", "1905-06-07", "", "sjuende juni nitten hundre og fem"),
    ("nb", "date", "2009-06-07", "", "sjuende juni to tusen og ni"),
    ("nb", "day", "2026-12-24", "", "torsdag tjuefjerde desember"),
    ("nb", "time", "15:05", "at", "klokken femten null fem"),
    ("nb", "time", "0:00", "at", "ved midnatt"),
    ("nb", "duration", "21m", "", "tjueett minutter"),
    ("ro", "date", "2026-12-01", "", "întâi decembrie două mii douăzeci și șase"),
    ("ro", "day", "2026-12-24", "", "joi, douăzeci și patru decembrie"),
    ("ro", "time", "22:22", "at", "la ora douăzeci și două și douăzeci și două de minute"),
    ("ro", "time", "1:01", "", "ora unu și un minut"),
    ("ro", "duration", "2h", "", "două ore"),
    ("ro", "duration", "45m", "", "patruzeci și cinci de minute"),
    ("lt", "date", "2026-12-24", "", "du tūkstančiai dvidešimt šeštų metų gruodžio dvidešimt ketvirtą dieną"),
    ("lt", "date", "12-24", "gen", "gruodžio dvidešimt ketvirtos dienos"),
    ("lt", "date", "03-03", "nom", "kovo trečia diena"),
    ("lt", "day", "2026-12-24", "", "ketvirtadienį, gruodžio dvidešimt ketvirtą dieną"),
    ("lt", "time", "9:05", "at", "devintą valandą penkias minutes"),
    ("lt", "time", "10:30", "", "dešimta valanda trisdešimt minučių"),
    ("lt", "duration", "21m", "acc", "dvidešimt vieną minutę"),
    ("lt", "duration", "2m", "", "dvi minutės"),
]


@pytest.mark.parametrize(("language", "currency", "value", "words"), MONEY)
def test_native_sums_of_money(language: str, currency: str, value: Value, words: str) -> None:
    assert say_as("money", value, language, currency=currency) == words


@pytest.mark.parametrize(("language", "kind", "value", "form", "words"), OTHERS)
def test_native_forms(language: str, kind: str, value: Value, form: str, words: str) -> None:
    assert say_as(kind, value, language, form=form) == words


@pytest.mark.parametrize(
    ("kind", "value", "sentence"),
    [
        ("money", "much", "is no number"),
        ("money", "12 gold", "no sum of money"),
        ("money", "12 XQQ", "currency is not known"),
        ("money", 17, "names no currency"),
        ("money", 10**13, "too large"),
        ("date", "2026-02-30", "no such day"),
        ("date", "2027-02-29", "no such day"),
        ("date", "tomorrow", "no date"),
        ("date", 20261224, "no date"),
        ("day", "03-17", "with its year"),
        ("time", "24:00", "no time of day"),
        ("time", "11:60", "no time of day"),
        ("time", 1030, "no time of day"),
        ("datetime", "2026-11-23", "no time of day"),
        ("duration", "soon", "no length of time"),
        ("duration", "", "no length of time"),
        ("duration", -5, "not negative"),
        ("digits", "", "no row of digits"),
        ("digits", "12;34", "no row of digits"),
        ("digits", -5, "no row of digits"),
        ("digits", 1.5, "no row of digits"),
        ("digits", "1" * 41, "no row of digits"),
        ("phone", "call me", "no phone number"),
        ("phone", "98", "no phone number"),
        ("phone", "+" + "1" * 20, "no phone number"),
        ("yes_no", "aye", "neither true nor false"),
    ],
)
def test_what_is_of_another_kind_is_refused_with_a_sentence_that_keeps_the_value(
    kind: str, value: Value, sentence: str
) -> None:
    with pytest.raises(SayAsError, match=sentence) as refused:
        say_as(kind, value, "en")
    assert value in ("", True) or str(value) not in str(refused.value)


@pytest.mark.parametrize("language", LANGUAGES)
@given(day=st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_every_day_can_be_said_and_no_two_sound_alike(language: str, day: date) -> None:
    said = say_as("date", day.isoformat(), language)
    assert not any(character.isdigit() for character in said)
    other = day.replace(day=1 if day.day > 1 else 2)
    assert said != say_as("date", other.isoformat(), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_minutes_of_a_day_sound_alike(language: str) -> None:
    clocks = [f"{hour}:{minute:02}" for hour in range(24) for minute in range(60)]
    for form in ("", "at"):
        assert len({say_as("time", clock, language, form=form) for clock in clocks}) == 24 * 60


@pytest.mark.parametrize("language", LANGUAGES)
@given(row=st.text("0123456789", min_size=1, max_size=20))
def test_a_row_of_digits_is_said_digit_by_digit_in_groups(language: str, row: str) -> None:
    names = [say_as("number", digit, language) for digit in range(10)]
    said = say_as("digits", row, language)
    assert said.replace(",", "").split() == [names[int(digit)] for digit in row]


@given(row=st.text("0123456789", min_size=1, max_size=40))
def test_groups_have_two_or_three_digits(row: str) -> None:
    assert "".join(grouped(row)) == row
    assert len(row) < 2 or all(2 <= len(group) <= 3 for group in grouped(row))


@given(
    language=st.sampled_from([*LANGUAGES]),
    kind=st.sampled_from(["digits", "number", "ordinal", "money", "date", "day", "time", "datetime", "duration"]),
    value=st.one_of(st.text(max_size=30), st.integers(), st.floats(), st.booleans()),
)
def test_any_value_is_said_or_refused(language: str, kind: str, value: Value) -> None:
    try:
        assert say_as(kind, value, language, currency="EUR")
    except SayAsError as refused:
        assert str(refused)


@pytest.mark.parametrize(
    "currency", ["EUR", "USD", "GBP", "UAH", "RUB", "NOK", "SEK", "DKK", "RON", "MDL", "PLN", "CHF"]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_twelve_currencies_have_their_own_words_everywhere(language: str, currency: str) -> None:
    said = say_as("money", "1234.56", language, currency=currency)
    assert not any(character.isdigit() or character == "_" for character in said)
    assert say_as("money", "0.01", language, currency=currency) != say_as("money", "1", language, currency=currency)
