"""How much of a flow its tests have been through: nodes, exits, languages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ivr.flow.model import Flow
from ivr.flow.testing.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Share:
    """So many out of so many; ``missing`` names the others."""

    done: int
    of: int
    missing: tuple[str, ...]

    @property
    def percent(self) -> float:
        """0 to 100; 100 where there is nothing to do."""
        return 100.0 * self.done / self.of if self.of else 100.0


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the tests of one flow have been through."""

    nodes: Share
    exits: Share
    languages: Share


def coverage(flow: Flow, verdicts: Iterable[Verdict]) -> Coverage:
    """What these calls came to, left by and spoke. Exits are those that lead to a node; an exit is ``node.exit``.
    Nodes of other files count in their own tests.
    """
    nodes: set[str] = set()
    exits: set[tuple[str, str]] = set()
    languages: set[str] = set()
    for verdict in verdicts:
        nodes.update(verdict.path)
        exits.update(verdict.exits)
        languages |= verdict.languages
    own = flow.own
    every = [(name, exit) for name, node in own.items() for exit in node.exits]
    return Coverage(
        _share([(name, name in nodes) for name in own]),
        _share([(f"{name}.{exit}", (name, exit) in exits) for name, exit in every]),
        _share([(language, language in languages) for language in flow.languages]),
    )


def _share(met: list[tuple[str, bool]]) -> Share:
    missing = tuple(name for name, done in met if not done)
    return Share(len(met) - len(missing), len(met), missing)
