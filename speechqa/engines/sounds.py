"""Sounds that are nobody's speech: music on hold, ringing, busy and other tones, keys (DTMF).

Definition. Looked for where a channel sounds and the voice activity detector hears no voice, in what is left when the
lines that are always there (hum, `standing`) are taken away. Per 32 ms the spectrum of
64 ms (156-3500 Hz) gives *concentration* (1/2 for one line, 1/4 for two equal ones, near 0 for noise) and *steadiness*
(likeness to the spectrum 64 or 128 ms later: a voice glides, an instrument holds its notes). *Music* is sound made of
lines that fills most of 6 s, steady, while the detector mostly hears no voice; a voice in it is the music's when it is
as steady. A *tone* is a stretch of at most four lines that stand still; low tones of one pitch that repeat are
*ringing* (pauses of 1.2 s and more) or *busy* (shorter ones). A *key* is one line of each DTMF group that together hold
most of the energy. What is said between two stretches of music while the other side is silent is an announcement.
Default. Sound counts from -55 dBov; the limits stand beside the code.
Source. Telephone tones: ITU-T E.180 (425 Hz in most countries, other lines and pairs elsewhere). DTMF: ITU-T Q.23.
Steadiness as a sign of music: Seyerlehner et al. 2007 (continuous frequency activation).
Limits. A voice that sings alone, percussion alone and background talk are not told from what they resemble. Which keys
were pressed is not kept: they may be a card number.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.ndimage import binary_dilation, uniform_filter1d

from speechqa.engines.edges import Activity
from speechqa.engines.energy import HOP_S
from speechqa.engines.spectra import FRAME_S, STEADY_OVER, STEP_S, Frames, frames_of, keys_in
from speechqa.engines.standing import Standing, find_standing
from speechqa.recording import Channel
from speechqa.timeline import Span, Timeline

ToneKind = Literal["key", "ringing", "busy", "tone"]
Mask = npt.NDArray[np.bool_]

SOUNDS_FROM_DBOV = -55.0
VOICE = 0.35
BLOCK_FRAMES = 16  # 0.512 s: what is looked at or passed over
LEAST_IN_BLOCK_S = 0.04

STANDS_STILL = 0.97
FEW_LINES = 0.12  # at most four
KEYS_WITHIN_S = 0.3
SHORTEST_TONE_S = 0.2
SAME_TONE_HZ = 20.0
SAME_TONES_WITHIN_S = 6.0
RINGING_PAUSE_S = 1.2

MUSIC_WINDOW_S = 6.0
STEADY = 0.66
HELD, HELD_SHARE = 0.92, 0.15  # noise is as steady as 0.785 (pi/4), but never steadier
VERY_STEADY = 0.8
MADE_OF_LINES = 0.045
FILLED = 0.6
VOICED_AT_MOST = 0.35
VERY_STEADY_VOICED_AT_MOST = 0.7
MUSIC_LULL_S = 4.0
LONGEST_BREAK_S = 0.3
SHORTEST_VOICE_S = 0.5
DETECTOR_LATE_S = 0.15
SHORTEST_MUSIC_S = 1.0
HIGHEST_RINGING_HZ = 700.0
LONGEST_ANNOUNCEMENT_S = 40.0
LONGEST_RING_S = 0.5  # speech that is shorter, inside ringing, is a ring; hum can be taken for ringing under a voice


@dataclass(frozen=True, slots=True)
class Tone:
    """A telephone tone or key; a ringing or busy tone lasts from its first to its last burst."""

    start_s: float
    end_s: float
    kind: ToneKind


@dataclass(frozen=True, slots=True)
class OtherSounds:
    """What sounds on a channel and is nobody's speech, in recording time."""

    music: Timeline = field(default_factory=Timeline)
    tones: tuple[Tone, ...] = ()

    @property
    def waiting(self) -> Timeline:
        """When somebody waits and hears it: music, ringing, a busy line."""
        rung = (Span(tone.start_s, tone.end_s) for tone in self.tones if tone.kind in ("ringing", "busy"))
        return self.music | Timeline(rung)


NOTHING = OtherSounds()


