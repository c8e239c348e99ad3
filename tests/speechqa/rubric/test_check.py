"""Rubrics that extend one another, and what the check says of those with mistakes: file, line, column, remedy."""

# ruff: noqa: E501

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from speechqa.cli import app
from speechqa.facts import RULES
from speechqa.rubric.check import check_paths
from speechqa.rubric.form import json_schema
from speechqa.rubric.load import languages, load_lexicon, load_rubric
from speechqa.rubric.problems import RubricError
from speechqa.rubric.rubrics import SHIPPED, shipped
from speechqa.rubric.score import score
from speechqa.rubric.trial import try_rubric

HEAD = "rubric: mine\nversion: '1'\n"
ONE = (
    HEAD
    + """sections:
  - id: talk
    criteria:
      - id: cuts
        fact: agent_interruptions
        points: 100
        full: [~, 0]
        none: [~, 4]
        advice: Let them finish.
        earns: {0: 100, 2: 50, 4: 0}
ending: {recap: 100}
"""
)


def told(tmp_path: Path, text: str, name: str = "mine.yaml") -> list[str]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return [str(each).removeprefix(f"{tmp_path}/") for each in check_paths([path])]


def test_the_shipped_rubrics_and_lexicons_are_sound() -> None:
    assert shipped() == ("complaint", "sales", "standard")
    assert [str(each) for each in check_paths([SHIPPED / f"{name}.yaml" for name in shipped()])] == []
    errors = [each for each in check_paths([SHIPPED / "en.yaml"])]
    assert [str(each) for each in errors] == []


def test_every_wording_rule_of_a_lexicon_is_a_fact() -> None:
    for language in languages():
        ids = {rule.id for rule in load_lexicon(language).of_kind("avoid", "credit")}
        assert ids <= set(RULES)


