"""Other programs' files are opened here: one with both speakers, one per party, or words beside a diariser's speech."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from speechqa.errors import ExchangeError
from speechqa.exchange.decoding import LARGEST_BYTES, decode
from speechqa.exchange.formats import AUTO, read_transcript
from speechqa.exchange.transcript import Transcript, ordered


def read_text(path: Path) -> str:
    """A file's text in whatever Unicode encoding; raises ExchangeError with one sentence."""
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise ExchangeError(f"{path} is over {LARGEST_BYTES // 2**20} MiB; a call's transcript is not that large.")
        return decode(path.read_bytes(), str(path))
    except FileNotFoundError:
        raise ExchangeError(f"There is no file {path}; check the name.") from None
    except OSError as error:
        raise ExchangeError(f"{path} cannot be read: {error.strerror}.") from None


def read_files(paths: Sequence[Path], form: str = AUTO, speech: Path | None = None) -> tuple[Transcript, str]:
    """The transcript of a file, or of the agent's and the customer's, and what errors call it.

    ``speech`` is a diariser's file, which then says who speaks when.
    """
    transcript, name = _words(paths, form)
    return (transcript, name) if speech is None else (_spoken(transcript, speech), f"{name} with {speech}")


def _words(paths: Sequence[Path], form: str) -> tuple[Transcript, str]:
    if len(paths) not in (1, 2):
        raise ExchangeError("Give one file, or two: the agent's and the customer's.")
    parts = [read_transcript(read_text(path), str(path), form) for path in paths]
    if len(parts) == 1:
        return parts[0], str(paths[0])
    agent, customer = parts[0].named("agent"), parts[1].named("customer")
    durations = [part.duration_s for part in parts if part.duration_s is not None]
    joined = ordered(
        agent.format,
        words=(*agent.words, *customer.words),
        cues=(*agent.cues, *customer.cues),
        speech=(*agent.speech, *customer.speech),
        language=agent.language or customer.language,
        duration_s=max(durations, default=None),
        notes=tuple(dict.fromkeys((*agent.notes, *customer.notes))),
    )
    return replace(joined, notes=tuple(dict.fromkeys(joined.notes))), f"{paths[0]} and {paths[1]}"


def _spoken(transcript: Transcript, path: Path) -> Transcript:
    """The words of one file, the speakers and their speech of another; words of other speakers lose their label."""
    diarised = read_transcript(read_text(path), str(path))
    if not diarised.speech:
        raise ExchangeError(
            f"{path} does not say who speaks when; --speech wants an RTTM or a TextGrid with speech tiers."
        )

    def known(speaker: str | None) -> str | None:
        return speaker if speaker in diarised.speakers else None

    return replace(
        transcript,
        words=tuple(replace(each, speaker=known(each.speaker)) for each in transcript.words),
        cues=tuple(replace(each, speaker=known(each.speaker)) for each in transcript.cues),
        speech=diarised.speech,
        duration_s=transcript.duration_s or diarised.duration_s,
        estimated=diarised.estimated,
    )