def find_sounds(channel: Channel, activity: Activity) -> OtherSounds:
    """The music and the tones on a channel whose voice activity is known."""
    sounding = activity.levels > SOUNDS_FROM_DBOV
    looked_at = _worth_a_look(sounding, activity.likely)
    if not looked_at.any():
        return NOTHING
    standing = find_standing(channel, sounding, activity)
    frames, keys = _frames(channel, looked_at, standing)
    loud, voiced = _per_frame(sounding, len(frames.steady)), _per_frame(activity.likely >= VOICE, len(frames.steady))
    music = _music(frames, loud, voiced, sounding)
    music = (music - _spoken(channel, activity, music, standing)).without_shorter(SHORTEST_MUSIC_S)
    pressed = Timeline(Span(start_s, end_s) for start_s, end_s in keys).closed(KEYS_WITHIN_S)
    tones = (*_tones(frames), *(Tone(span.start_s, span.end_s, "key") for span in pressed))
    kept = [tone for tone in tones if not music.cropped(Span(tone.start_s, tone.end_s))]
    begins = activity.start_s
    return OtherSounds(
        music.shifted(begins),
        tuple(
            Tone(tone.start_s + begins, tone.end_s + begins, tone.kind)
            for tone in sorted(kept, key=lambda tone: tone.start_s)
        ),
    )


def without_sounds(voice: Timeline, sounds: OtherSounds, others: Timeline | None) -> tuple[Timeline, Timeline]:
    """A channel's speech without what is music and tones, and the announcements spoken between the music.

    ``others`` is the other side's speech: who is answered is no announcement. None: both sides are on this channel.
    """
    between = sounds.music.closed(LONGEST_ANNOUNCEMENT_S) - sounds.music
    alone = [gap for gap in between if others is not None and not others.cropped(gap)]
    announced = voice & Timeline(alone)
    tones = Timeline(Span(tone.start_s, tone.end_s) for tone in sounds.tones if tone.kind in ("key", "tone"))
    ringing = Timeline(Span(tone.start_s, tone.end_s) for tone in sounds.tones if tone.kind == "ringing")
    rings = Timeline(
        span for span in voice if span.duration_s < LONGEST_RING_S and ringing.cropped(span) == Timeline((span,))
    )
    return voice - sounds.music - announced - tones - rings, announced


def _worth_a_look(sounding: Mask, likely: npt.NDArray[np.float32]) -> Mask:
    """Per block: whether enough of it sounds without a voice."""
    size = round(BLOCK_FRAMES * STEP_S / HOP_S * 10) / 10  # hops per block; not whole
    count = int(np.ceil(len(sounding) / size)) if len(sounding) else 0
    at = np.minimum((np.arange(len(sounding)) / size).astype(int), max(0, count - 1))
    other = np.bincount(at, sounding & (likely < VOICE), minlength=count)
    everything = np.bincount(at, sounding, minlength=count)
    found: Mask = binary_dilation((other >= LEAST_IN_BLOCK_S / HOP_S) & (other >= 0.4 * everything))
    return found


def _frames(channel: Channel, looked_at: Mask, standing: Standing) -> tuple[Frames, list[tuple[float, float]]]:
    """The spectra's features on the channel's whole grid, and the keys, from the blocks that are worth a look."""
    frames = Frames.empty(len(looked_at) * BLOCK_FRAMES)
    keys: list[tuple[float, float]] = []
    block_s = BLOCK_FRAMES * STEP_S
    for first, last in _parts(looked_at):
        start_s = first * block_s
        span = Span(start_s, last * block_s + FRAME_S + (STEADY_OVER - 1) * STEP_S).shifted(channel.offset_s)
        samples = channel.read(span, 8000)
        here = standing.at((first + last) / 2 * block_s)
        frames.put(first * BLOCK_FRAMES, frames_of(samples, here))
        keys += [(start_s + begin, start_s + end) for begin, end in keys_in(samples)]
    return frames, keys


def _parts(mask: Mask, longest: int = 60) -> Iterator[tuple[int, int]]:
    """Runs of True, cut so that none is longer than half a minute: half of a window of what stands."""
    for start, end in _runs(mask):
        yield from ((at, min(end, at + longest)) for at in range(start, end, longest))


def _per_frame(mask: Mask, count: int) -> npt.NDArray[np.float32]:
    """The share of each frame's step in which the mask holds."""
    sums = np.concatenate([[0], np.cumsum(mask)])
    edges = np.minimum(np.round(np.arange(count + 1) * (STEP_S / HOP_S)).astype(int), len(mask))
    share: npt.NDArray[np.float32] = (np.diff(sums[edges]) / np.maximum(1, np.diff(edges))).astype(np.float32)
    return share


