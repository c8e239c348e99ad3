"""How well the network carries a call, sample by sample: from RTP and RTCP counters to rating and MOS.

Pure: counters and the clock are handed in. Each sample is about the seconds since the one before, for one side of the
line: what came in from it, and by its own reports what it got of ours. The rating is ITU-T G.107 (`clearline.emodel`)
with

- loss of the packets that were due, by their sequence numbers. What the jitter buffer discards is not counted: the
  library also discards while nobody listens to the call (a prompt plays and nothing is recorded);
- the burst ratio from the mean length of a loss (1 where nothing was lost);
- absolute delay = half the round trip + the jitter buffer's mean + one packet; half the packet where RTCP told no trip.

A codec without values in G.113 has no rating.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from clearline.emodel import CODECS, Connection, mos, rating

Side = Literal["customer", "agent"]
EVERY_S = 5.0
PACKET_MS = 20.0
ONE_WAY_S = 10.0
DEAF_PERCENT = 95.0
"""A side that reports the loss of so much of what we send does not hear us."""


@dataclass(frozen=True, slots=True)
class Counters:
    """One call's counters since its audio began, times in milliseconds.

    ``lost`` by sequence numbers; ``loss_ms`` is the mean length of a loss; ``their_lost`` of our ``sent`` packets the
    other side reports as lost, None before its first report.
    """

    packets: int
    lost: int
    jitter_ms: float = 0.0
    round_trip_ms: float = 0.0
    buffer_ms: float = 0.0
    loss_ms: float = 0.0
    sent: int = 0
    their_lost: int | None = None
    codec: str = "PCMU"


@dataclass(frozen=True, slots=True)
class Sample:
    """The seconds up to ``at_s`` of one side; ``rating`` and ``mos`` None where the codec has none or nothing came.

    ``their_loss_percent`` is what that side lost of our audio by its own reports, None where it sent none.
    """

    at_s: float
    side: Side
    packets: int
    loss_percent: float
    jitter_ms: float
    round_trip_ms: float
    buffer_ms: float
    their_loss_percent: float | None
    rating: float | None
    mos: float | None


def sample(at_s: float, side: Side, before: Counters, now: Counters) -> Sample:
    """What the counters tell of the time between two readings; a counter that fell began anew (re-INVITE)."""
    anew = now.packets < before.packets
    then = Counters(0, 0, codec=now.codec) if anew else before
    packets = now.packets - then.packets
    gone = max(0, now.lost - then.lost)
    due = packets + gone
    loss_percent = 100 * gone / due if due else 100.0
    r = _rating(now, loss_percent) if packets else None
    return Sample(
        at_s=round(at_s, 3),
        side=side,
        packets=packets,
        loss_percent=round(loss_percent, 2),
        jitter_ms=round(now.jitter_ms, 2),
        round_trip_ms=round(now.round_trip_ms, 2),
        buffer_ms=round(now.buffer_ms, 1),
        their_loss_percent=_their_loss(then, now),
        rating=None if r is None else round(r, 1),
        mos=None if r is None else round(mos(r), 2),
    )


def deaf(samples: Sequence[Sample], side: Side) -> bool:
    """Whether this side has not heard us for ``ONE_WAY_S``, by its own reports: one-way audio."""
    own = [each for each in samples if each.side == side]
    recent = own[-round(ONE_WAY_S / EVERY_S) :]
    if len(recent) < ONE_WAY_S / EVERY_S:
        return False
    return all(each.their_loss_percent is not None and each.their_loss_percent >= DEAF_PERCENT for each in recent)


@dataclass(frozen=True, slots=True)
class Summary:
    """A side over the whole call: packets that came, loss over all, the mean and the worst MOS of its samples."""

    packets: int
    loss_percent: float
    jitter_ms: float
    round_trip_ms: float
    mos: float | None
    worst_mos: float | None


def summary(samples: Sequence[Sample], side: Side) -> Summary | None:
    """None for a side without samples; means are weighed by packets."""
    own = [each for each in samples if each.side == side]
    if not own:
        return None
    packets = sum(each.packets for each in own)
    scored = [each for each in own if each.mos is not None]
    weight = sum(each.packets for each in scored)
    due = sum(each.packets / max(1e-9, 1 - min(each.loss_percent, 99.9) / 100) for each in own)
    return Summary(
        packets=packets,
        loss_percent=round(100 * (1 - packets / due), 2) if due else 100.0,
        jitter_ms=round(max(each.jitter_ms for each in own), 2),
        round_trip_ms=round(max(each.round_trip_ms for each in own), 2),
        mos=round(sum(each.packets * (each.mos or 0) for each in scored) / weight, 2) if weight else None,
        worst_mos=min((each.mos for each in scored if each.mos is not None), default=None),
    )


def _rating(now: Counters, loss_percent: float) -> float | None:
    codec = CODECS.get(now.codec)
    if codec is None:
        return None
    one_way_ms = now.round_trip_ms / 2 + now.buffer_ms + PACKET_MS
    connection = Connection(
        one_way_ms=one_way_ms,
        loss_percent=loss_percent,
        burst_ratio=burst_ratio(loss_percent, now.loss_ms / PACKET_MS),
        codec=codec,
    )
    return rating(connection)


def burst_ratio(loss_percent: float, mean_length: float) -> float:
    """BurstR of G.107: the mean length of a loss over that of random loss of the same rate, 1 / (1 − p); at least 1."""
    if loss_percent <= 0 or loss_percent >= 100 or mean_length <= 0:
        return 1.0
    return max(1.0, mean_length * (1 - loss_percent / 100))


def _their_loss(then: Counters, now: Counters) -> float | None:
    if now.their_lost is None:
        return None
    sent = now.sent - then.sent
    lost = now.their_lost - (then.their_lost or 0)
    return round(min(100.0, max(0.0, 100 * lost / sent)), 2) if sent > 0 else None
