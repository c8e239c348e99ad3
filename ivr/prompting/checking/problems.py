"""What can be wrong with a prompt, and what was found out about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from ivr.prompting.checking.comparing import Comparison
from ivr.prompting.checking.sound import Sound

Severity = Literal["error", "warning", "note"]
GRAVEST_FIRST: tuple[Severity, ...] = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: what, why it matters and what to do; ``prompt`` is empty for a language as a whole."""

    severity: Severity
    rule: str
    prompt: str
    language: str
    what: str
    why: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.prompt} ({self.language})" if self.prompt else self.language
        return f"{self.severity}: {where}: {self.what}. {self.remedy}"


@dataclass(frozen=True, slots=True)
class Proof:
    """One prompt in one language as it is heard, with the example values that stand in its gaps.

    ``text`` is what is said; ``sound`` is None where no audio could be made, ``comparison`` where nobody listened.
    """

    prompt: str
    language: str
    text: str
    recorded: bool
    sound: Sound | None
    comparison: Comparison | None
    problems: tuple[Problem, ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    note: str = ""

    @property
    def rank(self) -> tuple[int, float]:
        """Sorts the worst first."""
        gravest = min((GRAVEST_FIRST.index(each.severity) for each in self.problems), default=len(GRAVEST_FIRST))
        return gravest, -(self.comparison.word_error_rate if self.comparison else 0.0)


@dataclass(frozen=True, slots=True)
class LanguageFigures:
    """One language in figures: levels in dBov, word errors of all prompts together in percent, words a minute."""

    language: str
    voice: str
    natural: bool
    recognizer: str | None
    prompts: int
    word_error_percent: float | None
    level_dbov: tuple[float, float] | None
    words_per_minute: float | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Report:
    """A brand's prompts, proven; worst first. ``general`` are problems of no single prompt."""

    brand: str
    folder: str
    languages: tuple[LanguageFigures, ...]
    proofs: tuple[Proof, ...]
    general: tuple[Problem, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All of them, gravest first."""
        every = (*self.general, *(problem for proof in self.proofs for problem in proof.problems))
        return tuple(sorted(every, key=lambda each: GRAVEST_FIRST.index(each.severity)))

    def count(self, severity: Severity) -> int:
        """How many problems are of this severity."""
        return sum(each.severity == severity for each in self.problems)


def worst_first(proofs: Iterable[Proof]) -> tuple[Proof, ...]:
    """Errors, then warnings, then what was heard worst; otherwise in the catalogue's order."""
    return tuple(sorted(proofs, key=lambda proof: proof.rank))
