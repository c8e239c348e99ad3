"""Listening for the language of a party's speech: windows of some seconds, and only as many as are needed.

Every fourth window is weighed first; those between two that surely agree are taken to agree. So a call in one language
costs one short window for each half minute of speech, and a change is still found to within a window.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np

from speechqa.audio import Samples
from speechqa.conversation import Party
from speechqa.engines.asr import RATE_HZ, Recognizer
from speechqa.languages import SURE, PartyLanguage, Window, heard, known
from speechqa.recording import Channel, Recording
from speechqa.settings import ListeningSettings
from speechqa.timeline import Span, Timeline

WINDOW_S = 7.0
"""Seconds of speech in a window; Whisper base is sure from about 5 s on."""
FEWEST_S = 2.0
"""Less speech than this says nothing about its language."""
LULL_S = 0.6
STEP = 4
_JOINT = np.zeros(round(0.2 * RATE_HZ), np.float32)


def find_languages(
    recording: Recording, speech: Mapping[Party, Timeline], recognizer: Recognizer, settings: ListeningSettings
) -> Mapping[Party, PartyLanguage]:
    """The language of each party that has a channel: set, in the call record, the model's only one, or heard."""
    return {
        party: _language_of(party, recording, speech[party], recognizer, settings)
        for party in sorted(recording.lanes, key=lambda party: -speech[party].covered_s)
    }


def _language_of(
    party: Party, recording: Recording, speech: Timeline, recognizer: Recognizer, settings: ListeningSettings
) -> PartyLanguage:
    if (given := settings.language_of(party)) is not None:
        return PartyLanguage(given, None, "set")
    if recording.language is not None:
        return PartyLanguage(recording.language, None, "call record")
    if not recognizer.identifies:
        return PartyLanguage(recognizer.language, None, "model")
    windows = language_windows(recording.lanes[party], speech, recognizer, settings.among)
    return heard(windows) if windows else PartyLanguage(None, None, "heard")


def language_windows(
    channel: Channel, speech: Timeline, recognizer: Recognizer, among: Sequence[str] = ()
) -> tuple[Window, ...]:
    """The windows that were weighed, in order; none where there is too little speech or the model knows one language.

    ``among``: the only languages that can be spoken, empty for any.
    """
    if speech.covered_s < FEWEST_S or not recognizer.identifies:
        return ()
    groups = list(_groups(speech))
    weighed: dict[int, Window] = {}

    def weigh(number: int) -> None:
        if number not in weighed:
            likely = recognizer.identify(_sound(channel, groups[number]))
            weighed[number] = Window(Span(groups[number].start_s, groups[number].end_s), known(likely, among))

    sampled = sorted({*range(0, len(groups), STEP), len(groups) - 1})
    for number in sampled:
        weigh(number)
    for before, after in pairwise(sampled):
        if not _agree(weighed[before], weighed[after]):
            for number in range(before + 1, after):
                weigh(number)
    return tuple(_up_to_next(weighed, groups))


def _up_to_next(weighed: Mapping[int, Window], groups: Sequence[Timeline]) -> Iterator[Window]:
    """Each window with those after it that were taken to agree."""
    numbers = sorted(weighed)
    for number, after in zip(numbers, [*numbers[1:], len(groups)], strict=True):
        yield Window(Span(groups[number].start_s, groups[after - 1].end_s), weighed[number].likely)


def _agree(one: Window, two: Window) -> bool:
    return one.best[0] == two.best[0] and min(one.best[1], two.best[1]) >= SURE


def _groups(speech: Timeline) -> Iterator[Timeline]:
    """Speech in order, cut into lots of about ``WINDOW_S``; a short rest joins the last lot."""
    lots: list[list[Span]] = [[]]
    for span in _parts(speech):
        if sum(each.duration_s for each in lots[-1]) + span.duration_s / 2 > WINDOW_S and lots[-1]:
            lots.append([])
        lots[-1].append(span)
    if len(lots) > 1 and sum(each.duration_s for each in lots[-1]) < FEWEST_S:
        lots[-2] += lots.pop()
    yield from (Timeline(lot) for lot in lots)


def _parts(speech: Timeline) -> Iterator[Span]:
    for span in speech.closed(LULL_S):
        at_s = span.start_s
        while span.end_s - at_s > 1.5 * WINDOW_S:
            yield Span(at_s, at_s + WINDOW_S)
            at_s += WINDOW_S
        yield Span(at_s, span.end_s)


def _sound(channel: Channel, group: Timeline) -> Samples:
    pieces = [piece for span in group for piece in (channel.read(span, RATE_HZ), _JOINT)]
    return np.concatenate(pieces)
