"""Norwegian, Romanian and Lithuanian agents: single sentences, endings, and whole calls through `speechqa.judge`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from speechqa import judge
from speechqa.conversation import Conversation, Party
from speechqa.measures import ending, wording
from speechqa.roles import weigh_roles
from speechqa.rubric.load import load_lexicon
from tests.speechqa.measures.talks import Line, talk

SPOKEN = {
    path.stem: YAML(typ="safe").load(path.read_text("utf-8"))
    for path in sorted((Path(__file__).parent / "spoken").glob("*.yaml"))
}
SAID = [(language, *said) for language, spoken in SPOKEN.items() for said in spoken["said"]]
ENDINGS = [(language, *each) for language, spoken in SPOKEN.items() for each in spoken["endings"]]
CALLS = [
    pytest.param(language, call, id=f"{language}-{call['ending']}")
    for language, spoken in SPOKEN.items()
    for call in spoken["calls"]
]
LABELS = ("recap", "next_step_dated", "offer_more_help", "positive_close", "no_renewed_apology", "no_reproach")
OTHER: dict[Party, Party] = {"agent": "customer", "customer": "agent"}


@pytest.mark.parametrize(("language", "rule", "text"), SAID)
def test_what_was_said(language: str, rule: str, text: str) -> None:
    lexicon = load_lexicon(language)
    found = wording.measure(talk([("agent", 0.0, text)], lexicon=lexicon), lexicon)
    if rule:
        assert rule in {each.rule for each in found}
    else:
        assert [each.rule for each in found if each.kind == "avoid"] == []
    assert wording.measure(talk([("customer", 0.0, text)], lexicon=lexicon), lexicon) == ()


@pytest.mark.parametrize(("language", "labels", "text"), ENDINGS)
def test_an_ending_meets_what_its_label_says(language: str, labels: str, text: str) -> None:
    lexicon = load_lexicon(language)
    lines: list[Line] = [("agent", 0.0, "…"), ("customer", 3.0, "a b c d"), ("agent", 20.0, text)]
    met = {
        each.id: each.met for each in ending.measure(talk(lines, duration_s=60.0, lexicon=lexicon), lexicon).criteria
    }
    assert "".join("1" if met[label] else "0" for label in LABELS) == labels


def conversation(language: str, call: dict[str, Any], *, swapped: bool = False) -> Conversation:
    lines: list[Line] = []
    at_s = 0.5
    for party, text in call["turns"]:
        lines.append((OTHER[party] if swapped else party, at_s, text))
        at_s += 0.3 * len(text.split()) + 0.4
    return talk(lines, duration_s=at_s + 1.0, lexicon=load_lexicon(language))


@pytest.mark.parametrize(("language", "call"), CALLS)
def test_a_call_is_judged_in_its_language(language: str, call: dict[str, Any]) -> None:
    lexicon = load_lexicon(language)
    judged = judge(conversation(language, call))
    met = {each.id: each.met for each in judged.ending.criteria}
    assert "".join("1" if met[label] else "0" for label in LABELS) == call["ending"]
    found = {each.rule for each in judged.findings or ()}
    assert {rule for rule in found if lexicon.rules[rule].kind == "avoid"} == set(call["avoided"])
    assert set(call["credited"]) <= found
    assert {each.party for each in judged.questions or ()} >= {"agent"}


@pytest.mark.parametrize(("language", "call"), CALLS)
def test_a_call_tells_its_agent(language: str, call: dict[str, Any]) -> None:
    lexicon = load_lexicon(language)
    assert weigh_roles(conversation(language, call), lexicon).right > 0.95
    assert weigh_roles(conversation(language, call, swapped=True), lexicon).swapped
