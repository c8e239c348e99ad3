"""Paraphrases: every rule has its own, none is a lexicon's example, and lexicons find them."""

from __future__ import annotations

import pytest

from benchmarks.judgement.paraphrases import LANGUAGES, PARTS, met, outcomes, read_paraphrases, share_found
from speechqa.rubric.load import load_lexicon

ENDINGS = {"offer_more_help", "positive_close"}
FOUND = {"worked": 0.95, "kept back": 0.8}
TRAPPED = 0.06


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_of_wording_is_paraphrased(language: str) -> None:
    rules = {rule.id for rule in load_lexicon(language).of_kind("avoid", "credit")} - {"uses_name"}
    assert set(read_paraphrases(language)) == rules | ENDINGS


@pytest.mark.parametrize("language", LANGUAGES)
def test_lexicons_find_paraphrases_and_pass_by_traps(language: str) -> None:
    among = list(outcomes(language))
    for part in PARTS:
        assert share_found(among, part, wanted=True) >= FOUND[part]
        assert share_found(among, part, wanted=False) <= TRAPPED


def test_what_is_kept_back_is_a_third() -> None:
    among = list(outcomes("en"))
    kept = sum(each.part == "kept back" for each in among)
    assert 0.28 < kept / len(among) < 1 / 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_to_credit_meets_a_rule_to_avoid(language: str) -> None:
    lexicon = load_lexicon(language)
    avoid = [rule.id for rule in lexicon.of_kind("avoid")]
    good = [text for rule, each in read_paraphrases(language).items() if rule not in avoid for text in each.said]
    assert len(good) > 100
    assert [(rule, text) for text in good for rule in avoid if met(rule, text, lexicon)] == []