def _music(frames: Frames, loud: npt.NDArray[np.float32], voiced: npt.NDArray[np.float32], sounding: Mask) -> Timeline:
    """Windows that are music, joined, and brought to where the sound begins and ends."""
    size = round(MUSIC_WINDOW_S / STEP_S)
    known = frames.known & (loud > 0.5) & (frames.lines >= MADE_OF_LINES)
    share = uniform_filter1d(known.astype(np.float32), size)
    safe = np.maximum(share, 1e-3)
    steady = uniform_filter1d(np.where(known, frames.steady, 0), size) / safe
    held = uniform_filter1d((known & (frames.steady >= HELD)).astype(np.float32), size) / safe
    voice = uniform_filter1d(np.minimum(loud, voiced), size) / np.maximum(uniform_filter1d(loud, size), 1e-3)
    calm = (steady >= STEADY) & (voice <= VOICED_AT_MOST)
    calmer = (steady >= VERY_STEADY) & (voice <= VERY_STEADY_VOICED_AT_MOST)
    centres = (calm | calmer) & (share >= FILLED) & (held >= HELD_SHARE) & ~_few_tones(frames, known, size)
    half = MUSIC_WINDOW_S / 2
    wide = Timeline(Span(max(0.0, a * STEP_S - half), b * STEP_S + half) for a, b in _runs(centres))
    heard = Timeline(Span(a * HOP_S, b * HOP_S) for a, b in _runs(sounding)).closed(MUSIC_LULL_S)
    return (wide & heard).without_shorter(MUSIC_WINDOW_S)


def _spoken(channel: Channel, activity: Activity, music: Timeline, standing: Standing) -> Timeline:
    """Where a voice in or beside the music glides as speech does: who comes back from hold, an announcement."""
    voice = Timeline(Span(a * HOP_S, b * HOP_S) for a, b in _runs(activity.likely >= 0.5)).closed(LONGEST_BREAK_S)
    spoken = []
    for span in (voice & music).without_shorter(SHORTEST_VOICE_S):
        frames = frames_of(channel.read(span.shifted(channel.offset_s), 8000), standing.at(span.start_s))
        tonal = frames.steady[frames.known & (frames.lines >= MADE_OF_LINES)]
        if len(tonal) and float(tonal.mean()) < STEADY:
            spoken.append(Span(span.start_s - DETECTOR_LATE_S, span.end_s + DETECTOR_LATE_S))
    return Timeline(spoken)


def _few_tones(frames: Frames, known: Mask, size: int) -> Mask:
    """Where nearly all of the sound stands still on the same few lines: a dial or ringing tone and no tune."""
    still = known & (frames.still >= STANDS_STILL) & (frames.lines >= FEW_LINES)
    move = np.abs(np.diff(frames.centre, prepend=frames.centre[:1])) > SAME_TONE_HZ
    changes = uniform_filter1d((still & move).astype(np.float32), size)
    share = uniform_filter1d(still.astype(np.float32), size) / np.maximum(
        uniform_filter1d(known.astype(np.float32), size), 1e-3
    )
    few: Mask = (share > 0.85) & (changes < 0.02)
    return few


def _tones(frames: Frames) -> Iterator[Tone]:
    """Single tones, those of one pitch that repeat joined."""
    still = frames.known & (frames.still >= STANDS_STILL) & (frames.lines >= FEW_LINES)
    bursts = []
    for start, end in _runs(still):
        span = Span(start * STEP_S, (end - 1) * STEP_S + FRAME_S + 2 * STEP_S)
        if span.duration_s >= SHORTEST_TONE_S:
            bursts.append((span, float(np.median(frames.centre[start:end]))))
    while bursts:
        train = _train(bursts)
        bursts = [each for each in bursts if each not in train]
        if train[0][1] > HIGHEST_RINGING_HZ:
            yield from (Tone(span.start_s, span.end_s, "tone") for span, _ in train)
        else:
            yield _joined([span for span, _ in train])


def _train(bursts: list[tuple[Span, float]]) -> list[tuple[Span, float]]:
    """The first burst and those of its pitch that follow closely enough."""
    train = [bursts[0]]
    for span, pitch_hz in bursts[1:]:
        near = span.start_s - train[-1][0].end_s <= SAME_TONES_WITHIN_S
        if near and abs(pitch_hz - train[0][1]) <= SAME_TONE_HZ:
            train.append((span, pitch_hz))
    return train


def _joined(spans: list[Span]) -> Tone:
    pauses = [after.start_s - before.end_s for before, after in itertools.pairwise(spans)]
    start_s, end_s = spans[0].start_s, spans[-1].end_s
    if any(pause >= RINGING_PAUSE_S for pause in pauses):
        return Tone(start_s, end_s, "ringing")
    return Tone(start_s, end_s, "busy" if len(pauses) >= 2 else "tone")


def _runs(mask: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    change = np.diff(np.concatenate([[0], mask.astype(np.int8), [0]]))
    return list(zip(np.flatnonzero(change == 1).tolist(), np.flatnonzero(change == -1).tolist(), strict=True))
