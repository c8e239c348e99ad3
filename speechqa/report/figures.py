"""What the report says in figures: short labelled strings, a dash where something was not measured. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from statistics import median

from speechqa.conversation import PARTIES, Party
from speechqa.report import labels, marks
from speechqa.report.reading import (
    Document,
    amount,
    call_length_s,
    clock,
    file_name,
    number,
    part,
    party,
    percent,
    rows,
    stretch,
    stretches,
    text,
)


def talk_s(document: Document) -> dict[Party, float]:
    """Seconds of speech per party."""
    return {who: sum(s.length_s for s in stretches(document, "speech", who)) for who in PARTIES}


def pause_figures(document: Document, who: Party) -> dict[str, str]:
    """How often and how long that party paused inside its own turns; at sentence ends where that is known."""
    measured = isinstance(document.get("pauses"), list | tuple)
    own = [row for row in rows(document, "pauses") if party(row.get("party")) == who]
    lengths = [s.length_s for row in own if (s := stretch(row))]
    ends = [s.length_s for row in own if row.get("at_sentence_end") is True and (s := stretch(row))]
    return {
        "Pauses inside turns": str(len(lengths)) if measured else "–",
        "Median length": amount(median(lengths) if lengths else None, "s", 2),
        "Over 1 second": str(sum(length > marks.LONG_PAUSE_S for length in lengths)) if measured else "–",
        "At sentence ends": str(len(ends)) if any("at_sentence_end" in row for row in own) else "–",
    }


def pace_figures(document: Document, who: Party) -> dict[str, str]:
    """How fast that party spoke."""
    pace = part(document, "pace", who)
    spoken_s, words = number(pace.get("speaking_s")), number(pace.get("words"))
    return {
        "Speech rate": amount(number(pace.get("speech_rate_wpm")), "words/min"),
        "Articulation": amount(number(pace.get("articulation_rate_sps")), "syllables/s", 1),
        "Words": amount(words),
        "Speaking time": clock(spoken_s),
        "Fast passages": str(len(marks.fast_passages(document, who))) if pace else "–",
    }


def sound_figures(document: Document, who: Party) -> dict[str, str]:
    """How well that side was recorded."""
    quality = part(document, "quality", who)
    offset_s = number(part(document, "recording", "offset_s").get(who))
    hertz, loss = number(quality.get("bandwidth_hz")), part(quality, "loss")
    band = labels.BANDS.get(text(quality.get("band")), "")
    return {
        "Speech level": amount(number(quality.get("active_level_dbov")), "dBov", 1),
        "Noise floor": amount(number(quality.get("noise_dbov")), "dBov", 1),
        "Signal to noise": amount(number(quality.get("snr_db")), "dB"),
        "Clipped samples": percent(number(quality.get("clipped_ratio")), 2),
        "DC offset": percent(number(quality.get("dc_offset")), 2),
        "Bandwidth": f"{band} ({amount(hertz / 1000, 'kHz', 1)})" if hertz is not None else "–",
        "Lost packets heard": _lost(number(loss.get("count")), number(loss.get("total_s"))),
        "Starts at": amount(offset_s, "s", 2),
    }


def _lost(count: float | None, total_s: float | None) -> str:
    return amount(count) if not count else f"{count:.0f}, {amount(total_s, 's', 2)}"


def facts(document: Document) -> list[tuple[str, str]]:
    """The header's line: what is known about the call, unknown things left out."""
    recording, engines, call = part(document, "recording"), part(document, "engines"), part(document, "call")
    layouts = {
        "stereo": "two channels",
        "two-files": "two files",
        "mono": "one mixed channel, the people told apart by their voices"
        if told_apart(document)
        else "one mixed channel",
        "transcript": "a transcript, no sound",
    }
    rate = number(recording.get("sample_rate_hz"))
    sound = [layouts.get(text(recording.get("layout")), ""), amount(rate / 1000, "kHz") if rate else ""]
    language, file = text(document.get("language")), file_name(text(recording.get("file")))
    known = {
        "Date": moment(text(call.get("started")) or text(call.get("date")) or text(recording.get("started"))),
        "Duration": clock(call_length_s(document)),
        "Agent": text(call.get("agent")),
        "Customer": text(call.get("customer")),
        "Language": labels.name(labels.LANGUAGES, language) if language else "",
        "Recording": ", ".join(s for s in (file if file != title(document) else "", *sound) if s),
        "Sides": ", ".join(each for each in _sides(recording) if each),
        "Listened with": ", ".join(s for s in (text(engines.get("asr")), text(engines.get("vad"))) if s),
    }
    return [(name, value) for name, value in known.items() if value]


def _sides(recording: Document) -> Iterator[str]:
    """How sure it is who is who, when the sides begin, and how many voices there are."""
    roles, offset = number(recording.get("roles_confidence")), number(recording.get("offset_confidence"))
    voices = number(part(recording, "voices").get("confidence"))
    swapped = ", exchanged" if recording.get("roles_swapped") is True else ""
    yield f"who is who {percent(roles)} sure{swapped}" if roles is not None else ""
    two = text(recording.get("layout")) in ("stereo", "two-files")
    yield f"their times {percent(offset)}" if offset is not None and two else ""
    yield f"the number of voices {percent(voices)}" if voices is not None else ""


def told_apart(document: Document) -> bool:
    """Whether both people were on one channel and who speaks was estimated from their voices."""
    return (number(part(document, "recording", "voices").get("found")) or 0) >= 2


def notes(document: Document) -> list[str]:
    """The document's remarks, such as why something was not measured."""
    given = document.get("notes")
    return [line for line in map(text, given) if line] if isinstance(given, list | tuple) else []


def moment(iso: str) -> str:
    """``2026-11-22T14:05:09+01:00`` as ``22 November 2026, 14:05``; anything else as it is."""
    hit = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d:\d\d)[\d:.,]*(?:Z|[+-]\d\d:?\d\d)?)?", iso)
    if not hit or not 1 <= int(hit[2]) <= 12:
        return iso
    day = f"{int(hit[3])} {_MONTHS[int(hit[2]) - 1]} {hit[1]}"
    return f"{day}, {hit[4]}" if hit[4] else day


_MONTHS = "January February March April May June July August September October November December".split()


def title(document: Document) -> str:
    """The call's own title or id, else the recording's name."""
    call, recording = part(document, "call"), part(document, "recording")
    return text(call.get("title")) or text(call.get("id")) or file_name(text(recording.get("file"))) or "Call review"
