"""Which language a party speaks, and when: from how likely each language is in windows of its speech.

Definition. A window is *sure* of a language from a probability of ``SURE`` on. The language changes only where a sure
window says so; windows in between keep the language before them, those before the first sure one take that one. With
no sure window the language is unknown (None), whatever the best guess was. A party's language is the one it speaks for
the longest time, its confidence the mean probability of that language in its windows.
Limits. Windows of some seconds: a foreign word or sentence inside them is not a change. Whisper knows close languages
apart only by and large (Norwegian bokmål and nynorsk count as one here), and synthetic voices badly.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from speechqa.timeline import Span

FoundBy = Literal["set", "call record", "model", "heard"]
K = TypeVar("K", bound=str)
UNDETERMINED = "und"
"""The language of a call in which none could be told (BCP 47)."""

SURE = 0.8
SAME = {"nn": "nb", "no": "nb"}


@dataclass(frozen=True, slots=True)
class Window:
    """How likely each language is in a stretch of speech (0-1, by two-letter code)."""

    span: Span
    likely: Mapping[str, float]

    @property
    def best(self) -> tuple[str, float]:
        """The most likely language and its probability."""
        return max(self.likely.items(), key=lambda each: (each[1], each[0]))


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which a party speaks one language."""

    start_s: float
    end_s: float
    language: str | None


@dataclass(frozen=True, slots=True)
class PartyLanguage:
    """``language`` None where it could not be told; ``confidence`` 0-1, None where nothing was weighed.

    ``found_by``: the operator set it, the call record says it, it is the only one that the model knows, or it was
    heard. ``stretches`` cover the party's speech in order.
    """

    language: str | None
    confidence: float | None
    found_by: FoundBy
    stretches: tuple[Stretch, ...] = field(default=())

    def at(self, at_s: float) -> str | None:
        """The language at that moment: of the stretch that began last, or of the party."""
        after = bisect_right(self.stretches, at_s, key=lambda each: each.start_s)
        return self.stretches[max(0, after - 1)].language if self.stretches else self.language


def known(likely: Mapping[str, float], among: Sequence[str] = ()) -> Mapping[str, float]:
    """Probabilities with close variants joined and, where only some languages can be spoken, shared out among those."""
    joined: dict[str, float] = {}
    for language, share in likely.items():
        joined[SAME.get(language, language)] = joined.get(SAME.get(language, language), 0.0) + share
    if not among:
        return joined
    wanted = {SAME.get(each, each) for each in among}
    total = sum(joined.get(each, 0.0) for each in wanted)
    return {each: joined.get(each, 0.0) / total if total else 1 / len(wanted) for each in sorted(wanted)}


def heard(windows: Sequence[Window]) -> PartyLanguage:
    """A party's language from the windows of its speech in order; there must be one."""
    sure = [window.best[0] if window.best[1] >= SURE else None for window in windows]
    now = next((language for language in sure if language), None)
    if now is None:
        return PartyLanguage(None, _mean(windows, _best_of(windows)), "heard")
    spoken: list[str] = []
    for language in sure:
        now = language or now
        spoken.append(now)
    shares = {language: _covered(windows, spoken, language) for language in dict.fromkeys(spoken)}
    main = max(shares, key=lambda language: shares[language])
    own = [window for window, language in zip(windows, spoken, strict=True) if language == main]
    return PartyLanguage(main, _mean(own, main), "heard", _stretches(windows, spoken))


def main_language(spoken: Mapping[K, PartyLanguage], speech_s: Mapping[K, float]) -> str | None:
    """The language that is spoken for the longest time over all parties; None where none is known."""
    totals: dict[str, float] = {}
    for party, own in spoken.items():
        if own.language is not None:
            totals[own.language] = totals.get(own.language, 0.0) + speech_s[party]
    return max(totals, key=lambda language: totals[language], default=None)


def _best_of(windows: Sequence[Window]) -> str:
    every = {language for window in windows for language in window.likely}
    return max(sorted(every), key=lambda language: sum(window.likely.get(language, 0.0) for window in windows))


def _mean(windows: Sequence[Window], language: str) -> float:
    weight = sum(window.span.duration_s for window in windows) or 1.0
    return sum(window.likely.get(language, 0.0) * window.span.duration_s for window in windows) / weight


def _covered(windows: Sequence[Window], spoken: Sequence[str], language: str) -> float:
    return sum(window.span.duration_s for window, each in zip(windows, spoken, strict=True) if each == language)


def _stretches(windows: Sequence[Window], spoken: Sequence[str]) -> tuple[Stretch, ...]:
    """Neighbouring windows of one language joined; the border between two lies in the middle of the silence there."""
    out: list[Stretch] = []
    for window, language in zip(windows, spoken, strict=True):
        if out and out[-1].language == language:
            out[-1] = Stretch(out[-1].start_s, window.span.end_s, language)
        elif out:
            border_s = (out[-1].end_s + window.span.start_s) / 2
            out[-1] = Stretch(out[-1].start_s, border_s, out[-1].language)
            out.append(Stretch(border_s, window.span.end_s, language))
        else:
            out.append(Stretch(window.span.start_s, window.span.end_s, language))
    return tuple(out)
