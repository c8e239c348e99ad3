"""The labelled texts are sound, the counting is right, and the printed figures are those that come out."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from benchmarks.judgement import __main__ as command
from benchmarks.judgement.agreement import Agreement, agreement
from benchmarks.judgement.examples import (
    FOLDER,
    HALVES,
    LANGUAGES,
    RULES,
    Examples,
    ExamplesError,
    ExampleTurn,
    conversation_of,
    read_examples,
)
from benchmarks.judgement.tables import BEGIN, END, PAGE, PageError, figures_as_text, written_into
from speechqa.measures.ending import CRITERIA

SMALL = """
language: en
half: development
endings:
  - id: en-development-ending-01
    about: a wish and no more
    turns:
      - {party: customer, start_s: 60.0, end_s: 62.0, text: "That was everything."}
      - {party: agent, start_s: 62.5, end_s: 65.0, text: "Thank you for calling, goodbye."}
    duration_s: 66.0
    hung_up: null
    truth:
      recap: false
      next_step_dated: false
      positive_close: true
      no_renewed_apology: true
      no_reproach: false
      stops_talking: true
      no_dead_air: true
      not_hung_up_on: null
    open: [offer_more_help]
wording:
  - id: en-development-wording-01
    turns:
      - {party: agent, start_s: 0.0, end_s: 2.0, text: "I don't know."}
    hits: [dont_know, hurry_up]
  - id: en-development-wording-02
    turns:
      - {party: agent, start_s: 0.0, end_s: 2.0, text: "I don't care."}
    hits: []
  - id: en-development-wording-03
    turns:
      - {party: agent, start_s: 0.0, end_s: 2.0, text: "I don't care."}
    hits: []
    open: [dont_care]