def test_the_schema_takes_the_shipped_rubrics() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())
    for name in shipped():
        content = YAML(typ="safe").load((SHIPPED / f"{name}.yaml").read_text(encoding="utf-8"))
        jsonschema.validate(json.loads(json.dumps(content)), json_schema())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("agent_interruptions", "agent_interuptions"), "mine.yaml:7:9: error: cuts: no fact is called 'agent_interuptions'."
         " Fix: did you mean 'agent_interruptions'?"),
        (("points: 100", "points: 90"), "mine.yaml:1:1: error: the criteria's points are 90 in all, not 100."),
        (("{recap: 100}", "{recap: 70}"), "mine.yaml:13:1: error: the points of the ending are 70 in all"),
        (("{recap: 100}", "{recapp: 100}"), "mine.yaml:13:10: error: the ending has no criterion 'recapp'. Fix: did you mean 'recap'?"),
        (("full: [~, 0]", "full: [~, -1]"), "mine.yaml:9:9: error: cuts: no call can reach the full points."),
        (("full: [~, 0]", "full: [3, 0]"), "mine.yaml:9:9: error: cuts: the range runs from 3 down to 0."),
        (("full: [~, 0]", "full: [0, ~]"), "mine.yaml:9:9: error: cuts: the criterion cannot be missed."),
        (("none: [~, 4]", "none: [~, -2]"), "mine.yaml:10:9: error: cuts: `none` lies inside `full`."),
        (("2: 50", "2: 60"), "mine.yaml:12:9: error: cuts: 2 earns 50 points, not 60."),
        (("        earns: {0: 100, 2: 50, 4: 0}\n", ""), "mine.yaml:6:9: warning: cuts: the criterion is untested."),
        (("{0: 100, 2: 50, 4: 0}", "{0: 100}"), "mine.yaml:12:9: warning: cuts: the examples know only all points."),
        (("        advice: Let them finish.\n", ""), "mine.yaml:6:9: warning: cuts: there is no advice."),
        (("fact:", "fakt:"), "mine.yaml:7:9: error: sections.0.criteria.0.fakt: Extra inputs are not permitted. Fix: did you mean 'fact'?"),
        (("        fact: agent_interruptions\n", ""), "mine.yaml:6:9: error: cuts: 'fact' is missing."),
        (("advice: Let them finish.", "shows: [interuption]"), "did you mean 'interruption'?"),
        (("advice:", "not_applicable: [{fact: call_s, below: 0, reason: x}]\n        advice:"), "the rule is dead."),
        (("advice:", "not_applicable: [{fact: call_s, above: -1, reason: x}]\n        advice:"), "the criterion is unreachable."),
        (("id: talk", "id: talk\n    weight: 90"), "the sections' weights are 90 in all"),
        (("sections:", "extends: nosuch\nsections:"), "mine.yaml:3:1: error: the rubric extends 'nosuch', which is not there."),
        (("sections:", "extends: mine.yaml\nsections:"), "mine.yaml:3:1: error: the rubric extends itself"),
        (("sections:", "drop: [cutz]\nsections:"), "mine.yaml:3:8: error: 'cutz' is dropped, but nothing is called so."),
        (("sections:", "sections: ["), "the file is not sound YAML"),
    ],
)  # fmt: skip
def test_each_mistake_has_its_place_and_remedy(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    assert told(tmp_path, ONE) == []
    found = told(tmp_path, ONE.replace(*change, 1))
    assert any(message in each for each in found), found
    assert all(" Fix: " in each for each in found)


def test_two_criteria_that_no_call_can_meet_are_a_contradiction(tmp_path: Path) -> None:
    second = """      - id: brave
        fact: agent_interruptions
        points: 50
        full: [2, ~]
        none: [0, ~]
        advice: Cut in.
        earns: {0: 0, 2: 50}
"""
    text = ONE.replace("points: 100", "points: 50").replace("{0: 100, 2: 50, 4: 0}\n", "{0: 50, 4: 0}\n" + second)
    assert any("16:9: error: brave: it contradicts 'cuts'" in each for each in told(tmp_path, text))


def test_a_lexicons_examples_are_run_and_dead_words_found(tmp_path: Path) -> None:
    text = "language: en\nspellings: {don't: do not}\nphrases:\n  a:\n    kind: avoid\n    find: [don't care]\n    match: [I don't care.]\n"
    found = told(tmp_path, text, "en.yaml")
    assert "en.yaml:7:13: error: a: “I don't care.” is not found. It is an example that must match. Fix: change the phrases, or the example." in found  # fmt: skip
    assert any("en.yaml:6:12: warning: a: the word “don't”" in each and "write “do not”" in each for each in found)
    assert any("the rule has no `no_match` examples" in each for each in found)


def test_company_team_and_language(tmp_path: Path) -> None:
    (tmp_path / "company.yaml").write_text(ONE.replace("mine", "company"), encoding="utf-8")
    team = (
        "rubric: team\nversion: '3'\nextends: company.yaml\n"
        "sections: [{id: talk, criteria: [{id: cuts, none: [~, 2], earns: {0: 100, 2: 0}}]}]\n"
        "languages: {uk: {sections: [{id: talk, criteria: [{id: cuts, none: [~, 8], earns: {0: 100, 8: 0}}]}]}}\n"
    )
    assert told(tmp_path, team, "team.yaml") == []
    rubric = load_rubric(tmp_path / "team.yaml")
    facts = {"agent_interruptions": 1.0}
    assert (rubric.id, rubric.version) == ("team", "3")
    assert [score(rubric.spoken(each), facts).total for each in ("en", "uk", "uk-UA")] == [50, 88, 88]
    assert score(load_rubric(tmp_path / "company.yaml"), facts).total == 75
    assert rubric.sections[0].criteria[0].advice == "Let them finish."


def test_examples_of_the_parent_do_not_speak_for_another_rule(tmp_path: Path) -> None:
    (tmp_path / "company.yaml").write_text(ONE, encoding="utf-8")
    team = HEAD + "extends: company.yaml\nsections: [{id: talk, criteria: [{id: cuts, none: [~, 2]}]}]\n"
    assert any("untested" in each for each in told(tmp_path, team))


def test_changed_content_has_another_digest(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(ONE, encoding="utf-8")
    first = load_rubric(path).digest
    assert load_rubric(path).digest == first
    path.write_text(ONE.replace("none: [~, 4]", "none: [~, 5]"), encoding="utf-8")
    assert load_rubric(path).digest != first


def test_critical_weights_and_exemptions(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    text = (
        HEAD
        + "sections:\n"
        + "  - {id: a, weight: 80, criteria: [{id: x, fact: dead_air_s, points: 10, full: [~, 0], none: [~, 10]}]}\n"
        + "  - {id: b, weight: 20, criteria: [{id: y, fact: findings.dislike, points: 90, full: [~, 0], none: [~, 1],"
        + " critical: true, not_applicable: [{fact: call_s, below: 10, reason: Short.}]}]}\n"
        + "ending: {recap: 100}\n"
    )
    path.write_text(text, encoding="utf-8")
    rubric = load_rubric(path)
    facts = {"dead_air_s": 5.0, "findings.dislike": 0.0, "call_s": 60.0}
    assert score(rubric, facts).total == 60
    failed = score(rubric, {**facts, "findings.dislike": 1.0})
    assert (failed.total, failed.failed) == (0, ("y",))
    assert (failed.changes[0].criterion, failed.changes[0].total) == ("y", 60)
    short = score(rubric, {**facts, "call_s": 5.0})
    assert (short.sections[1].criteria[0].points, short.sections[1].criteria[0].reason) == (None, "Short.")


def test_a_rubric_is_tried_on_stored_calls(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(ONE, encoding="utf-8")
    rubric = load_rubric(path)
    calls = [
        (f"{cuts}.json", {"language": "en", "score": {"total": 100, "facts": {"agent_interruptions": cuts}}})
        for cuts in (0, 0, 2)
    ]
    tried, left = try_rubric(rubric, [*calls, ("old.json", {"score": {"total": 3}})])
    assert [(each.before, each.after, each.changes) for each in tried] == [(100, 100, False)] * 2 + [(100, 50, True)]
    assert left == ["old.json"]
    folder = tmp_path / "calls"
    folder.mkdir()
    for number, (_, document) in enumerate(calls):
        (folder / f"{number}.json").write_text(json.dumps({"schema": "speechqa.judgement/1", **document}))
    done = CliRunner().invoke(app, ["rubric", "try", str(path), "--on", str(folder)])
    assert (done.exit_code, done.output) == (0, "1 of 3 calls change.\n  2.json: 100 -> 50\n")
    refused = CliRunner().invoke(app, ["rubric", "try", str(path), "--on", str(tmp_path / "none")])
    assert refused.exit_code == 2


def test_an_unknown_rubric_names_the_shipped_ones() -> None:
    with pytest.raises(RubricError, match="the shipped ones are: complaint, sales, standard"):
        load_rubric("nosuch")


def test_the_check_exits_1_on_errors(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(ONE.replace("points: 100", "points: 10"), encoding="utf-8")
    assert CliRunner().invoke(app, ["rubric", "check", str(path)]).exit_code == 1
    path.write_text(ONE, encoding="utf-8")
    assert CliRunner().invoke(app, ["rubric", "check", str(path)]).exit_code == 0
    assert CliRunner().invoke(app, ["rubric", "check", str(tmp_path / "none.yaml")]).exit_code == 1
