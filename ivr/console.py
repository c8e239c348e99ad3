"""What all ``ivr`` commands share: a user's mistake as one sentence with exit code 2, and the brand's prompts.

Heavy imports are inside the functions, so that ``ivr --help`` is quick.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from ivr.prompting.library import PromptLibrary

UNUSABLE = 2
CACHE_MB = 512


@contextlib.contextmanager
def one_sentence() -> Iterator[None]:
    """What the rooms raise for a user's mistake, as the sentence that it is, and exit code 2; all else is a fault."""
    try:
        yield
    except Exception as error:
        if isinstance(error, OSError) and error.filename is not None:
            refuse(f"{error.filename}: {error.strerror}")
        if not isinstance(error, _mistakes()):
            raise
        refuse(str(error))


def _mistakes() -> tuple[type[Exception], ...]:
    """Looked up only when something went wrong: who has nothing to do shall not wait for these rooms."""
    from clearline.settings import SettingsError
    from ivr.flow.problems import FlowError
    from ivr.flow.versions import VersionError
    from ivr.line import LineError
    from ivr.prompting.errors import PromptError
    from ivr.recognizing import RecognizerMissing
    from ivr.script import ScriptError
    from ivr.sip.errors import SipError
    from ivr.trunks.errors import TrunkError

    return (
        SettingsError,
        FlowError,
        VersionError,
        LineError,
        PromptError,
        RecognizerMissing,
        ScriptError,
        SipError,
        TrunkError,
    )


def refuse(sentence: str) -> NoReturn:
    """Say what cannot be used, and leave with exit code 2."""
    typer.echo(sentence, err=True)
    raise typer.Exit(UNUSABLE)


def open_library(brand: Path | None, cache: Path | None = None, cache_mb: int = CACHE_MB) -> PromptLibrary:
    """The brand's prompts; the shipped brand unless named. Raises a ``PromptError``."""
    from ivr.prompting.library import PromptLibrary
    from ivr.shipped import BRAND, shipped

    return PromptLibrary.open(brand or shipped(BRAND), cache, cache_mb * 1024 * 1024)
