"""A brand ready to speak: phrases in, WAV files out."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from ivr.commands import Phrase
from ivr.prompting.brand import Voice, lexicon_of, pronounced
from ivr.prompting.cache import AudioCache, content_key, default_cache_dir
from ivr.prompting.catalog import Catalog, Prompt, load_catalog, speakable
from ivr.prompting.errors import PlaceholderError
from ivr.prompting.render import Manner, render_recording, render_text
from ivr.prompting.synthesize import Synthesizer, open_voice

Progress = Callable[[int, int], None]
"""Called with how many are done, and of how many."""


@dataclass(frozen=True)
class PromptLibrary:
    """One brand's catalogue, its voices and the folder of rendered audio; may be shared by threads.

    Files are 8 kHz mono PCM16 WAV at the brand's level and are never changed once made.
    """

    catalog: Catalog
    cache: AudioCache
    _voices: dict[str, Synthesizer] = field(default_factory=dict, repr=False)
    _opening: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @classmethod
    def open(cls, brand_dir: Path, cache_dir: Path | None = None) -> PromptLibrary:
        """Read and check a brand's folder; raises ``CatalogError``. No voice is loaded yet."""
        return cls(load_catalog(brand_dir), AudioCache(cache_dir or default_cache_dir()))

    @property
    def languages(self) -> frozenset[str]:
        """The languages that have a catalogue."""
        return frozenset(self.catalog.prompts)

    def ids(self, language: str) -> frozenset[str]:
        """The prompt ids of one language; empty for one that the brand does not have."""
        return frozenset(self.catalog.prompts.get(language, ()))

    def texts(self, language: str) -> dict[str, str]:
        """The texts of one language by their ids, gaps and all."""
        prompts = self.catalog.prompts.get(language, {})
        return {id: prompt.template.written for id, prompt in prompts.items()}

    def fixed(self, language: str) -> tuple[Phrase, ...]:
        """Every phrase of a language that needs no values: what can be made before the first call."""
        prompts = self.catalog.prompts.get(language, {})
        return tuple(Phrase(id, language) for id, prompt in prompts.items() if not prompt.template.names)

    def text(self, phrase: Phrase) -> str:
        """What is said, values in place; raises ``UnknownPrompt`` or ``PlaceholderError``."""
        prompt = self.catalog.prompt(phrase.prompt, phrase.language)
        try:
            return speakable(prompt.template.fill(dict(phrase.values)))
        except (PlaceholderError, ValueError) as error:
            raise PlaceholderError(f"Prompt {phrase.prompt!r} ({phrase.language}): {error}") from None

    def natural(self, language: str) -> bool:
        """False when this language is spoken by a labelled fallback voice."""
        return self._voice(language).natural

    def audio(self, phrase: Phrase) -> Path:
        """The WAV file of a phrase, made now if it was never made before; raises a ``PromptError``."""
        prompt = self.catalog.prompt(phrase.prompt, phrase.language)
        return self._recorded(prompt, prompt.file) if prompt.file else self._spoken(self.text(phrase), phrase.language)

    def prepare(self, phrases: Iterable[Phrase], progress: Progress | None = None) -> tuple[Path, ...]:
        """Make all that is missing, one after the other, and tell how far it is; the files in order."""
        wanted = tuple(phrases)
        made = []
        for count, phrase in enumerate(wanted, start=1):
            made.append(self.audio(phrase))
            if progress:
                progress(count, len(wanted))
        return tuple(made)

    def _spoken(self, text: str, language: str) -> Path:
        voice, manner = self._voice(language), self._manner(self.catalog.brand.voices[language])
        text = pronounced(text, lexicon_of(self.catalog.brand, language))
        key = content_key({"text": text, "voice": voice.version, **manner.fingerprint()})
        return self.cache.get(key, lambda: render_text(text, voice, manner))

    def _recorded(self, prompt: Prompt, file: Path) -> Path:
        level = self.catalog.brand.level_dbov
        take = hashlib.sha256(file.read_bytes()).hexdigest()
        key = content_key({"take": take, **Manner(level_dbov=level).fingerprint()})
        return self.cache.get(key, lambda: render_recording(file, level))

    def _voice(self, language: str) -> Synthesizer:
        with self._opening:
            if language not in self._voices:
                chosen = self.catalog.brand.voices[language]
                self._voices[language] = open_voice(chosen.engine, chosen.voice, self.catalog.folder)
            return self._voices[language]

    def _manner(self, voice: Voice) -> Manner:
        brand = self.catalog.brand
        pauses = brand.pauses
        return Manner(voice.speed, voice.pitch, pauses.sentence, pauses.paragraph, brand.level_dbov)
