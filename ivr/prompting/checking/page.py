"""The report as one self-contained HTML page: players, waveforms, text against what was heard; worst first.

It asks nothing of the network; every text is escaped, and only its own script may run.
"""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined

from clearline.mp3 import mp3_file
from ivr.prompting.checking.line import RATE_HZ, Samples
from ivr.prompting.checking.problems import Problem, Proof, Report
from ivr.prompting.checking.sound import outline

BARS = 96
PLAYED_HZ, PLAYED_KBPS = 16_000, 24


def page(report: Report, audio: Callable[[Proof], Samples | None], made: str) -> str:
    """The page as text; ``audio`` gives a proof's sound at 8 kHz, ``made`` says when, as it is printed."""
    templates = _templates()
    script = templates.get_template("report.js").render()
    return templates.get_template("report.html.j2").render(
        report=report,
        cards=[card(proof, audio(proof)) for proof in report.proofs],
        general=sorted(report.general, key=lambda each: ("error", "warning", "note").index(each.severity)),
        made=made,
        script=script,
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


def card(proof: Proof, samples: Samples | None) -> dict[str, Any]:
    """What the template says of one prompt."""
    return {
        "proof": proof,
        "gravest": gravest(proof.problems),
        "bars": _bars(samples) if samples is not None else (),
        "sound": _mp3(samples) if samples is not None and samples.size else "",
        "measures": measures(proof),
    }


def gravest(problems: tuple[Problem, ...]) -> str:
    """The severity that a card is coloured by; "good" without problems."""
    severities = {each.severity for each in problems}
    return next((each for each in ("error", "warning", "note") if each in severities), "good")


def measures(proof: Proof) -> list[tuple[str, str]]:
    """Name and figure of what was measured of a prompt."""
    sound, found = proof.sound, proof.comparison
    if sound is None:
        return []
    rows = [
        ("length", f"{sound.duration_s:.1f} s"),
        ("level", f"{sound.level_dbov:.1f} dBov"),
        ("peak", f"{sound.peak_dbfs:.1f} dBFS"),
    ]
    if sound.words_per_minute is not None:
        rows.append(("pace", f"{sound.words_per_minute:.0f} words/min"))
    if sound.articulation_sps is not None:
        rows.append(("articulation", f"{sound.articulation_sps:.1f} syll/s"))
    if sound.snr_db is not None:
        rows.append(("over noise", f"{sound.snr_db:.0f} dB"))
    rows.append(("in the phone's band", f"{sound.in_band_db:.1f} dB"))
    if found is not None:
        rows.append(("word errors", f"{found.errors} of {found.words}"))
    return rows


def _bars(samples: Samples) -> tuple[int, ...]:
    """Half heights of the waveform's bars, 1-20."""
    peaks = outline(samples, BARS)
    top = max(peaks, default=0.0) or 1.0
    return tuple(max(1, round(20 * peak / top)) for peak in peaks)


def _mp3(samples: Samples) -> str:
    import soxr

    out = io.BytesIO()
    with mp3_file(out, PLAYED_HZ, 1, PLAYED_KBPS) as file:
        file.write(soxr.resample(samples, RATE_HZ, PLAYED_HZ).astype(np.float32))
    return base64.b64encode(out.getvalue()).decode()


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("ivr.prompting.checking"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
