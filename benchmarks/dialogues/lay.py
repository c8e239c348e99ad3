"""From beats to two lanes of audio with exact truth: where every voice starts, pauses, is cut off and overlaps.

Lanes are float32 mono at ``RATE``; the truth has the fields that ``shared/bench/score_analysis.py`` reads.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.dialogues.compose import Beat, Party, Plan

RATE = 8000
Samples = npt.NDArray[np.float32]
Voice = Callable[[Party, str, float], Samples]
FRAME = RATE // 200  # 5 ms
QUIET_DB, SHORTEST_PAUSE_S = -38.0, 0.2
ROOM_S = 0.6  # how far the ends of a piece stay from what is said over it


@dataclass(slots=True)
class Piece:
    """One laid stretch: samples from ``start`` (in samples), possibly cut short."""

    party: Party
    text: str
    kind: str
    start: int
    samples: Samples
    cut: bool = False

    @property
    def end(self) -> int:
        """One past the last sample."""
        return self.start + len(self.samples)


def voiced(samples: Samples) -> list[tuple[int, int]]:
    """Stretches of a clean voice that are within 38 dB of its mean power; gaps under 0.2 s count as speech."""
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    power = 10 * np.log10((frames.astype(np.float64) ** 2).mean(axis=1) + 1e-12)
    loud = power > 10 * np.log10((samples.astype(np.float64) ** 2).mean() + 1e-12) + QUIET_DB
    edges = np.flatnonzero(np.diff(np.concatenate(([0], loud.astype(np.int8), [0]))))
    out: list[tuple[int, int]] = []
    for start, end in zip(edges[::2] * FRAME, edges[1::2] * FRAME, strict=True):
        if out and start - out[-1][1] < SHORTEST_PAUSE_S * RATE:
            out[-1] = (out[-1][0], int(end))
        else:
            out.append((int(start), int(end)))
    return out


def trimmed(samples: Samples) -> Samples:
    """The voice without the silence before and after it."""
    stretches = voiced(samples)
    return samples[stretches[0][0] : stretches[-1][1]] if stretches else samples[:0]


def lay(plan: Plan, voice: Voice, chance: random.Random) -> list[Piece]:
    """Place every beat in time; one that finds no room in the piece it would be said over is left out."""
    pieces: list[Piece] = []
    floor = 0
    for beat in plan.beats:
        samples = trimmed(voice(beat.party, beat.text, beat.speed))
        held = _held(pieces, beat.party)
        start = _start(beat, held, len(samples), floor)
        if start is None:
            continue
        piece = Piece(beat.party, beat.text, beat.kind, start, samples)
        if beat.kind in ("interruption", "redirect"):
            _cut(held, _cut_at(held, start, chance))
        pieces.append(piece)
        floor = max(floor, piece.end) if beat.kind != "backchannel" else floor
        if beat.kind in ("interruption", "redirect"):
            floor = piece.end
    return pieces


def _cut_at(piece: Piece, from_sample: int, chance: random.Random) -> int:
    """0.35-0.75 s after the other began, where the piece is in the middle of speech (after twenty tries: anywhere)."""
    stretches = [(piece.start + a, piece.start + b) for a, b in voiced(piece.samples)]
    for _ in range(20):
        at = from_sample + int(chance.uniform(0.35, 0.75) * RATE)
        if any(a + RATE // 10 <= at < b for a, b in stretches):
            break
    return at


def _cut(piece: Piece, at: int) -> None:
    piece.samples = piece.samples[: max(FRAME, at - piece.start)].copy()
    piece.samples[-80:] *= np.linspace(1, 0, len(piece.samples[-80:]), dtype=np.float32)
    piece.cut = True


def _held(pieces: Sequence[Piece], by: Party) -> Piece:
    others = [p for p in pieces if p.party != by]
    return others[-1] if others else Piece(by, "", "turn", 0, np.zeros(0, np.float32))


def _start(beat: Beat, held: Piece, length: int, floor: int) -> int | None:
    """The first sample of a beat; None where it would not fit into the piece that it is said over."""
    if beat.kind == "turn":
        return floor + int(beat.gap_s * RATE)
    if beat.kind == "terminal":
        return held.end - int(beat.overlap_s * RATE)
    if beat.kind == "simultaneous_start":
        return held.start + int(beat.overlap_s * RATE)
    needed = length if beat.kind in ("backchannel", "attempt") else int(0.75 * RATE)
    latest = held.end - needed - int(ROOM_S * RATE)
    wanted = held.start + int(beat.where * len(held.samples))
    return min(wanted, latest) if latest >= held.start + int(ROOM_S * RATE) else None


def lanes(pieces: Sequence[Piece], tail_s: float = 0.8) -> dict[Party, Samples]:
    """Both sides, of one length."""
    n = max(p.end for p in pieces) + int(tail_s * RATE)
    out: dict[Party, Samples] = {"agent": np.zeros(n, np.float32), "customer": np.zeros(n, np.float32)}
    for piece in pieces:
        out[piece.party][piece.start : piece.end] += piece.samples
    return out


def truth(plan: Plan, pieces: Sequence[Piece], duration_s: float) -> dict[str, Any]:
    """What is so, in the words of the scorer."""
    speech, inner = [], []
    for piece in pieces:
        stretches = [(piece.start + a, piece.start + b) for a, b in voiced(piece.samples)]
        speech += [_span(piece.party, a, b) for a, b in stretches]
        inner += [_span(piece.party, a[1], b[0]) for a, b in itertools.pairwise(stretches)]
    return {
        "speech": sorted(speech, key=lambda s: s["start_s"]),
        "inner_pauses": inner,
        "pieces": [_span(p.party, p.start, p.end) | {"text": p.text, "cut": p.cut} for p in _in_order(pieces)],
        "overlaps": [_overlap(p, pieces) for p in pieces if p.kind != "turn"],
        "pauses": _pauses(pieces),
        "silences": [{"start_s": a / RATE, "end_s": b / RATE} for a, b in _silences(pieces)],
        "ending": dict(plan.ending),
        "duration_s": duration_s,
        "scene": plan.scene,
    }


def _in_order(pieces: Sequence[Piece]) -> list[Piece]:
    return sorted(pieces, key=lambda piece: piece.start)


def _span(party: Party, start: int, end: int) -> dict[str, Any]:
    return {"party": party, "start_s": start / RATE, "end_s": end / RATE}


def _overlap(piece: Piece, pieces: Sequence[Piece]) -> dict[str, Any]:
    both = [
        (max(piece.start, other.start), min(piece.end, other.end))
        for other in pieces
        if other.party != piece.party and other.start < piece.end and piece.start < other.end
    ]
    start, end = (min(a for a, _ in both), max(b for _, b in both)) if both else (piece.start, piece.start)
    by = _held(pieces, piece.party).party if piece.kind == "simultaneous_start" and start > piece.start else piece.party
    return {"start_s": start / RATE, "end_s": end / RATE, "by": by, "kind": piece.kind, "text": piece.text}


def _pauses(pieces: Sequence[Piece]) -> list[dict[str, Any]]:
    """Silences between two pieces of one party where the other does not speak, up to 3 s."""
    out = []
    ordered = sorted((p for p in pieces), key=lambda p: p.start)
    for before, after in itertools.pairwise(ordered):
        covered = max(p.end for p in ordered if p.start <= before.start)
        if before.party == after.party and covered == before.end and 0 < after.start - before.end < 3 * RATE:
            out.append(_span(before.party, before.end, after.start))
    return out


def _silences(pieces: Sequence[Piece]) -> list[tuple[int, int]]:
    out, end = [], 0
    for piece in sorted(pieces, key=lambda p: p.start):
        if end and piece.start - end >= 3 * RATE:
            out.append((end, piece.start))
        end = max(end, piece.end)
    return out
