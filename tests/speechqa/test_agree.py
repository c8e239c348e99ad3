"""Agreement of reviewers: values from the literature, laws, and the command."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score
from typer.testing import CliRunner

from speechqa.agreement.bias import bias
from speechqa.agreement.compare import compare
from speechqa.agreement.measures import among, between, cohen
from speechqa.agreement.reviews import read_reviews
from speechqa.cli import app
from speechqa.errors import ReviewsUnusable
from tests.speechqa.rubric.reviews import REVIEWS

OBSERVERS = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)
"""Krippendorff 2011, Computing Krippendorff's alpha-reliability: four observers, twelve units, ordinal 0.815."""


def test_alpha_of_krippendorffs_own_example() -> None:
    rows = [row.split() for row in OBSERVERS]
    scores = [
        {str(who): float(row[unit]) for who, row in enumerate(rows) if row[unit] != "."} for unit in range(len(rows[0]))
    ]
    assert among(scores).alpha == pytest.approx(0.815, abs=0.0005)


def test_kappa_of_the_textbook() -> None:
    pairs = [(1, 1)] * 20 + [(1, 0)] * 5 + [(0, 1)] * 10 + [(0, 0)] * 15
    assert cohen([(float(one), float(two)) for one, two in pairs]) == pytest.approx(0.4)
    assert cohen([(1.0, 1.0)] * 9) is None


def test_exact_and_within_one() -> None:
    found = among([{"a": 1, "b": 1}, {"a": 2, "b": 3}, {"a": 5, "b": 1}, {"a": 4}])
    assert (found.calls, found.pairs) == (3, 3)
    assert (found.exact, found.within_one) == (pytest.approx(1 / 3), pytest.approx(2 / 3))


SCALE = st.integers(1, 5).map(float)
TABLES = st.lists(st.tuples(SCALE, SCALE), min_size=2, max_size=25)


@settings(max_examples=30, deadline=None)
@given(TABLES)
def test_laws_of_agreement(pairs: list[tuple[float, float]]) -> None:
    found = among([{"a": one, "b": two} for one, two in pairs])
    turned = among([{"b": two, "a": one} for one, two in reversed(pairs)])
    assert found.exact == turned.exact and found.alpha == pytest.approx(turned.alpha)
    assert found.exact is not None and found.within_one is not None and found.exact <= found.within_one
    assert found.alpha is None or found.alpha <= 1
    if found.alpha is not None and found.exact == 1:
        assert found.alpha == pytest.approx(1)
    machine = between([one for one, _ in pairs], [{"b": two} for _, two in pairs])
    assert machine.alpha == pytest.approx(found.alpha)
    assert machine.kappa == pytest.approx(found.kappa)


@settings(max_examples=30, deadline=None)
@given(TABLES)
def test_kappa_is_scikit_learns(pairs: list[tuple[float, float]]) -> None:
    own = cohen(pairs)
    if own is not None:
        assert own == pytest.approx(cohen_kappa_score(*zip(*pairs, strict=True)))


def table(machine: dict[int, int], people: dict[int, int], agent: dict[int, str]) -> str:
    lines = ["call,criterion,reviewer,score,agent"]
    for call, score in people.items():
        lines += [f"{call},recap,anna,{score},{agent[call]}", f"{call},recap,machine,{machine[call]},{agent[call]}"]
    return "\n".join(lines)


def test_a_machine_like_people_may_score_alone_and_a_random_one_may_not() -> None:
    chance = random.Random(1)
    people = {call: 1 + call % 5 for call in range(40)}
    agent = {call: "ines" if call % 2 else "tom" for call in people}
    like = compare(read_reviews(table(people, people, agent), "r.csv"))[0]
    assert (like.machine.alpha, like.machine.exact, like.machine_alone) == (pytest.approx(1), 1, True)
    wild = compare(read_reviews(table({c: chance.randint(1, 5) for c in people}, people, agent), "r.csv"))[0]
    assert wild.machine.alpha is not None and abs(wild.machine.alpha) < 0.4
    assert not wild.machine_alone and wild.reasons[0].startswith("alpha with people is")


def test_a_bias_against_one_agent_is_found() -> None:
    people = {call: 2 + call % 3 for call in range(40)}
    agent = {call: "ines" if call % 2 else "tom" for call in people}
    machine = {call: score - (agent[call] == "tom") for call, score in people.items()}
    found = compare(read_reviews(table(machine, people, agent), "r.csv"))[0]
    assert {(each.group, round(each.bias, 2), each.shown) for each in found.bias} == {
        ("ines", 1.0, True),
        ("tom", -1.0, True),
    }
    assert any("agent tom is scored -1.00" in each for each in found.reasons)
    assert bias("agent", [("a", 1.0)] * 4 + [("b", 0.0)] * 9) == ()


def test_the_interval_holds_the_value_and_is_the_same_again() -> None:
    people = {call: 1 + call % 5 for call in range(30)}
    machine = {call: score if call % 4 else 1 + (score % 5) for call, score in people.items()}
    text = table(machine, people, dict.fromkeys(people, "ines"))
    one, two = (compare(read_reviews(text, "r.csv"))[0].machine for _ in range(2))
    assert one == two
    assert one.alpha is not None and one.alpha_interval is not None
    assert one.alpha_interval.low < one.alpha < one.alpha_interval.high


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "r.csv is empty"),
        ("call,criterion,reviewer\n", "line 1: there is no column 'score'"),
        ("call,criterion,reviewer,score\n", "holds no reviews"),
        ("call,criterion,reviewer,score\na,b,c,good\n", "line 2: the score 'good' is no number"),
        ("call,criterion,reviewer,score\na,b,c,nan\n", "line 2: the score 'nan' is no number"),
        ("call,criterion,reviewer,score\na,b,,1\n", "line 2: 'reviewer' is empty"),
        ("call,criterion,reviewer,score\na,b,c,1\na,b,c,2\n", "line 3: c has scored b of a in line 2"),
        ("call,criterion,reviewer,score,kind\na,b,c,1,robot\n", "line 2: the kind 'robot'"),
    ],
)
def test_a_broken_table_is_one_sentence(text: str, message: str) -> None:
    with pytest.raises(ReviewsUnusable, match=message):
        read_reviews(text, "r.csv")


def test_semicolons_and_decimal_commas_are_read() -> None:
    found = read_reviews("Call;Criterion;Reviewer;Score\na;b;machine;3,5\n", "r.csv")
    assert (found[0].score, found[0].machine) == (3.5, True)


def test_the_command(tmp_path: Path) -> None:
    path = tmp_path / "reviews.csv"
    path.write_text(REVIEWS)
    done = CliRunner().invoke(app, ["agree", str(path)])
    assert done.exit_code == 0
    assert "people with people   6 calls, exact 83%, within one 100%" in done.output
    assert "only 6 calls were scored by both" in done.output
    rows = json.loads(CliRunner().invoke(app, ["agree", str(path), "--json"]).output)["criteria"]
    assert [(row["criterion"], row["machine_alone"]) for row in rows] == [("recap", False), ("empathy", False)]
    assert rows[1]["people"]["alpha"] == 1.0
    alone = tmp_path / "alone.csv"
    alone.write_text("call,criterion,reviewer,score\na,b,anna,1\n")
    assert "no call in common" in CliRunner().invoke(app, ["agree", str(alone)]).output
    assert CliRunner().invoke(app, ["agree", str(tmp_path / "none.csv")]).exit_code == 2
