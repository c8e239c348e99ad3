"""Versions of flows: only what is sound gets out, calls keep what they began with, nothing is half done."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ivr.events import CallStarted, PromptEnded
from ivr.flow.interpret import advance, begin
from ivr.flow.problems import FlowError
from ivr.flow.versions import NotPublishable, Published, Version, VersionError, VersionStore

DRAFT = """flow: shop
nodes:
  hello: {say: %s, next: bye}
  bye: {end: goodbye}
tests:
  says it: [hears: %s, ends]
"""


@pytest.fixture
def store(tmp_path: Path) -> VersionStore:
    return VersionStore(tmp_path / "published")


def draft(folder: Path, word: str, tested: str = "") -> Path:
    file = folder / "shop.yaml"
    file.write_text(DRAFT % (word, tested or word), encoding="utf-8")
    return file


def publish(store: VersionStore, word: str, canary: int = 0) -> Version:
    file = draft(store.folder.parent, word)
    return store.publish(file, author="ann", note=f"say {word}", at="2026-11-22T04:00:00+00:00", canary=canary)


def says(published: Published, caller: str = "") -> str:
    return published(caller).nodes["hello"].says()[0]


def test_versions_are_numbered_and_remember_who_why_and_what(store: VersionStore) -> None:
    first, second = publish(store, "one"), publish(store, "two")
    assert (first.number, second.number) == (1, 2)
    assert first.hash != second.hash
    history = store.history("shop")
    assert history.versions == (first, second)
    assert (history.stable, history.canary) == (2, 0)
    assert (second.author, second.note) == ("ann", "say two")
    assert store.flows() == ("shop",)


def test_what_has_errors_or_failing_tests_does_not_get_out(store: VersionStore, tmp_path: Path) -> None:
    publish(store, "one")
    with pytest.raises(NotPublishable, match="expected to hear 'three'"):
        store.publish(draft(tmp_path, "two", tested="three"), author="a", note="n", at="")
    lost = draft(tmp_path, "two")
    lost.write_text(lost.read_text().replace("tests:", "  lost: {end: bye}\ntests:"))
    with pytest.raises(NotPublishable, match="no call ever comes here"):
        store.publish(lost, author="a", note="n", at="")
    lost.write_text("flow: shop\nnodes: {a: {say: x}}")
    with pytest.raises(FlowError):
        store.publish(lost, author="a", note="n", at="")
    with pytest.raises(VersionError, match="cannot be read"):
        store.publish(tmp_path / "none.yaml", author="a", note="n", at="")
    assert [version.number for version in store.history("shop").versions] == [1]


def test_prompts_and_targets_are_checked_when_they_are_known(store: VersionStore, tmp_path: Path) -> None:
    with pytest.raises(NotPublishable, match="has no text"):
        store.publish(draft(tmp_path, "one"), author="a", note="n", at="", prompts={"en": {"goodbye", "call_limit"}})


def test_the_same_file_twice_is_one_version(store: VersionStore) -> None:
    publish(store, "one")
    with pytest.raises(VersionError, match="version 1 of 'shop', which is live already"):
        publish(store, "one")


def test_rollback_goes_back_to_what_was_live_and_never_to_a_canary_that_was_not(store: VersionStore) -> None:
    publish(store, "one")
    with pytest.raises(VersionError, match="is the first"):
        store.rollback("shop")
    publish(store, "two", canary=50)
    assert store.rollback("shop").number == 1
    publish(store, "three")
    publish(store, "four")
    assert store.rollback("shop").number == 3
    assert store.rollback("shop").number == 1
    assert store.rollback("shop", to=4).number == 4
    assert store.rollback("shop").number == 1
    with pytest.raises(VersionError, match="no version 9; there are: 1, 2, 3, 4"):
        store.rollback("shop", to=9)
    with pytest.raises(VersionError, match="Nothing was published of a flow 'shop2'; there are: shop"):
        store.rollback("shop2")


def test_a_canary_takes_its_share_of_the_callers_and_always_the_same(store: VersionStore) -> None:
    with pytest.raises(VersionError, match="first version"):
        publish(store, "one", canary=10)
    publish(store, "one")
    publish(store, "two", canary=10)
    published = Published(store, "shop")
    callers = [f"+4722{number:06d}" for number in range(2000)]
    chosen = {caller: says(published, caller) for caller in callers}
    share = sum(word == "two" for word in chosen.values()) / len(callers)
    assert 0.08 < share < 0.12
    assert chosen == {caller: says(published, caller) for caller in callers}
    assert says(published, "") == "one"
    assert store.promote("shop").number == 2
    assert says(published, "") == "two"
    with pytest.raises(VersionError, match="no canary"):
        store.promote("shop")


def test_more_weight_keeps_those_who_had_it(store: VersionStore) -> None:
    publish(store, "one")
    publish(store, "two", canary=10)
    history = store.history("shop")
    callers = [f"+47{number}" for number in range(500)]
    few = {caller for caller in callers if history.choose(caller).number == 2}
    wider = VersionStore(store.folder).history("shop")
    more = {caller for caller in callers if _with_weight(wider, 40, caller) == 2}
    assert few < more


def _with_weight(history: object, weight: int, caller: str) -> int:
    from dataclasses import replace

    return replace(history, weight=weight).choose(caller).number  # type: ignore[type-var]


def test_a_call_ends_on_the_version_it_began_with(store: VersionStore) -> None:
    publish(store, "one")
    published = Published(store, "shop")
    flow = published("+4722")
    state, _ = advance(flow, begin(flow), CallStarted(0.0))
    publish(store, "two")
    assert published("+4722").nodes["hello"].says() == ("two",)
    state, _ = advance(flow, state, PromptEnded(1.0, state.playing))
    assert state.node == "bye"
    assert flow.nodes["hello"].says() == ("one",)


def test_new_calls_take_a_new_version_and_a_damaged_one_loses_no_call(
    store: VersionStore, caplog: pytest.LogCaptureFixture
) -> None:
    publish(store, "one")
    published = Published(store, "shop")
    assert says(published) == "one"
    second = publish(store, "two")
    assert says(published) == "two"
    third = publish(store, "three")
    file = store.folder / "shop" / third.kept[0]
    file.write_text(file.read_text() + "# changed\n")
    assert says(published) == "two"
    assert "was changed after it was published" in caplog.text
    (store.folder / "shop" / "versions.json").write_text("{")
    assert says(published) == "two"
    assert second.number == 2


def test_what_cannot_be_run_is_said_at_the_beginning(store: VersionStore) -> None:
    with pytest.raises(VersionError, match="Nothing was published of a flow 'shop'"):
        Published(store, "shop")
    version = publish(store, "one")
    (store.folder / "shop" / version.kept[0]).unlink()
    with pytest.raises(VersionError, match="cannot be read"):
        Published(store, "shop")
    (store.folder / "shop" / "versions.json").write_text("[]")
    with pytest.raises(VersionError, match="is damaged"):
        Published(store, "shop")


def test_two_who_publish_at_once_get_two_numbers(store: VersionStore, tmp_path: Path) -> None:
    publish(store, "zero")
    program = (
        "import sys; from pathlib import Path; from ivr.flow.versions import VersionStore\n"
        "folder, word = Path(sys.argv[1]), sys.argv[2]\n"
        "for number in range(10):\n"
        "    file = folder / f'{word}.yaml'; file.write_text(sys.argv[3].replace('WORD', f'{word}{number}'))\n"
        "    VersionStore(folder / 'published').publish(file, author=word, note='n', at='')\n"
    )
    both = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path), word, DRAFT.replace("%s", "WORD")])
        for word in ("left", "right")
    ]
    assert [one.wait(60) for one in both] == [0, 0]
    history = store.history("shop")
    assert [version.number for version in history.versions] == list(range(1, 22))
    assert {version.author for version in history.versions[1:]} == {"left", "right"}
    assert json.loads((store.folder / "shop" / "versions.json").read_text())["stable"] == 21
    assert not list(store.folder.rglob("*.tmp"))