"""


@pytest.fixture(scope="module")
def every() -> dict[tuple[str, str], Examples]:
    return {(language, half): read_examples(language, half) for language in LANGUAGES for half in HALVES}


def written(folder: Path, text: str) -> Path:
    place = folder / "en"
    place.mkdir()
    (place / "development.yaml").write_text(text, encoding="utf-8")
    return folder


def test_there_are_enough_of_them(every: dict[tuple[str, str], Examples]) -> None:
    endings = [len(each.endings) for each in every.values()]
    wording = [len(each.wording) for each in every.values()]
    assert sum(endings) >= 150
    assert sum(wording) >= 300
    assert max(endings) - min(endings) <= 3
    assert max(wording) - min(wording) <= 10


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_file_asks_for_everything(every: dict[tuple[str, str], Examples], language: str, half: str) -> None:
    examples = every[language, half]
    assert {rule for each in examples.wording for rule in each.hits} == set(RULES)
    assert sum(not each.hits for each in examples.wording) >= 6
    for criterion in CRITERIA:
        told = {each.truth.get(criterion) for each in examples.endings}
        assert {True, False} <= told, criterion
    assert any(each.truth.get("not_hung_up_on", True) is None for each in examples.endings)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_halves_share_no_sentence_of_an_agent(every: dict[tuple[str, str], Examples], language: str) -> None:
    said = [
        {
            turn.text
            for each in (*every[language, half].endings, *every[language, half].wording)
            for turn in each.turns
            if turn.party == "agent" and len(turn.text) > 25
        }
        for half in HALVES
    ]
    assert said[0].isdisjoint(said[1])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sealed_file_says_so_in_its_first_line(language: str) -> None:
    assert (FOLDER / language / "sealed.yaml").read_text(encoding="utf-8").startswith("# SEALED")


@pytest.mark.parametrize(
    ("of", "to", "says"),
    [
        ("hits: [dont_know, hurry_up]", "hits: [rude]", "there is no rule 'rude'"),
        ("hits: [dont_know, hurry_up]", "hits: [dont_know, dont_know]", "a rule is named twice"),
        ("      recap: false\n", "", "name every criterion once"),
        ("open: [offer_more_help]", "open: [recap]", "name every criterion once"),
        ("start_s: 62.5, end_s: 65.0", "start_s: 62.5, end_s: 62.5", "does not end after it starts"),
        ("start_s: 62.5, end_s: 65.0", "start_s: -2.5, end_s: 65.0", "endings.0.turns.1.start_s"),
        ("start_s: 60.0, end_s: 62.0", "start_s: 65.0, end_s: 65.5", "not in order of time"),
        ("duration_s: 66.0", "duration_s: 64.0", "before its last turn does"),
        ("duration_s: 66.0", "duration_s: .nan", "duration_s"),
        ("en-development-wording-02", "en-development-wording-01", "an id is used twice"),
        ("en-development-wording-02", "uk-development-wording-02", "does not belong into this file"),
        ("party: customer", "party: machine", "endings.0.turns.0.party"),
        ("language: en", "language: [en", "not sound YAML"),
    ],
)
def test_a_file_that_is_not_sound_is_refused(tmp_path: Path, of: str, to: str, says: str) -> None:
    assert of in SMALL
    with pytest.raises(ExamplesError, match=r"development\.yaml") as refused:
        read_examples("en", "development", folder=written(tmp_path, SMALL.replace(of, to, 1)))
    assert says in str(refused.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExamplesError, match=r"en/sealed\.yaml cannot be read"):
        read_examples("en", "sealed", folder=tmp_path)


def test_counting(tmp_path: Path) -> None:
    found = agreement(read_examples("en", "development", folder=written(tmp_path, SMALL)))
    assert found.same.total() == 7
    assert found.asked.total() == 8
    assert found.asked["offer_more_help"] == 0
    assert found.same["no_reproach"] == 0
    assert found.ending(["not_hung_up_on"]) == 1
    assert (found.hit, found.missed, found.invented) == ({"dont_know": 1}, {"hurry_up": 1}, {"dont_care": 1})
    assert found.precision(RULES) == found.recall(RULES) == 0.5
    assert found.recall(["recap"]) is None
    assert [(each.id[-10:], each.of, each.truth) for each in found.differences] == [
        ("-ending-01", "no_reproach", False),
        ("wording-01", "hurry_up", True),
        ("wording-02", "dont_care", False),
    ]


def test_halves_add_up(tmp_path: Path) -> None:
    found = agreement(read_examples("en", "development", folder=written(tmp_path, SMALL)))
    both = found + found
    assert both.asked.total() == 16
    assert both.ending() == found.ending()
    assert found + Agreement() == found


@given(
    st.lists(
        st.tuples(st.sampled_from(["agent", "customer"]), st.floats(0.1, 20), st.text("ab č'.", min_size=1)), min_size=1
    )
)
def test_a_conversation_says_what_the_turns_say(made: list[tuple[str, float, str]]) -> None:
    at, turns = 0.0, []
    for party, lasts, text in made:
        turns.append(ExampleTurn.model_validate({"party": party, "start_s": at, "end_s": at + lasts, "text": text}))
        at += lasts + 0.5
    talk = conversation_of(tuple(turns), "en", at)
    assert [word.text for word in talk.words] == [word for turn in turns for word in turn.text.split()]
    assert sum(each.covered_s for each in talk.speech.values()) == pytest.approx(sum(lasts for _, lasts, _ in made))
    assert all(any(t.start_s <= w.start_s <= w.end_s <= t.end_s + 1e-9 for t in turns) for w in talk.words)


def test_tables_go_between_their_marks() -> None:
    page = f"before\n{BEGIN}\n\nold\n\n{END}\nafter\n"
    assert written_into(page, "new\n") == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"
    with pytest.raises(PageError, match="needs the line"):
        written_into("nothing here", "new\n")
    with pytest.raises(PageError, match="needs the line"):
        written_into(f"{END}\n{BEGIN}", "new\n")


def test_the_command_lists_the_development_half_alone() -> None:
    app = typer.Typer()
    app.command()(command.main)
    shown = CliRunner().invoke(app, ["--show", "en"])
    assert shown.exit_code == 0
    assert "en, development half: " in shown.output
    assert "sealed" not in shown.output
    assert CliRunner().invoke(app, ["--show", "xx"]).exit_code == 2


@pytest.mark.slow
def test_the_printed_figures_are_those_that_come_out(every: dict[tuple[str, str], Examples]) -> None:
    """No threshold: whoever changes a figure runs ``python -m benchmarks.judgement --write``, so that it is printed."""
    page = PAGE.read_text(encoding="utf-8")
    assert written_into(page, figures_as_text({key: agreement(each) for key, each in every.items()})) == page
