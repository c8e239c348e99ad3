"""``ivr serve --published``: a new version is taken up by the next call; the call that is up ends as it began."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ivr.flow.versions import VersionStore
from tests.sip.peers import ROOT, Call, scripted

FLOW = """flow: shop
nodes:
  main: {{menu: feedback_menu, keys: {{1: {end}, 2: {end}}}, no_input: 20s}}
  {end}: {{end: goodbye}}
tests:
  it ends: [key: 1, reaches: {end}, ends]
"""


@pytest.mark.sip
@pytest.mark.engine
def test_the_call_that_is_up_keeps_its_version_and_the_next_one_takes_the_new(tmp_path: Path) -> None:
    store, draft = VersionStore(tmp_path / "published"), tmp_path / "shop.yaml"

    def publish(end: str) -> None:
        draft.write_text(FLOW.format(end=end))
        store.publish(draft, author="ann", note=end, at="2026-11-22T04:00:00+00:00")

    publish("old_end")
    where = ["--store", str(store.folder), "--calls", str(tmp_path / "calls")]
    command = [sys.executable, "-m", "ivr.cli", "serve", "--published", "shop", *where, "--bind", "127.0.0.1:0"]
    with subprocess.Popen([*command, "--json"], cwd=ROOT, stdout=subprocess.PIPE, text=True) as line:
        assert line.stdout is not None
        try:
            address = json.loads(line.stdout.readline())["address"]
            long = [{"listen": "2s"}, {"press": "1"}, {"expect": "hang_up"}]
            first = scripted(tmp_path / "first", long, address)
            assert json.loads(line.stdout.readline())["event"] == "answered"
            publish("new_end")
            short = [{"listen": "300ms"}, {"press": "1"}, {"expect": "hang_up"}]
            second = scripted(tmp_path / "second", short, address)
            told = [json.loads(line.stdout.readline()) for _ in range(3)]
            assert first.outcome()["failed"] is None
            assert second.outcome()["failed"] is None
        finally:
            line.terminate()
    calls = [Call(Path(notice["record"])) for notice in told if notice["event"] == "stored"]
    ends = {call.nodes[-1]: call.vcon.summary for call in calls}
    assert set(ends) == {"old_end", "new_end"}
    hashes = {summary.flow_hash for summary in ends.values() if summary is not None}
    assert len(hashes) == 2


def test_a_flow_that_was_never_published_is_refused_in_one_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ivr.cli", "serve", "--published", "shop", "--store", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "Nothing was published of a flow 'shop': `ivr publish` makes a version of a file.\n"
