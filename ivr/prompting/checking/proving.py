"""A brand proven: every prompt made, measured, listened to and held against the rules. The edge of this package."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from clearline.tone import ToneRules
from ivr.commands import Phrase
from ivr.prompting.brand import lexicon_of, pronounced
from ivr.prompting.catalog import Prompt
from ivr.prompting.checking import rules
from ivr.prompting.checking.comparing import Comparison, closest
from ivr.prompting.checking.ear import Ear, EarFor, Memory, how_to_hear
from ivr.prompting.checking.examples import example_values
from ivr.prompting.checking.line import Samples, read_prompt
from ivr.prompting.checking.problems import LanguageFigures, Problem, Proof, Report, Severity, worst_first
from ivr.prompting.checking.sound import Sound, measure
from ivr.prompting.errors import PromptError, RecordingError
from ivr.prompting.library import PromptLibrary
from ivr.prompting.recordables import recordables
from ivr.prompting.takes import Standing, Takes, audio_hash, read_takes, standing
from ivr.prompting.voices import how_to_get

OWN_KEY = "choose_language"
"""Each language says its own key there."""

_KEY = re.compile(r"(?<![\w.,:])\d(?![\w:]|[.,]\d)")

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Proving:
    """What is needed to prove a brand; ``memory`` None listens to nothing."""

    library: PromptLibrary
    ears: EarFor
    memory: Memory | None

    def report(self, languages: Sequence[str], progress: Progress = lambda done, of: None) -> Report:
        """Everything that is to be said of these languages, worst first."""
        catalog = self.library.catalog
        phrases = [each for language in languages for each in _phrases(self.library, language)]
        proofs: list[Proof] = []
        for count, phrase in enumerate(phrases, start=1):
            proofs.append(self._proof(phrase))
            progress(count, len(phrases))
        general = [
            *_whole_catalogue(self.library, languages),
            *rules.of_levels({(p.prompt, p.language): p.sound.level_dbov for p in proofs if p.sound}),
        ]
        figures = []
        for language in languages:
            general += self._of_language(language)
            figures.append(self._figures(language, [proof for proof in proofs if proof.language == language]))
        placed, loose = _placed(proofs, general)
        return Report(catalog.brand.name, str(catalog.folder), tuple(figures), worst_first(placed), tuple(loose))

    def audio(self, proof: Proof) -> Samples | None:
        """The sound of a proof at 8 kHz, None where it could not be made."""
        if proof.sound is None:
            return None
        values = next((v for p, v in _given(self.library, proof) if p == proof.text), ())
        return read_prompt(self.library.audio(Phrase(proof.prompt, proof.language, values)))[0]

    def _proof(self, phrase: Phrase) -> Proof:
        prompt = self.library.catalog.prompt(phrase.prompt, phrase.language)
        text = self.library.text(phrase)
        problems = list(rules.of_text(text, prompt.id, _tone(self.library, phrase.language)))
        sound: Sound | None = None
        comparison: Comparison | None = None
        try:
            samples = self._samples(phrase)
            sound = measure(samples, 8000, text, phrase.language)
            problems += rules.of_sound(sound, prompt.id, phrase.language, self.library.catalog.brand.level_dbov)
            problems += self._takes(prompt)
            comparison = self._heard(samples, text, phrase)
        except PromptError as error:
            problems.append(_unmade(prompt, str(error)))
        if comparison is not None:
            problems += self._of_comparison(comparison, prompt)
        folder = self.library.catalog.folder
        problems += _stale(prompt, folder, read_takes(folder), comparison)
        values = tuple((name, str(value)) for name, value in phrase.values)
        return Proof(
            prompt.id, prompt.language, text, prompt.recorded, sound, comparison, tuple(problems), values, prompt.note
        )

    def _samples(self, phrase: Phrase) -> Samples:
        path = self.library.audio(phrase)
        try:
            return read_prompt(path)[0]
        except RecordingError:
            raise RecordingError(f"the made audio {path} is broken: delete it, so that it is made again.") from None

    def _takes(self, prompt: Prompt) -> Iterator[Problem]:
        every = recordables(prompt)
        for each in every:
            if each.file is not None:
                samples, rate = read_prompt(each.file)
                yield from rules.of_take(measure(samples, rate, each.text, prompt.language), prompt.id, prompt.language)
        missing = [each.name for each in every if each.file is None]
        yield from rules.of_pieces(missing, len(every), prompt.id, prompt.language)

    def _heard(self, samples: Samples, text: str, phrase: Phrase) -> Comparison | None:
        ear = self.ears(phrase.language)
        if ear is None or self.memory is None:
            return None
        said = pronounced(text, lexicon_of(self.library.catalog.brand, phrase.language))
        return closest((text, said), self.memory.heard(ear, samples, phrase.language), phrase.language)

    def _of_comparison(self, comparison: Comparison, prompt: Prompt) -> Iterator[Problem]:
        recorded = prompt.recorded
        sure = prompt.language.split("-")[0] == "en" and (recorded or self.library.natural(prompt.language))
        yield from rules.of_comparison(comparison, prompt.id, prompt.language, sure=sure, recorded=recorded)
        yield from rules.of_keys(comparison, prompt.id, prompt.language, sure=sure)

    def _of_language(self, language: str) -> Iterator[Problem]:
        library, folder = self.library, str(self.library.catalog.folder)
        yield from rules.of_language(list(library.texts(language).values()), _tone(library, language))
        if not library.natural(language) and any(not p.recorded for p in library.catalog.prompts[language].values()):
            yield Problem(
                "note",
                "robot_voice",
                "",
                language,
                "no natural voice is installed: a robot's voice says the words",
                "Callers understand it, but nobody takes it for your company.",
                how_to_get(language, folder),
            )
        if self.memory is not None and self.ears(language) is None:
            yield Problem(
                "note",
                "not_heard",
                "",
                language,
                "nobody listened to it: there is no recogniser for this language",
                "Whether the audio says its text is not proven.",
                f"Install one: {how_to_hear(language)}; or name a model folder in CLEARLINE_LISTENING__MODEL.",
            )

    def _figures(self, language: str, proofs: Sequence[Proof]) -> LanguageFigures:
        voice = self.library.catalog.brand.voices[language]
        ear: Ear | None = self.ears(language) if self.memory is not None else None
        heard = [proof.comparison for proof in proofs if proof.comparison]
        sounds = [proof.sound for proof in proofs if proof.sound]
        words = sum(each.words for each in heard)
        spoken_s = sum(each.speaking_s for each in sounds)
        return LanguageFigures(
            language=language,
            voice=f"{voice.engine} {Path(voice.voice).name}",
            natural=self.library.natural(language),
            recognizer=ear.name if ear else None,
            prompts=len({proof.prompt for proof in proofs}),
            word_error_percent=100 * sum(each.errors for each in heard) / words if words else None,
            level_dbov=(min(s.level_dbov for s in sounds), max(s.level_dbov for s in sounds)) if sounds else None,
            words_per_minute=60 * sum(each.words for each in sounds) / spoken_s if spoken_s else None,
            seconds=sum(each.duration_s for each in sounds),
        )


def _phrases(library: PromptLibrary, language: str) -> Iterator[Phrase]:
    for id, prompt in library.catalog.prompts[language].items():
        for values in example_values(prompt.template, language):
            yield Phrase(id, language, values)


def _given(
    library: PromptLibrary, proof: Proof
) -> Iterator[tuple[str, tuple[tuple[str, str | int | float | bool], ...]]]:
    template = library.catalog.prompt(proof.prompt, proof.language).template
    for values in example_values(template, proof.language):
        yield library.text(Phrase(proof.prompt, proof.language, values)), values


def _tone(library: PromptLibrary, language: str) -> ToneRules:
    brand = library.catalog.brand
    tone = brand.tone.get(language) or brand.tone.get(language.split("-")[0])
    if tone is None:
        return ToneRules(language, longest_sentence=1000)
    return tone.rules(language)


def _unmade(prompt: Prompt, reason: str) -> Problem:
    reason = reason.rstrip(".")
    why = "The caller hears nothing there."
    return Problem("error", "unmade", prompt.id, prompt.language, reason, why, "See the reason.")


def _stale(prompt: Prompt, folder: Path, takes: Takes, comparison: Comparison | None) -> Iterator[Problem]:
    """A take that was read from another text, or nobody knows from which and its file is older than the catalogue.

    What is heard to say the text is no more than a warning.
    """
    heard = comparison is not None and comparison.word_error_rate <= rules.WER_WARNING
    for each in recordables(prompt):
        if each.file is not None:
            take = takes.get(prompt.language, {}).get(each.name)
            yield from _stale_take(each.file, standing(each.text, take, audio_hash(each.file)), prompt, folder, heard)


def _stale_take(file: Path, known: Standing, prompt: Prompt, folder: Path, heard: bool) -> Iterator[Problem]:
    catalogue = folder / f"{prompt.language}.yaml"
    severity: Severity = "warning"
    if known == "older":
        severity = "warning" if heard else "error"
        what = f"its text has changed since {file.name} was recorded"
    elif known == "unknown" and not heard and catalogue.is_file() and file.stat().st_mtime < catalogue.stat().st_mtime:
        what = f"the recording {file.name} is older than {catalogue.name}"
    else:
        return
    why = "Callers hear the old text."
    yield Problem(severity, "older_than_text", prompt.id, prompt.language, what, why, "Listen, or record it again.")


def _whole_catalogue(library: PromptLibrary, languages: Sequence[str]) -> Iterator[Problem]:
    catalog = library.catalog
    ids = {language: list(prompts) for language, prompts in catalog.prompts.items()}
    named = {
        id: {
            language: "".join(sorted(set(_KEY.findall(prompts[id].template.written))))
            for language, prompts in catalog.prompts.items()
            if id in prompts
        }
        for id in dict.fromkeys(each for prompts in catalog.prompts.values() for each in prompts)
        if id != OWN_KEY
    }
    found = (*rules.of_catalogue(ids, list(catalog.brand.voices)), *rules.of_keys_named(named))
    yield from (each for each in found if each.language in languages or each.rule == "no_catalogue")


def _placed(proofs: Sequence[Proof], general: Sequence[Problem]) -> tuple[list[Proof], list[Problem]]:
    """Problems that name a prompt go to its first proof; the others stay."""
    from dataclasses import replace

    first: Mapping[tuple[str, str], int] = {(p.prompt, p.language): i for i, p in reversed(list(enumerate(proofs)))}
    placed, loose = list(proofs), []
    for problem in general:
        at = first.get((problem.prompt, problem.language))
        if at is None:
            loose.append(problem)
        else:
            placed[at] = replace(placed[at], problems=(*placed[at].problems, problem))
    return placed, loose
