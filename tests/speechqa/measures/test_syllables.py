"""Syllables against words and sentences counted by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from speechqa.conversation import Word
from speechqa.measures import pace
from speechqa.measures.spoken import count_syllables
from speechqa.rubric.load import load_speaking
from tests.speechqa.measures.talks import ENGLISH, talk

COUNTED = YAML(typ="safe").load(Path(__file__).with_name("syllables.yaml").read_text(encoding="utf-8"))

SENTENCES = {  # not those that the rules were made on; syllables counted by hand
    "en": [("Your parcel left the warehouse on Tuesday and should arrive within two working days.", 20)],
    "uk": [("Я бачу, що ваше замовлення вже відправлено, кур'єр зателефонує вам перед доставкою.", 30)],
    "ru": [("Я вижу, что ваша посылка уже отправлена, курьер позвонит вам перед приездом.", 26)],
    "nb": [("Jeg ser at pakken din ble sendt i går, og den kommer frem i løpet av to dager.", 22)],
    "ro": [("Văd că pachetul dumneavoastră a plecat ieri și va ajunge în două zile.", 23)],
    "lt": [("Matau, kad jūsų siunta jau išsiųsta ir kurjeris paskambins prieš pristatydamas.", 24)],
}


@pytest.mark.parametrize("language", sorted(COUNTED))
def test_words_counted_by_hand(language: str) -> None:
    rule = load_speaking(language).syllables
    assert rule is not None and len(COUNTED[language]) >= 40
    wrong = {
        word: (wanted, rule.count(word)) for word, wanted in COUNTED[language].items() if rule.count(word) != wanted
    }
    assert wrong == {}


@pytest.mark.parametrize(("language", "said", "wanted"), [(k, *each) for k, v in SENTENCES.items() for each in v])
def test_sentences_that_the_rules_were_not_made_on(language: str, said: str, wanted: int) -> None:
    words = [Word("agent", each, 0, 1) for each in said.split()]
    assert count_syllables(words, load_speaking(language)) == pytest.approx(wanted, abs=1), said


def test_numbers_count_as_they_are_spoken() -> None:
    number = [Word("agent", "1985", 0, 1)]
    assert count_syllables(number, ENGLISH) == pytest.approx(3 * 1.4)  # nineteen eighty five


def test_a_language_without_a_rule_has_no_articulation_rate() -> None:
    call = talk([("agent", 0.0, "one two three four")])
    found = pace.measure(call, "agent", load_speaking("ko"))
    assert (found.syllables, found.articulation_rate_sps) == (None, None)
    assert found.articulation_rate_wpm == pytest.approx(200)


def test_a_region_does_not_change_the_language() -> None:
    assert load_speaking("uk-UA") is load_speaking("uk")
