"""What agents say in six languages, written apart from the lexicons: sentences, endings, calls, other spellings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from speechqa import judge
from speechqa.conversation import Conversation, Party
from speechqa.measures import ending, wording
from speechqa.roles import weigh_roles
from speechqa.rubric.load import languages, load_lexicon
from tests.speechqa.measures.talks import Line, talk

SPOKEN = {
    path.stem: YAML(typ="safe").load(path.read_text("utf-8"))
    for path in sorted((Path(__file__).parent / "spoken").glob("*.yaml"))
}
SAID = [(language, *said) for language, spoken in SPOKEN.items() for said in spoken["said"]]
ENDINGS = [(language, *each) for language, spoken in SPOKEN.items() for each in spoken["endings"]]
CALLS = [(language, call) for language, spoken in SPOKEN.items() for call in spoken.get("calls", ())]
NAMES = [f"{language}-{call.get('name', call['ending'])}" for language, call in CALLS]
LABELS = ("recap", "next_step_dated", "offer_more_help", "positive_close", "no_renewed_apology", "no_reproach")
OTHER: dict[Party, Party] = {"agent": "customer", "customer": "agent"}


def found_in(language: str, text: str, party: Party = "agent") -> set[str]:
    """The rules that a party meets who says this."""
    lexicon = load_lexicon(language)
    return {each.rule for each in wording.measure(talk([(party, 0.0, text)], lexicon=lexicon), lexicon)}


def avoided(language: str, rules: set[str]) -> set[str]:
    return {rule for rule in rules if load_lexicon(language).rules[rule].kind == "avoid"}


def labels(met: dict[str, bool | None]) -> str:
    return "".join("1" if met[label] else "0" for label in LABELS)


def test_every_language_is_spoken() -> None:
    assert sorted(SPOKEN) == list(languages())


@pytest.mark.parametrize(("language", "rule", "text"), SAID)
def test_what_was_said(language: str, rule: str, text: str) -> None:
    found = found_in(language, text)
    assert rule in found if rule else not avoided(language, found)
    assert found_in(language, text, "customer") == set()


@pytest.mark.parametrize(("language", "label", "text"), ENDINGS)
def test_an_ending_meets_what_its_label_says(language: str, label: str, text: str) -> None:
    lexicon = load_lexicon(language)
    lines: list[Line] = [("agent", 0.0, "…"), ("customer", 3.0, "a b c d"), ("agent", 20.0, text)]
    found = ending.measure(talk(lines, duration_s=60.0, lexicon=lexicon), lexicon)
    assert labels({each.id: each.met for each in found.criteria}) == label


def conversation(language: str, call: dict[str, Any], *, exchanged: bool = False) -> Conversation:
    """The turns one after the other at 0.3 s a word."""
    lines: list[Line] = []
    at_s = 0.5
    for party, text in call["turns"]:
        lines.append((OTHER[party] if exchanged else party, at_s, text))
        at_s += 0.3 * len(text.split()) + 0.4
    return talk(lines, duration_s=at_s + 1.0, lexicon=load_lexicon(language))


@pytest.mark.parametrize(("language", "call"), CALLS, ids=NAMES)
def test_a_call_tells_its_agent(language: str, call: dict[str, Any]) -> None:
    lexicon, swapped = load_lexicon(language), call.get("swapped", False)
    given = weigh_roles(conversation(language, call), lexicon)
    exchanged = weigh_roles(conversation(language, call, exchanged=True), lexicon)
    assert given.swapped is swapped
    assert (given.right < exchanged.right) is swapped


RIGHT_WAY = [(each, name) for each, name in zip(CALLS, NAMES, strict=True) if not each[1].get("swapped")]


@pytest.mark.parametrize(("language", "call"), [each for each, _ in RIGHT_WAY], ids=[name for _, name in RIGHT_WAY])
def test_a_call_is_judged_in_its_language(language: str, call: dict[str, Any]) -> None:
    judged = judge(conversation(language, call))
    found = {each.rule for each in judged.findings or ()}
    assert labels({each.id: each.met for each in judged.ending.criteria}) == call["ending"]
    assert avoided(language, found) == set(call["avoided"])
    assert set(call["credited"]) <= found
    assert all(each.quote for each in judged.findings or ())


SLIPS = [
    ("en", "dont_know", "I don't know what happened.", "i dont no what happened"),
    ("en", "not_my_problem", "It's not my problem.", "its not my problem"),
    ("en", "reproach", "You should've called us.", "you shouldve called us"),
    ("en", "over_promise", "It won't ever happen again.", "it wont ever happen again"),
    ("uk", "dont_care", "Мені байдуже.", "мени байдуже"),
    ("uk", "dont_know", "Не знаю, чому так.", "незнаю чому так"),
    ("uk", "flat_no", "Це неможливо.", "це не можливо"),
    ("ru", "dont_know", "Не знаю, почему так.", "незнаю почему так"),
    ("ru", "dont_care", "Мне всё равно.", "мне все равно"),
    ("ru", "flat_no", "Это невозможно.", "это не возможно"),
    ("nb", "dont_know", "Jeg vet ikke hvorfor.", "eg veit ikkje hvorfor"),
    ("nb", "not_my_problem", "Det er ikke mitt problem.", "de er ikke mitt problem"),
    ("ro", "dont_know", "Nu știu de ce.", "nu stiu de ce"),
    ("ro", "gushing_apology", "Mi-e tare rușine.", "mi e tare rusine"),
    ("lt", "dont_know", "Nežinau, kodėl taip.", "nezinau kodel taip"),
    ("lt", "dont_care", "Man nerūpi.", "man nerupi"),
]


@pytest.mark.parametrize(("language", "rule", "written", "heard"), SLIPS)
def test_slips_of_recognisers_make_no_difference(language: str, rule: str, written: str, heard: str) -> None:
    assert rule in found_in(language, written)
    assert rule in found_in(language, heard)


NOT_SAID = [
    ("en", "You said that {}", "It is not that {}", "I don't care."),
    ("uk", "Ви сказали, що {}", "Це не означає, що {}", "мені байдуже."),
    ("ru", "Вы сказали, что {}", "Это не значит, что {}", "мне безразлично."),
    ("nb", "Du sa at {}", "Det er ikke slik at {}", "jeg bryr meg ikke."),
    ("ro", "Ați spus că {}", "Nu e adevărat că {}", "nu-mi pasă."),
    ("lt", "Sakėte, kad {}", "Tai nereiškia, kad {}", "man nerūpi."),
]


@pytest.mark.parametrize(("language", "quoting", "denying", "said"), NOT_SAID)
def test_neither_quoted_nor_denied(language: str, quoting: str, denying: str, said: str) -> None:
    assert "dont_care" in found_in(language, said)
    for frame in (quoting, denying):
        assert avoided(language, found_in(language, frame.format(said))) == set()
        assert avoided(language, found_in(language, frame.format(said).lower().replace(",", "").rstrip("."))) == set()


@pytest.mark.parametrize("word", ["п'ять", "п’ять", "пʼять", "п`ять", "пять", "П'ЯТЬ", "п'я\u0301ть"])
def test_apostrophes_and_stress_marks_make_no_difference_in_ukrainian(word: str) -> None:
    assert load_lexicon("uk").tokens(word) == ("пять",)


@pytest.mark.parametrize(
    ("text", "plain"), [("Всё ещё", "все еще"), ("Чем помо\u0301чь?", "чем помочь"), ("щас, объект", "сейчас обьект")]
)
def test_yo_stress_marks_and_short_forms_make_no_difference_in_russian(text: str, plain: str) -> None:
    assert load_lexicon("ru").normal(text) == tuple(plain.split())


@pytest.mark.parametrize(
    "text", ["Це не моя проблема", "вибачте за незручности ще раз", "зв’яжуся з вами завтра о десятій"]
)
def test_i_and_y_may_be_mixed_up_in_ukrainian(text: str) -> None:
    assert found_in("uk", text) == found_in("uk", text.replace("і", "и").replace("ї", "и"))
