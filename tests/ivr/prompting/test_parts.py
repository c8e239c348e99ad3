"""A phrase cut into what is fixed and what holds a value, and told of as early as something can be heard."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.commands import Phrase
from ivr.prompting.errors import PromptError
from ivr.prompting.parts import Part, Parts, Stretch, cut, speak
from ivr.prompting.placeholders import Unfit, parse


def stretches(text: str, **values: str | int | float) -> list[tuple[str, bool, str]]:
    return [(one.text, one.live, one.pause) for one in cut(parse(text).fill(values, "en", "EUR"))]


def test_sentences_without_a_value_stay_together() -> None:
    assert stretches("Thank you. Please wait. You are number {n:number}. One moment. Bye.", n=3) == [
        ("Thank you. Please wait.", False, "sentence"),
        ("You are number three.", True, "sentence"),
        ("One moment. Bye.", False, ""),
    ]


def test_each_sentence_with_a_value_is_made_alone() -> None:
    assert stretches("Hello {name}. You owe {sum:money}.", name="Ann", sum=5) == [
        ("Hello Ann.", True, "sentence"),
        ("You owe five euros.", True, ""),
    ]


def test_a_blank_line_is_a_longer_pause() -> None:
    assert stretches("One.\n\nTwo.\n\nYou owe {sum:money}.", sum=1) == [
        ("One.\n\nTwo.", False, "paragraph"),
        ("You owe one euro.", True, ""),
    ]


def test_a_value_of_several_sentences_is_live_to_its_end() -> None:
    assert stretches("You said: {words} Thank you.", words="It broke. Nobody came. Help") == [
        ("You said: It broke.", True, "sentence"),
        ("Nobody came.", True, "sentence"),
        ("Help Thank you.", True, ""),
    ]


def test_a_text_without_a_value_is_one_stretch() -> None:
    assert cut(parse("One. Two.").fill({})) == (Stretch("One. Two.", live=False),)


@given(
    texts=st.lists(st.sampled_from(["One.", "Two words.", "Is it {x}?", "{x} here.", "\n\n"]), min_size=1, max_size=8),
    value=st.sampled_from(["a", "b c", "d. E", "F!"]),
)
def test_nothing_is_lost_and_no_value_is_in_a_fixed_stretch(texts: list[str], value: str) -> None:
    written = " ".join(texts)
    filled = parse(written).fill({"x": value})
    cuts = cut(filled)
    assert " ".join(" ".join(one.text.split()) for one in cuts) == " ".join(filled.text.split())
    fixed = " ".join(one.text for one in cuts if not one.live)
    assert not any(word in fixed.replace(".", "").split() for word in "a b c d E F!".split())
    assert [one.pause for one in cuts[-1:]] in ([], [""])


class Files:
    """Prompts in files of a folder; those in ``there`` need not be made."""

    def __init__(self, folder: Path, there: Sequence[str] = (), broken: Sequence[str] = ()) -> None:
        self.folder, self.broken = folder, broken
        for name in there:
            (folder / name).touch()

    def parts(self, phrase: Phrase) -> Parts:
        if phrase.prompt == "unknown":
            raise PromptError("there is no prompt 'unknown'")
        names = phrase.prompt.split("+")
        return Parts(tuple(Part(self.folder / name, lambda name=name: self._make(name)) for name in names))

    def _make(self, name: str) -> Path:
        if name in self.broken:
            raise PromptError(f"{name} cannot be said")
        (self.folder / name).touch()
        return self.folder / name


def told(prompts: Files, *names: str) -> list[tuple[object, bool]]:
    heard: list[tuple[object, bool]] = []

    def tell(files: Sequence[Path] | str, more: bool, unfit: Sequence[Unfit]) -> None:
        heard.append((files if isinstance(files, str) else [file.name for file in files], more))

    speak(prompts, [Phrase(name, "en") for name in names], tell)
    return heard


def test_what_is_there_is_told_of_at_once(tmp_path: Path) -> None:
    assert told(Files(tmp_path, ["a", "b", "c"]), "a+b", "c") == [(["a", "b", "c"], False)]


def test_what_is_there_is_heard_while_the_rest_is_made(tmp_path: Path) -> None:
    assert told(Files(tmp_path, ["a", "c"]), "a+b+c") == [(["a"], True), (["b", "c"], False)]


def test_every_file_that_is_made_is_told_of_before_the_next_is_made(tmp_path: Path) -> None:
    assert told(Files(tmp_path), "a+b", "c") == [(["a"], True), (["b"], True), (["c"], False)]


def test_what_cannot_be_said_is_left_out(tmp_path: Path) -> None:
    prompts = Files(tmp_path, ["a", "c"], broken=["b"])
    assert told(prompts, "a+b", "unknown", "c") == [
        (["a"], True),
        ("b cannot be said", True),
        ("there is no prompt 'unknown'", True),
        (["c"], False),
    ]


@pytest.mark.parametrize("names", [["unknown"], ["unknown", "unknown"]])
def test_when_nothing_can_be_said_the_prompt_ends(tmp_path: Path, names: list[str]) -> None:
    assert told(Files(tmp_path), *names)[-1] == ([], False)
