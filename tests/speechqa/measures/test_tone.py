"""A brand's tone held against an agent."""

from __future__ import annotations

import pytest

from clearline.tone import ToneRules
from speechqa.judgement import AnalysisSettings, judge
from speechqa.measures import tone
from tests.speechqa.measures.talks import ENGLISH, Line, talk

RULES = ToneRules("en", longest_sentence=3, avoid={"no problem": "you are welcome", "unfortunately": ""})
CALL: tuple[Line, ...] = (
    ("customer", 0.0, "Thank you. No problem for me."),
    ("agent", 3.0, "No problem. Unfortunately it is no problem that I can solve today."),
)


def test_the_finding_has_the_words_own_time_the_sentence_and_what_to_say_instead() -> None:
    call = talk(CALL)
    found = tone.measure(call, ENGLISH, RULES)
    said = {word.text.strip(".").casefold(): word for word in call.words_of("agent")[2:]}
    assert [(each.quote.split()[0], each.say_instead) for each in found] == [
        ("No", "you are welcome"),
        ("Unfortunately", "you are welcome"),
        ("Unfortunately", ""),
    ]
    assert found[0].start_s == 3.0
    assert (found[1].start_s, found[1].end_s) == (said["no"].start_s, said["problem"].end_s)
    assert found[2].start_s == said["unfortunately"].start_s
    assert all(each.rule == "tone" and each.party == "agent" and each.why for each in found)


def test_the_customer_is_free_to_say_it_and_long_sentences_are_not_judged() -> None:
    assert tone.measure(talk(CALL[:1]), ENGLISH, RULES) == ()
    assert tone.measure(talk([("agent", 0.0, "One two three four five six.")]), ENGLISH, RULES) == ()


def test_every_place_of_a_word_is_found_once() -> None:
    call = talk([("agent", 0.0, "No problem, no problem, no problem.")])
    found = tone.measure(call, ENGLISH, RULES)
    assert [each.start_s for each in found] == [word.start_s for word in call.words[::2]]


def test_formality_is_told_by_pronouns() -> None:
    rules = ToneRules("uk", formality="formal")
    found = tone.measure(talk([("agent", 0.0, "Чим тобі допомогти?")]), ENGLISH, rules)
    assert [each.quote for each in found] == ["Чим тобі допомогти?"]
    assert "formal way" in found[0].why


@pytest.mark.parametrize(("language", "count"), [("en", 3), ("nb", 0)])
def test_a_brand_adds_findings_in_the_calls_language_and_leaves_the_score(language: str, count: int) -> None:
    plain = judge(talk(CALL))
    branded = judge(talk(CALL), settings=AnalysisSettings(tone={language: RULES}))
    assert branded.findings is not None
    assert [each.rule for each in branded.findings].count("tone") == count
    assert branded.score == plain.score
    times = [each.start_s for each in branded.findings]
    assert times == sorted(times)
