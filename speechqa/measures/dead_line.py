"""Dead line: no signal at all on either side, not even noise.

Definition. A channel carries no signal where its samples differ from their mean by at most two steps of 16 bits for
0.5 s and more (a file that ended counts too). The line is dead where both channels carry none while nobody speaks and
nothing plays, for ``to_end_s`` up to the end of the recording, or for ``long_s`` anywhere. Where both channels are as
silent in more than half of the other quiet time, the system mutes its pauses, and nothing is told.
Default. to_end_s 5 s, long_s 20 s.
Source. Own definition: dead air is somebody's silence, a dead line is the network's, so it is counted apart.
Limits. A system that mutes pauses (silence suppression) hides a dead line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from speechqa.conversation import Conversation, Party
from speechqa.measures.inputs import validate, validate_positive
from speechqa.timeline import Span, Timeline

FRAME_S = 0.05
SIGNAL_MIN_S = 0.5
STEPS = 2 / 32768
END_S = 0.5
QUIET_MIN_S = 1.0

Samples = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class DeadLineSettings:
    """Seconds; see the module docstring."""

    to_end_s: float = 5.0
    long_s: float = 20.0


def no_signal(blocks: Iterable[Samples], rate_hz: int, *, offset_s: float = 0.0) -> Timeline:
    """When the channel carries nothing, given in blocks of samples of which the first begins at ``offset_s``."""
    size = max(1, round(FRAME_S * rate_hz))
    spans: list[Span] = []
    at_s = offset_s
    for block in blocks:
        frames = block[: block.size // size * size].reshape(-1, size)
        still = np.ptp(frames, axis=1) <= 2 * STEPS if len(frames) else np.zeros(0, dtype=bool)
        change = np.flatnonzero(np.diff(np.concatenate([[0], still.astype(np.int8), [0]])))
        spans += [
            Span(at_s + first * size / rate_hz, at_s + end * size / rate_hz)
            for first, end in zip(change[::2].tolist(), change[1::2].tolist(), strict=True)
        ]
        at_s += block.size / rate_hz
    return Timeline(spans).closed(2 * FRAME_S).without_shorter(SIGNAL_MIN_S)


def measure(
    conversation: Conversation,
    silent: Mapping[Party, Timeline],
    lanes: Mapping[Party, Span],
    settings: DeadLineSettings | None = None,
) -> Timeline:
    """When the line was dead: ``silent`` and ``lanes`` are when each channel carries nothing, and when it runs."""
    validate(conversation)
    settings = settings or DeadLineSettings()
    validate_positive(to_end_s=settings.to_end_s, long_s=settings.long_s)
    if set(lanes) != {"agent", "customer"}:
        return Timeline()
    call = Span(0.0, conversation.duration_s)
    nothing = {party: silent[party] | Timeline((lane,)).gaps(call) for party, lane in lanes.items()}
    sounding = conversation.announcements | conversation.hold
    for speech in conversation.speech.values():
        sounding |= speech
    idle = sounding.gaps(call)
    both = nothing["agent"] & nothing["customer"] & idle
    dead = Timeline(
        span
        for span in both
        if span.duration_s >= settings.long_s
        or (span.duration_s >= settings.to_end_s and conversation.duration_s - span.end_s <= END_S)
    )
    return Timeline() if _muted(idle - dead, nothing) else dead


def _muted(quiet: Timeline, nothing: Mapping[Party, Timeline]) -> bool:
    """Whether both channels carry nothing in most of the quiet time."""
    silent_s = (nothing["agent"] & nothing["customer"] & quiet).covered_s
    return quiet.covered_s >= QUIET_MIN_S and silent_s > quiet.covered_s / 2
