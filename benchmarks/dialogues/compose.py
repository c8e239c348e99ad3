"""What is said in a made-up call, in which order, and over whom: chance within the rules of talk, no audio yet.

``compose(seed, half)`` gives the beats of one dialogue, the same for the same seed. The two halves have other scenes,
names and turns of phrase (``scripts/``): tune on ``development``, report ``held-out`` too. The kinds are those of the
measures' definitions; a label follows from the part that a beat plays in the plan, never from listening.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ruamel.yaml import YAML

Party = Literal["agent", "customer"]
Kind = Literal["turn", "backchannel", "attempt", "terminal", "interruption", "redirect", "simultaneous_start"]
SCRIPTS = Path(__file__).with_name("scripts")


@dataclass(frozen=True, slots=True)
class Beat:
    """One piece of speech: ``gap_s`` is the silence before it, ``where`` it starts in the piece spoken over (0-1)."""

    party: Party
    text: str
    kind: Kind = "turn"
    gap_s: float = 0.4
    where: float = 0.5
    overlap_s: float = 0.3
    speed: float = 1.0


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole dialogue and the labels of its ending."""

    beats: tuple[Beat, ...]
    ending: Mapping[str, bool]
    scene: str


def load_scripts(half: str = "development") -> dict[str, Any]:
    """The lines of one half, as plain dicts and lists."""
    loaded: dict[str, Any] = YAML(typ="safe").load(SCRIPTS / f"{half}.yaml")
    return loaded


def compose(seed: int, half: str = "development") -> Plan:
    """One dialogue of 70-150 s."""
    return _Composer(random.Random(f"dialogue {half} {seed}"), load_scripts(half), seed).plan()


