"""How well the conflict map is told from texts: ``python -m benchmarks.conflict [--half development] [--show]``.

Twenty-four labelled calls in six languages (tests/data/conflict): the stage of every turn, the time to calm, the habits
that the agent shows, and whether the customer was content in the end. ``--show`` prints the errors of the development
half; those of the sealed half are never printed.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from ruamel.yaml import YAML

from speechqa.conflict_map import CallEpisode
from speechqa.conversation import PARTIES, Conversation, Party, Turn, Word
from speechqa.exchange.transcript import spread
from speechqa.judgement import judge
from speechqa.rubric.load import load_rubric
from speechqa.timeline import Span, Timeline

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "data" / "conflict"
STAGES = {"pos": "position", "exp": "explosion", "acc": "acceptance", "plan": "plan", "act": "action", None: None}
WORDS_PER_S, GAP_S = 2.5, 0.5
_LINE = re.compile(r"^([AC])\s+(?:(pos|exp|acc|plan|act)\s+)?(\S.*)$")
HALVES = ("development", "sealed")


@dataclass(frozen=True, slots=True)
class LabelledCall:
    """A call with the stage of each turn; ``patterns`` and ``resolved`` as labelled."""

    name: str
    talk: Conversation
    stages: tuple[str | None, ...]
    patterns: frozenset[str]
    resolved: bool | None

    @property
    def times_to_calm(self) -> tuple[float | None, ...]:
        """Of each conflict: from the explosion's first turn to the customer's first in action."""
        found: list[float | None] = []
        begun: float | None = None
        for stage, turn in zip(self.stages, self.talk.turns, strict=True):
            if stage == "explosion" and begun is None:
                begun = turn.start_s
            if stage == "action" and turn.party == "customer" and begun is not None:
                found.append(turn.start_s - begun)
                begun = None
        return (*found, None) if begun is not None else tuple(found)


def labelled(half: str) -> Iterator[LabelledCall]:
    """The calls of a half, in the order of the file."""
    for row in YAML(typ="safe").load((FOLDER / f"{half}.yaml").read_text(encoding="utf-8")):
        talk, stages = _talk(row["language"], row["turns"])
        yield LabelledCall(row["call"], talk, stages, frozenset(row["patterns"]), row["resolved"])


def _talk(language: str, written: str) -> tuple[Conversation, tuple[str | None, ...]]:
    turns, stages, at_s = [], [], 0.0
    for line in written.splitlines():
        found = _LINE.match(line)
        if found is None:
            raise ValueError(f"no turn: {line!r}")
        party: Party = "agent" if found[1] == "A" else "customer"
        until_s = at_s + max(0.6, len(found[3].split()) / WORDS_PER_S)
        words = tuple(Word(party, w.text, w.start_s, w.end_s) for w in spread(found[3], None, at_s, until_s))
        turns.append(Turn(party, Timeline.of((at_s, until_s)), words))
        stages.append(STAGES[found[2]])
        at_s = until_s + GAP_S
    speech = {party: Timeline(Span(t.start_s, t.end_s) for t in turns if t.party == party) for party in PARTIES}
    words = tuple(sorted((w for t in turns for w in t.words), key=lambda w: (w.start_s, w.end_s)))
    return Conversation(at_s, language, speech, words, tuple(turns)), tuple(stages)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Shares 0-1 of a half: turns with their stage, calls with every turn, with every time to calm, with their habits,
    and told to be resolved or not as labelled.
    """

    calls: int
    turns: float
    whole_calls: float
    times_to_calm: float
    habits: float
    resolved: float
    errors: tuple[str, ...]


def agreement(half: str) -> Agreement:
    """How the measures agree with the labels; ``errors`` are lines for people."""
    right, whole, times, habits, resolved, errors = [], [], [], [], [], []
    rubric = load_rubric()
    for call in labelled(half):
        found = judge(call.talk, rubric).map
        episodes = found.conflict.episodes if found.conflict else ()
        stages = [next((s for e in episodes if (s := _stage(e, t.start_s))), None) for t in call.talk.turns]
        same = [told == true for told, true in zip(stages, call.stages, strict=True)]
        calmed = [each.time_to_calm_s for each in episodes]
        patterns = {each.pattern for each in found.conflict.habits if each.found} if found.conflict else set()
        settled = found.complaint.resolved if found.complaint else True
        right += same
        whole.append(all(same))
        times.append(_alike(calmed, call.times_to_calm))
        habits.append(patterns == call.patterns)
        resolved.append(settled == call.resolved)
        errors += [
            f"{call.name} {turn.start_s:.1f} {turn.party}: {told} instead of {true}: {turn.text}"
            for turn, told, true, ok in zip(call.talk.turns, stages, call.stages, same, strict=True)
            if not ok
        ]
        if not (times[-1] and habits[-1] and resolved[-1]):
            errors.append(f"{call.name}: calm {calmed} {call.times_to_calm}, {patterns} {call.patterns}, {settled}")
    shares = (mean(each) for each in (right, whole, times, habits, resolved))
    return Agreement(len(whole), *shares, tuple(errors))


def _stage(episode: CallEpisode, at_s: float) -> str | None:
    return next((each.stage for each in episode.stages if each.start_s <= at_s < each.end_s), None)


def _alike(told: Sequence[float | None], true: Sequence[float | None]) -> bool:
    """The same conflicts calmed down, each within 0.1 s (turns have exact times here)."""
    near = (
        a is b is None or (a is not None and b is not None and abs(a - b) < 0.1)
        for a, b in zip(told, true, strict=False)
    )
    return len(told) == len(true) and all(near)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--half", choices=HALVES)
    parser.add_argument("--show", action="store_true", help="the errors of the development half")
    given = parser.parse_args()
    for half in [given.half] if given.half else HALVES:
        found = agreement(half)
        figures = (found.turns, found.whole_calls, found.times_to_calm, found.habits, found.resolved)
        names = ("turns", "whole calls", "times to calm", "habits", "resolved")
        print(f"{half}, {found.calls} calls:", ", ".join(f"{n} {f:.3f}" for n, f in zip(names, figures, strict=True)))
        if given.show and half == "development":
            print(*found.errors, sep="\n")


if __name__ == "__main__":
    main()
