"""Grouping voice prints into two voices: pure numpy, no sound.

Method. Prints vary with what is said as much as with who says it. What changes within one stretch of speech is mostly
what is said; so the directions are sought in which all prints of the call vary most against that (a generalised
eigenproblem: within-class covariance normalisation without labels). In these directions a hidden Markov model with two
states and one common variance is fitted (Baum-Welch, several starts, the likeliest kept); changing the voice costs much
inside a stretch and little across a silence. Neighbouring windows share most of their sound, so their evidence is
weighed by ``EVIDENCE``. The most likely path (Viterbi) is the grouping. For long calls the model is fitted to
``MOST_FITTED`` windows from all over the call and all windows are decoded: linear in time, bounded in memory.

Two voices or one. Two groups can be made of one voice too, but they are alike. ``likeness`` is the cosine of the
groups' mean prints, ``apart`` the distance of their means in standard deviations; a logistic rule over both, fitted on
generated calls of one and of two people (clean, GSM, noise of 20 and 10 dB, alike and unlike voices), gives the
probability of two. *Three voices.* Where a group falls into two very unlike voices again, each with some seconds, there
are more than two, whatever the first grouping says: two of three voices may lie so near each other that it says one.
Source. A Markov model over voice prints: Landini et al., "Bayesian HMM clustering of x-vector sequences (VBx)", 2022;
this is a plain maximum-likelihood relative of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.linalg import eigh

from speechqa.engines.voiceprint import STEP, WINDOW, Voiceprints

Matrix = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]

DIMENSIONS, KEPT = 12, 2
EVIDENCE = 0.4
CHANGE_INSIDE, CHANGE_ACROSS = 0.01, 0.25
MOST_FITTED, RUN = 2_000, 50
FIRST_ROUNDS, MORE_ROUNDS = 4, 10
FEWEST_WINDOWS = 12
TWO_VOICES = (0.38, -4.08, 1.17)  # intercept; per likeness over 0.7; per standard deviation apart over 3
THIRD_LIKENESS, THIRD_APART, THIRD_WINDOWS = 0.7, 4.0, 40


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """Which of two voices each window belongs to (0 is heard first); ``two`` is the probability that there are two.

    ``third`` is the probability that one of the groups holds two very unlike voices again, of which the one that is
    heard less has ``third_windows`` windows; 0 where they are not very unlike.
    """

    labels: Labels
    two: float
    likeness: float = 1.0
    apart: float = 0.0
    third: float = 0.0
    third_windows: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class _Model:
    """Means ``(2, d)`` and the common variance ``(d,)`` of the projected prints."""

    means: Matrix
    variance: Matrix
    likelihood: float

    def evidence(self, points: Matrix) -> Matrix:
        """Weighed log likelihoods, shape ``(n, 2)``."""
        far = np.square(points[:, None] - self.means[None]) / self.variance
        weighed: Matrix = EVIDENCE * -0.5 * (far.sum(axis=2) + np.log(self.variance).sum())
        return weighed


def group(prints: Voiceprints) -> Grouping:
    """Group the prints of one recording into two voices."""
    grouping = _two_groups(prints)
    if not grouping.labels.any():
        return grouping
    third, windows = max(_splits(_chosen(prints, grouping.labels == voice)) for voice in (0, 1))
    return replace(grouping, third=third, third_windows=windows)


def _two_groups(prints: Voiceprints) -> Grouping:
    none = np.zeros(len(prints), np.int64)
    if len(prints) < FEWEST_WINDOWS:
        return Grouping(none, 0.0)
    fitted = _fitted_on(len(prints))
    projection = _projection(_chosen(prints, fitted))
    points = (prints.vectors @ projection).astype(np.float64)
    points /= np.maximum(points[fitted].std(axis=0)[:1], 1e-9)
    change = _change(prints)
    model = _fit(points[fitted], change[fitted])
    labels = _path(model.evidence(points), change)
    if len(np.unique(labels)) < 2:
        return Grouping(none, 0.0)
    likeness = _likeness(prints, labels)
    apart = float(np.sqrt(np.sum(np.square(model.means[0] - model.means[1])[:1] / model.variance[:1])))
    intercept, per_likeness, per_apart = TWO_VOICES
    two = 1 / (1 + math.exp(-(intercept + per_likeness * (likeness - 0.7) + per_apart * (apart - 3.0))))
    return Grouping(labels if labels[0] == 0 else 1 - labels, two, likeness, apart)


def _splits(prints: Voiceprints) -> tuple[float, int]:
    """How likely what was taken for one voice holds two very unlike ones, and the windows of the lesser one."""
    inner = _two_groups(prints)
    fewest = min(int(np.count_nonzero(inner.labels == voice)) for voice in (0, 1))
    unlike = inner.likeness < THIRD_LIKENESS and inner.apart > THIRD_APART
    return (inner.two, fewest) if unlike and fewest >= THIRD_WINDOWS else (0.0, 0)


def _chosen(prints: Voiceprints, which: npt.NDArray[np.bool_]) -> Voiceprints:
    return Voiceprints(prints.vectors[which], prints.starts_s[which], prints.ends_s[which])


def _fitted_on(windows: int) -> npt.NDArray[np.bool_]:
    """All windows, or runs of ``RUN`` spread over the call."""
    if windows <= MOST_FITTED:
        return np.ones(windows, bool)
    chosen = np.zeros(windows, bool)
    for start in np.linspace(0, windows - RUN, MOST_FITTED // RUN).astype(int):
        chosen[start : start + RUN] = True
    return chosen


def _likeness(prints: Voiceprints, labels: Labels) -> float:
    means = [prints.vectors[labels == voice].mean(axis=0) for voice in (0, 1)]
    first, second = (mean / max(float(np.linalg.norm(mean)), 1e-9) for mean in means)
    return float(first @ second)


def _projection(prints: Voiceprints) -> Matrix:
    """The ``KEPT`` directions, shape ``(256, kept)``, scaled by how much they tell the voices apart."""
    centred = (prints.vectors - prints.vectors.mean(axis=0)).astype(np.float64)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    axes = axes[:DIMENSIONS].T
    points = centred @ axes
    lag = WINDOW // STEP
    near = np.abs(prints.starts_s[lag:] - prints.ends_s[:-lag]) < 0.1
    steps = (points[lag:] - points[:-lag])[near]
    if len(steps) < 2 * points.shape[1]:
        return np.asarray(axes[:, :KEPT], np.float64)
    total, within = points.T @ points / len(points), steps.T @ steps / (2 * len(steps))
    within = 0.9 * within + 0.1 * np.trace(within) / len(within) * np.eye(len(within))
    ratios, directions = eigh(total, within)
    best = slice(-1, -1 - KEPT, -1)
    kept: Matrix = axes @ directions[:, best]
    spread = np.maximum((points @ directions[:, best]).std(axis=0), 1e-9)
    return np.asarray(kept / spread * np.sqrt(np.maximum(ratios[best], 0.1)), np.float64)


def _change(prints: Voiceprints) -> Matrix:
    """How likely the voice changes before each window."""
    apart = np.concatenate([[False], prints.starts_s[1:] - prints.ends_s[:-1] > 1e-6])
    return np.where(apart, CHANGE_ACROSS, CHANGE_INSIDE)


def _fit(points: Matrix, change: Matrix) -> _Model:
    first = (_baum_welch(points, change, _maximised(points, share), FIRST_ROUNDS) for share in _starts(points))
    return _baum_welch(points, change, max(first, key=lambda model: model.likelihood), MORE_ROUNDS)


def _starts(points: Matrix) -> Iterator[Matrix]:
    """First guesses, shape ``(n, 2)``: along each direction, divided in the middle and towards the ends."""
    for direction in range(points.shape[1]):
        for percent in (30, 50, 70):
            upper = points[:, direction] > np.percentile(points[:, direction], percent)
            yield np.stack([~upper, upper], axis=1).astype(np.float64)


def _baum_welch(points: Matrix, change: Matrix, model: _Model, rounds: int) -> _Model:
    for _ in range(rounds):
        share, likelihood = _expected(model.evidence(points), change)
        model = _maximised(points, share, likelihood)
    return model


def _maximised(points: Matrix, share: Matrix, likelihood: float = 0.0) -> _Model:
    weight = share.sum(axis=0) + 1e-6
    means = share.T @ points / weight[:, None]
    variance = sum((share[:, [k]] * np.square(points - means[k])).sum(axis=0) for k in (0, 1)) / len(points) + 1e-6
    return _Model(means, np.asarray(variance), likelihood)


def _expected(evidence: Matrix, change: Matrix) -> tuple[Matrix, float]:
    """Forward-backward over two states: the probability of each state per window, and the log likelihood."""
    top = evidence.max(axis=1)
    here = np.exp(evidence - top[:, None]).tolist()
    often = change.tolist()
    forward, backward = [(0.5, 0.5)] * len(here), [(0.5, 0.5)] * len(here)
    likelihood, a, b = float(top.sum()), 0.5, 0.5
    for i, (x, y) in enumerate(here):
        p = often[i]
        a, b = (a * (1 - p) + b * p) * x, (b * (1 - p) + a * p) * y
        both = a + b
        a, b = a / both, b / both
        forward[i] = (a, b)
        likelihood += math.log(both)
    a = b = 0.5
    for i in range(len(here) - 2, -1, -1):
        p, (x, y) = often[i + 1], here[i + 1]
        a, b = a * x * (1 - p) + b * y * p, b * y * (1 - p) + a * x * p
        a, b = a / (a + b), b / (a + b)
        backward[i] = (a, b)
    joint = np.array(forward) * np.array(backward)
    return joint / joint.sum(axis=1, keepdims=True), likelihood


def _path(evidence: Matrix, change: Matrix) -> Labels:
    """The most likely states (Viterbi)."""
    stay, move = np.log1p(-change).tolist(), np.log(change).tolist()
    came: list[tuple[int, int]] = []
    a = b = 0.0
    for i, (x, y) in enumerate(evidence.tolist()):
        came.append((0 if a + stay[i] >= b + move[i] else 1, 1 if b + stay[i] >= a + move[i] else 0))
        a, b = max(a + stay[i], b + move[i]) + x, max(b + stay[i], a + move[i]) + y
    state = 0 if a >= b else 1
    path = np.zeros(len(came), np.int64)
    for i in range(len(came) - 1, -1, -1):
        path[i] = state
        state = came[i][state]
    return path
