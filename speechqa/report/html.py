"""The report as one self-contained HTML file: picture, sound, transcript and findings; it asks nothing of the network.

Every text of the document is escaped by the templates, and the page's content security policy lets only its own script
run.
"""

from __future__ import annotations

import base64
import hashlib
import io
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

from jinja2 import Environment, PackageLoader, StrictUndefined

from speechqa.report import labels
from speechqa.report.page import page
from speechqa.report.reading import amount, clock, number, percent, points
from speechqa.report.sound import write_mp3
from speechqa.report.waveform import ReportAudio

LONGEST_EMBEDDED_S = 30 * 60.0
"""Calls longer than this keep their sound in an MP3 file beside the report."""


def write_report(
    analysis: Mapping[str, Any],
    audio: ReportAudio,
    path: Path,
    *,
    longest_embedded_s: float = LONGEST_EMBEDDED_S,
    progress: Callable[[float], None] = lambda share: None,
) -> None:
    """Write the report on one call to ``path`` (replaced as a whole; the folder must exist).

    ``analysis`` is the document ``speechqa.analysis/1``; any field may be null. For calls longer than
    ``longest_embedded_s`` the sound is written beside it as ``NAME.sound.mp3`` and linked. ``progress`` is told the
    share (0-1) of the sound that is written, nearly all of the work. Raises OSError where a file cannot be written.
    """
    beside = path.with_suffix(".sound.mp3")
    embedded = io.BytesIO()
    if audio.duration_s > longest_embedded_s:
        with _replacing(beside) as file:
            write_mp3(audio, file, progress)
    elif audio.samples:
        write_mp3(audio, embedded, progress)
    page_text = render(
        analysis,
        audio,
        sound_base64=base64.b64encode(embedded.getvalue()).decode("ascii"),
        sound_file=beside.name if audio.duration_s > longest_embedded_s else "",
    )
    with _replacing(path) as file:
        file.write(page_text.encode("utf-8"))


def render(analysis: Mapping[str, Any], audio: ReportAudio, *, sound_base64: str = "", sound_file: str = "") -> str:
    """The page as text, with its sound embedded, beside it, or absent."""
    templates = _templates()
    script = templates.get_template("report.js").render()
    return templates.get_template("report.html.j2").render(
        **page(analysis, audio),
        script=script,
        script_hash=base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii"),
        sound_base64=sound_base64,
        sound_file=sound_file,
    )


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=PackageLoader("speechqa.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters.update(clock=clock, amount=amount, percent=percent, points=points, number=number)
    templates.globals.update(party_names=labels.PARTIES)
    return templates


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    """A file beside, renamed when all is written: a reader never sees half a file."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
