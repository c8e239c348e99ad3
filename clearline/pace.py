"""How fast somebody speaks: the rates and limits that agents and prompts are held to alike.

*Speech rate*: spoken words (`clearline.spoken`) over speaking time, which is speech with the pauses of up to
``MAX_PAUSE_S`` inside it, in words per minute. *Articulation rate*: syllables over phonation time (gaps of
``PHONATION_GAP_S`` and more removed; de Jong & Bosker 2013), in syllables per second. 120-160 words a minute are
comfortable and more than ``RUSHED_WPM`` rushed; the limits are vendor practice for English, no study.
"""

from __future__ import annotations

from collections.abc import Iterable

MAX_PAUSE_S = 1.0
PHONATION_GAP_S = 0.25
FEWEST_WORDS = 3
"""Fewer words have no rate of their own."""
SLOW_WPM, RUSHED_WPM = 110.0, 180.0
SLOW_SPS, RUSHED_SPS = 2.6, 6.0
"""The same for languages with other words than English, in syllables per second of speaking time; own limits."""


def speech_rate_wpm(words: int, speaking_s: float) -> float | None:
    """Words per minute; None where nothing was said."""
    return 60 * words / speaking_s if words and speaking_s else None


def articulation_rate_sps(syllables: float | None, phonation_s: float) -> float | None:
    """Syllables per second; None where nothing was said or the language has no rule for syllables."""
    return syllables / phonation_s if syllables and phonation_s else None


def covered_s(speech: Iterable[tuple[float, float]], gap_s: float) -> float:
    """Seconds of speech, given in order as starts and ends in seconds, with the gaps of up to ``gap_s`` filled."""
    total, last_end = 0.0, float("-inf")
    for start, end in speech:
        total += end - (last_end if start - last_end <= gap_s else start)
        last_end = end
    return total
