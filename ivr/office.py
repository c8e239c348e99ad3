"""What the calls of a line share: who waits for whom, whom to ring back, who speaks what."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass

from ivr.callbacks import Callbacks
from ivr.languages import RememberedLanguages
from ivr.queueing import Queues

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Office:
    """``usual`` tells the language of calls to a number where the caller chose none; empty for the flow's first."""

    queues: Queues
    callbacks: Callbacks
    languages: RememberedLanguages
    usual: Callable[[str], str] = lambda called: ""

    def language(self, caller: str, called: str, spoken: Collection[str]) -> str:
        """What the caller chose in an earlier call, if it is ``spoken``; else what the line says of the number."""
        chosen = self.languages.of(caller)
        return chosen if chosen in spoken else self.usual(called)

    def remember(self, caller: str, language: str) -> None:
        """Begin this caller's next calls in the language; where it cannot be kept, the log says so."""
        try:
            self.languages.remember(caller, language)
        except OSError as error:
            log.error("the choice of language cannot be kept: %s", error.strerror)
