"""A brand ready to speak: phrases in, WAV files out."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from clearline.cache import default_cache_dir
from ivr.commands import Phrase
from ivr.prompting.brand import Voice, lexicon_of, pronounced
from ivr.prompting.cache import LIMIT_BYTES, AudioCache, PrivateCache, joined
from ivr.prompting.catalog import Catalog, Prompt, load_catalog, speakable
from ivr.prompting.errors import PlaceholderError, VoiceError
from ivr.prompting.joints import Joint, Segment, segments
from ivr.prompting.parts import Parts, Stretch, cut
from ivr.prompting.pieces import Piece
from ivr.prompting.placeholders import Filled, Unfit
from ivr.prompting.render import LEAD_S, RATE_HZ, TAIL_S, Breath, Manner, recorded, said
from ivr.prompting.sayas import SayAsError, say_as
from ivr.prompting.sounds import earcon, hold_key, render_hold
from ivr.prompting.synthesize import Synthesizer, open_voice

WORD_PAUSE_S, PHRASE_PAUSE_S = 0.06, 0.18
"""Between a recorded piece and a value: in running speech, and at a comma."""

Progress = Callable[[int, int], None]
"""Called with how many are done, and of how many."""


@dataclass(frozen=True)
class PromptLibrary:
    """One brand's catalogue, its voices and the folder of rendered audio; may be shared by threads.

    Files are 8 kHz mono PCM16 WAV at the brand's level and are never changed once made. What holds a caller's values is
    kept apart, in a folder that this user alone can read and that goes with the process.
    """

    catalog: Catalog
    cache: AudioCache
    _voices: dict[str, Synthesizer] = field(default_factory=dict, repr=False)
    _opening: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _speaking: threading.Lock = field(default_factory=threading.Lock, repr=False)
    live: AudioCache = field(default_factory=PrivateCache)

    @classmethod
    def open(cls, brand_dir: Path, cache_dir: Path | None = None, limit_bytes: int = LIMIT_BYTES) -> PromptLibrary:
        """Read and check a brand's folder; raises ``CatalogError``. No voice is loaded yet.

        ``limit_bytes`` bounds the folder of rendered audio.
        """
        return cls(load_catalog(brand_dir), AudioCache(cache_dir or default_cache_dir("prompts"), limit_bytes))

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
        """What is said, values in words; raises ``UnknownPrompt`` or ``PlaceholderError``."""
        return self._filled(phrase).text

    def natural(self, language: str) -> bool:
        """False when this language is spoken by a labelled fallback voice."""
        return self._voice(language).natural

    def audio(self, phrase: Phrase) -> Path:
        """One WAV file of the words of a phrase, made now if it was never made before; raises a ``PromptError``."""
        files = [part.make() for part in self.spoken(phrase).files]
        return files[0] if len(files) == 1 else joined(self.live, files)

    def parts(self, phrase: Phrase) -> Parts:
        """The files of a phrase as a caller hears it, the sonic logo before a greeting; raises a ``PromptError``."""
        spoken = self.spoken(phrase)
        logo = tuple(piece.part(self.cache) for piece in self.logo(phrase.prompt))
        return Parts((*logo, *spoken.files), spoken.unfit)

    def logo(self, prompt: str) -> tuple[Piece, ...]:
        """What is heard before the words of this prompt: the sonic logo, or nothing."""
        sounds = self.catalog.sounding
        if sounds.earcon is None or prompt not in sounds.greetings:
            return ()
        return (earcon(sounds.earcon, self.catalog.brand.level_dbov),)

    def hold(self) -> Path | None:
        """The music for who waits, to be looped, made now if need be; None when the brand has none."""
        return self.hold_at(RATE_HZ)

    def hold_at(self, rate: int) -> Path | None:
        """The same music at another rate."""
        music, level = self.catalog.sounding.hold, self.catalog.brand.level_dbov
        if music is None:
            return None
        return self.cache.get(hold_key(music, level, rate), lambda: render_hold(music, level, rate), rate)

    def spoken(self, phrase: Phrase) -> Parts:
        """The files of the words alone, those that hold no value kept from call to call; raises a ``PromptError``."""
        prompt = self.catalog.prompt(phrase.prompt, phrase.language)
        if not prompt.template.names:
            return Parts(tuple(piece.part(self.cache) for piece in self.fixed_pieces(phrase)))
        filled = self._filled(phrase)
        unfit = tuple(Unfit(phrase.prompt, gap, reason) for gap, reason in filled.unfit)
        caches = {True: self.live, False: self.cache}
        if prompt.recorded:
            row = [(self._segment(each, prompt, phrase), each.is_value) for each in segments(prompt.template, filled)]
        else:
            row = [(self._stretch(stretch, phrase), stretch.live) for stretch in cut(filled)]
        return Parts(tuple(piece.part(caches[live]) for piece, live in row), unfit)

    def warm(self, language: str, ids: Iterable[str]) -> None:
        """Load what a first value would have to wait for, where one of these prompts has values in this language."""
        prompts = self.catalog.prompts.get(language, {})
        if any(prompts[id].template.names for id in ids if id in prompts):
            try:
                word = say_as("number", 1, language)
            except SayAsError:
                word = "1"
            voice = self._voice(language)
            with self._speaking:
                voice.synthesize(word)

    def prepare(self, phrases: Iterable[Phrase], progress: Progress | None = None) -> tuple[Path, ...]:
        """Make all that is missing, one after the other, and tell how far it is; the files in order.

        Of a phrase whose values are not given yet, the sentences without a value are made.
        """
        wanted = tuple(phrases)
        made: list[Path] = []
        for count, phrase in enumerate(wanted, start=1):
            made += self._prepared(phrase)
            if progress:
                progress(count, len(wanted))
        return tuple(made)

    def _prepared(self, phrase: Phrase) -> Iterable[Path]:
        prompt = self.catalog.prompt(phrase.prompt, phrase.language)
        if prompt.template.names <= dict(phrase.values).keys():
            return [part.make() for part in self.parts(phrase).files]
        pieces = (*self.logo(phrase.prompt), *self.fixed_pieces(phrase))
        return [piece.part(self.cache).make() for piece in pieces]

    def _filled(self, phrase: Phrase) -> Filled:
        template = self.catalog.prompt(phrase.prompt, phrase.language).template
        try:
            filled = template.fill(dict(phrase.values), phrase.language, self.catalog.brand.currency)
            speakable(filled.text)
        except (PlaceholderError, ValueError) as error:
            raise PlaceholderError(f"Prompt {phrase.prompt!r} ({phrase.language}): {error}") from None
        return filled

    def fixed_pieces(self, phrase: Phrase) -> tuple[Piece, ...]:
        """What of a phrase is the same in every call: all of it, or its sentences without a value."""
        prompt = self.catalog.prompt(phrase.prompt, phrase.language)
        if prompt.file is not None and not prompt.template.names:
            return (self._recorded(prompt.file),)
        if prompt.recorded:
            row = segments(prompt.template)
            return tuple(self._segment(each, prompt, phrase) for each in row if not each.is_value)
        if not prompt.template.names:
            return (self._stretch(Stretch(self._filled(phrase).text, live=False), phrase),)
        filled = Filled(tuple((p, False) if isinstance(p, str) else ("x", True) for p in prompt.template.parts))
        return tuple(self._stretch(stretch, phrase) for stretch in cut(filled) if not stretch.live)

    def _stretch(self, stretch: Stretch, phrase: Phrase) -> Piece:
        return self._said(stretch.text, stretch.live, max(TAIL_S, self._pause_s(stretch.pause) - LEAD_S), phrase)

    def _segment(self, segment: Segment, prompt: Prompt, phrase: Phrase) -> Piece:
        """A recorded piece or a value, and the pause after it."""
        tail_s = self._pause_s(segment.joint) - LEAD_S if segment.joint else TAIL_S
        if segment.is_value:
            return self._said(segment.text, True, tail_s, phrase)
        return self._recorded(prompt.pieces[segment.piece], tail_s)

    def _pause_s(self, joint: Joint) -> float:
        pauses = self.catalog.brand.pauses
        lengths = {"": 0.0, "word": WORD_PAUSE_S, "phrase": PHRASE_PAUSE_S}
        return max(LEAD_S, {**lengths, "sentence": pauses.sentence, "paragraph": pauses.paragraph}[joint])

    def _said(self, words: str, live: bool, tail_s: float, phrase: Phrase) -> Piece:
        language, brand = phrase.language, self.catalog.brand
        voice, manner = self._voice(language), self._manner(brand.voices[language])
        text = pronounced(words, lexicon_of(brand, language))

        def say() -> Sequence[Breath]:
            try:
                with self._speaking:
                    return said(text, voice, manner)
            except VoiceError:
                if not live:
                    raise
            raise VoiceError(f"Prompt {phrase.prompt!r} ({language}): the voice cannot say one of its values.")

        return Piece({"text": text, "voice": voice.version}, manner, tail_s, say)

    def _recorded(self, file: Path, tail_s: float = TAIL_S) -> Piece:
        take = hashlib.sha256(file.read_bytes()).hexdigest()
        return Piece({"take": take}, Manner(level_dbov=self.catalog.brand.level_dbov), tail_s, lambda: recorded(file))

    def _voice(self, language: str) -> Synthesizer:
        with self._opening:
            if language not in self._voices:
                chosen = self.catalog.brand.voices[language]
                folder = self.catalog.folder
                self._voices[language] = open_voice(chosen.engine, chosen.voice, folder, chosen.variation)
            return self._voices[language]

    def _manner(self, voice: Voice) -> Manner:
        brand = self.catalog.brand
        pauses = brand.pauses
        pace = voice.speed, voice.pitch, pauses.sentence, pauses.paragraph
        return Manner(*pace, brand.level_dbov, voice.bass, voice.presence)