class _Composer:
    def __init__(self, chance: random.Random, scripts: Mapping[str, Any], seed: int) -> None:
        self.chance = chance
        self.shared = scripts["shared"]
        scenes = sorted(scripts["scenes"])
        self.scene_name = scenes[seed % len(scenes)]
        self.scene = scripts["scenes"][self.scene_name]
        self.name = chance.choice(scripts["names"])
        self.manner = chance.choice([0.9, 1.0, 1.0, 1.15])
        self.ending: dict[str, bool] = {}

    def plan(self) -> Plan:
        beats = (*self._opening(), *self._middle(), *self._ending())
        return Plan(beats, self.ending, self.scene_name)

    def _one(self, key: str) -> str:
        text: str = self.chance.choice(self.shared[key])
        return text.format(name=self.name, question=self.scene["question"])

    def _gap(self) -> float:
        return self.chance.uniform(0.25, 0.9)

    def _pause(self) -> float:
        return self.chance.choice([0.3, 0.45, 0.6, 0.9, 1.3])

    def _said(self, party: Party, sentences: list[str]) -> Iterator[Beat]:
        for n, text in enumerate(sentences):
            speed = self.manner if party == "agent" else 1.0
            yield Beat(party, text, gap_s=self._pause() if n else self._gap(), speed=speed)

    def _over(self, party: Party, key: str, kind: Kind, low: float = 0.3, high: float = 0.6) -> Beat:
        return Beat(party, self._one(key), kind, where=self.chance.uniform(low, high))

    def _opening(self) -> Iterator[Beat]:
        yield Beat("agent", self.chance.choice(self.scene["greeting"]), gap_s=0.7, speed=self.manner)
        yield from self._said("customer", self.chance.choice(self.scene["problem"]))
        if self.chance.random() < 0.6:
            yield self._over("agent", "backchannel", "backchannel")
        yield from self._said("agent", [self._one("acknowledge"), self._one("ask")])
        if self.chance.random() < 0.5:
            yield Beat("customer", self._one("quick"), "terminal", overlap_s=self.chance.uniform(0.15, 0.4))
            yield Beat("customer", self._one("reply"), gap_s=self._pause())
        else:
            yield Beat("customer", self._one("reply"), gap_s=self._gap())

    def _middle(self) -> Iterator[Beat]:
        parts = [self._search, self._answer, self._terms, self._wander, self._clash, self._both, self._story]
        self.chance.shuffle(parts)
        for part in parts[: self.chance.choice([5, 6, 7])]:
            yield from part()

    def _search(self) -> Iterator[Beat]:
        """A wait, announced by the agent or not."""
        if self.chance.random() < 0.7:
            yield Beat("agent", self._one("hold_on"), gap_s=self._gap())
        yield Beat("agent", self._one("acknowledge"), gap_s=self.chance.uniform(3.6, 12))

    def _answer(self) -> Iterator[Beat]:
        yield from self._said("agent", self.chance.choice(self.scene["answer"]))
        kind = self.chance.choice(["backchannel", "attempt", None])
        if kind == "backchannel":
            yield self._over("customer", "backchannel", "backchannel")
        elif kind == "attempt":
            yield self._over("customer", "attempt", "attempt", 0.25, 0.45)

    def _terms(self) -> Iterator[Beat]:
        """Read out fast, with one or two acknowledgements or an attempt to ask."""
        yield Beat("agent", self.scene["fast"], gap_s=self._gap(), speed=self.chance.choice([1.2, 1.45]))
        if self.chance.random() < 0.7:
            yield self._over("customer", "backchannel", "backchannel", 0.15, 0.4)
        if self.chance.random() < 0.5:
            yield self._over("customer", "attempt", "attempt", 0.5, 0.7)

    def _story(self) -> Iterator[Beat]:
        """The customer tells a thing to its end; the agent listens, or tries to come in and is answered over."""
        yield Beat("customer", self.scene["wander"], gap_s=self._gap())
        yield self._over("agent", "backchannel", "backchannel", 0.15, 0.4)
        if self.chance.random() < 0.5:
            yield self._over("agent", "agent_attempt", "attempt", 0.5, 0.7)
        yield Beat("agent", self._one("agent_short"), "terminal", overlap_s=self.chance.uniform(0.15, 0.4))
        yield Beat("agent", self._one("ask"), gap_s=self._pause())
        yield Beat("customer", self._one("answer_short"), gap_s=self._gap())

    def _wander(self) -> Iterator[Beat]:
        yield Beat("customer", self.scene["wander"], gap_s=self._gap())
        where = self.chance.uniform(0.6, 0.85)
        if self.chance.random() < 0.5:
            yield Beat("agent", self._one("redirect"), "redirect", where=where)
        else:
            yield Beat("agent", self._one("agent_cuts_in"), "interruption", where=where)
        yield Beat("customer", self._one("answer_short"), gap_s=self._gap())

    def _clash(self) -> Iterator[Beat]:
        yield Beat("agent", " ".join(self.chance.choice(self.scene["answer"])), gap_s=self._gap(), speed=self.manner)
        yield Beat("customer", self._one("cuts_in"), "interruption", where=self.chance.uniform(0.4, 0.8))
        yield Beat("agent", self._one("acknowledge"), gap_s=self._gap())

    def _both(self) -> Iterator[Beat]:
        yield Beat("customer", self._one("answer_short"), gap_s=self._gap())
        yield Beat("agent", " ".join(self.chance.choice(self.scene["answer"])), gap_s=self.chance.uniform(0.6, 1.5))
        yield Beat(
            "customer", self._one("both_start"), "simultaneous_start", overlap_s=self.chance.uniform(-0.12, 0.12)
        )

    def _ending(self) -> Iterator[Beat]:
        chance, label = self.chance, self.ending
        for key in ("recap", "offer_more_help", "positive_close", "renewed_apology", "reproach"):
            label[key] = chance.random() < 0.5
        label["next_step_dated"] = label["recap"]
        if label["reproach"]:
            yield Beat("agent", self._one("reproach"), gap_s=self._gap())
        if label["recap"]:
            yield Beat("agent", self._recap(), gap_s=self._gap())
            yield Beat("customer", self._one("thanks"), gap_s=self._gap())
        else:
            yield Beat("agent", self._one("vague"), gap_s=self._gap())
        if label["offer_more_help"]:
            yield Beat("agent", self._one("more_help"), gap_s=self._gap())
            yield Beat("customer", self._one("nothing_more"), gap_s=self._gap())
        if label["renewed_apology"]:
            yield Beat("agent", self._one("apology"), gap_s=self._gap())
        yield Beat("agent", self._one("positive" if label["positive_close"] else "flat"), gap_s=self._gap())

    def _recap(self) -> str:
        recap: str = self.shared["recap"]
        return recap.format(fact=self.scene["fact"], owner=self._one("owner"), day=self._one("day"))
