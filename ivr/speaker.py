"""What a cell says: prompts made in one thread of their own, and what who waits hears.

Everything here returns at once; files come back through ``later``, in the cell's thread.
"""

from __future__ import annotations

import contextlib
import logging
import wave
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import Protocol

from ivr.commands import Phrase
from ivr.flow.model import Flow
from ivr.prompting.errors import PromptError
from ivr.prompting.parts import Part, Parts, speak
from ivr.prompting.placeholders import Unfit
from ivr.rendering import Rendered
from ivr.sip.before_answer import Files
from ivr.sip.media import WaitingSound
from ivr.tones import read_wav
from ivr.voice import VoiceThread

log = logging.getLogger(__name__)

Later = Callable[[Callable[[], None]], None]
"""Has something done in the cell's thread."""


class Prompts(Protocol):
    """Where prompts come from (``ivr.prompting.library.PromptLibrary``); used from another thread."""

    def parts(self, phrase: Phrase) -> Parts:
        """The phrase as 8 kHz mono PCM16 WAV files, to be made one by one; raises a ``PromptError``."""

    def hold(self) -> Path | None:
        """An 8 kHz mono PCM16 WAV of the music for who waits, None for ringing; raises a ``PromptError``."""

    def warm(self, language: str, ids: Iterable[str]) -> None:
        """Load what a value in one of these prompts would have to wait for; raises a ``PromptError``."""


class Speaker:
    """The voice of one cell; ``ringing`` is the file that who waits hears where the brand has no music."""

    def __init__(self, prompts: Prompts, ringing: Path, later: Later) -> None:
        self._prompts, self._ringing, self._later = prompts, ringing, later
        self._waiting = WaitingSound(ringing)
        self._music_known = False
        self._warmed: set[str] = set()
        self._thread = VoiceThread()
        self._thread.submit(self._find_music)

    @property
    def waiting(self) -> WaitingSound:
        """What who waits hears."""
        return self._waiting

    def expect(self, flow: Flow) -> None:
        """Calls of this flow come: have its voices loaded before the first value, and the music known."""
        if not self._music_known:
            self._thread.submit(self._find_music)
        if flow.file not in self._warmed:
            self._warmed.add(flow.file)
            spoken = {prompt for node in flow.nodes.values() for prompt in node.says()}
            for language in flow.spoken:
                self._thread.submit(self._warm, language, spoken)

    def say(self, phrases: tuple[Phrase, ...], then: Rendered) -> None:
        """Make these; ``then`` gets the files as they come."""

        def tell(files: Sequence[Path] | str, more: bool, unfit: Sequence[Unfit]) -> None:
            self._later(lambda: then(files, more, unfit))

        self._thread.submit(speak, self._prompts, phrases, tell)

    def announcement(self, phrase: Phrase) -> Files:
        """A prompt that is said before the answer, whole or not at all."""

        def ask(then: Callable[[Sequence[Path]], None]) -> None:
            made: list[Path] = []

            def tell(files: Sequence[Path] | str, more: bool, unfit: Sequence[Unfit]) -> None:
                if isinstance(files, str):
                    log.error("the announcement %r cannot be said: %s", phrase.prompt, files)
                else:
                    made.extend(files)
                if not more:
                    self._later(lambda: then(made))

            self._thread.submit(speak, self._prompts, (phrase,), tell)

        return ask

    def foresee(self, phrases: tuple[Phrase, ...]) -> None:
        """Make these when nobody waits for anything, each file apart, so that who waits then waits for one at most."""
        for phrase in phrases:
            self._thread.foresee(self._foresee_files, phrase)

    def close(self) -> None:
        """End after what is being made now; the rest is dropped."""
        self._thread.close()

    def join(self) -> None:
        """Wait for the end: a voice that speaks while the process ends may take it down."""
        self._thread.join()

    # In the voice's thread

    def _find_music(self) -> None:
        """Asked again at the next call when the voice did not answer."""
        if self._music_known:
            return
        try:
            file = self._prompts.hold()
            music = read_wav(file) if file else None
        except (PromptError, OSError, wave.Error) as error:
            log.error("%s; who waits hears ringing", error)
        else:
            self._music_known = True
            self._waiting = WaitingSound(self._ringing, music)

    def _warm(self, language: str, spoken: Collection[str]) -> None:
        try:
            self._prompts.warm(language, spoken)
        except PromptError as error:
            log.error("%s", error)

    def _foresee_files(self, phrase: Phrase) -> None:
        with contextlib.suppress(PromptError):  # told of when it is said
            for part in self._prompts.parts(phrase).files:
                if not part.ready:
                    self._thread.foresee(self._foresee_file, part)

    def _foresee_file(self, part: Part) -> None:
        with contextlib.suppress(PromptError):
            part.make()
