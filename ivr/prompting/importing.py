"""A folder of takes into a brand: matched, checked, levelled, copied to ``recorded/``, written into the catalogue."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ivr.prompting.editing import with_files, write_whole
from ivr.prompting.errors import PromptError, RecordingError
from ivr.prompting.library import PromptLibrary
from ivr.prompting.listen import Studio, levelled, listened
from ivr.prompting.matching import Match, by_name, by_words
from ivr.prompting.recordables import of_all, recordables
from ivr.prompting.render import pcm16
from ivr.prompting.synthesize import Audio
from ivr.prompting.takes import Take, audio_hash, read_takes, write_takes

CHARACTERS_PER_S = 14.0
"""Of a text that is read calmly, pauses included."""

Heard = Callable[[Audio], str]
"""The words of a recording; raises a ``PromptError``."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that was taken, or would be: for which prompt or piece of one, how that is known, what is said of it."""

    file: Path
    prompt: str
    confidence: float
    heard: str
    notes: tuple[str, ...]
    studio: Studio


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not taken, and why."""

    file: Path
    reason: str


def looked_at(library: PromptLibrary, language: str, files: Sequence[Path], hear: Heard) -> list[Taken | Refused]:
    """What would become of each file; nothing is written. Of two takes of one prompt neither is taken."""
    found = [_one(library, language, file, hear) for file in files]
    count = Counter(one.prompt for one in found if isinstance(one, Taken))
    return [_alone(one, found) if isinstance(one, Taken) and count[one.prompt] > 1 else one for one in found]


def take(library: PromptLibrary, language: str, taken: Sequence[Taken]) -> Path:
    """Copy these takes into the brand, note the texts they were made of, write the catalogue; its path.

    Audio first, the catalogue last: a broken import leaves files that nobody names. Raises OSError or ``PromptError``.
    """
    import soundfile

    folder, catalogue = library.catalog.folder, library.catalog.folder / f"{language}.yaml"
    takes, level = read_takes(folder), library.catalog.brand.level_dbov
    named = of_all(library.catalog.prompts[language].values())
    files = {one.prompt: f"recorded/{language}/{one.prompt}.wav" for one in taken}
    for one in taken:
        place = folder / files[one.prompt]
        place.parent.mkdir(parents=True, exist_ok=True)
        encoded = io.BytesIO()
        sound = one.studio.audio
        soundfile.write(encoded, pcm16(levelled(sound, level)), sound.rate, format="WAV", subtype="PCM_16")
        part = place.with_name(f".{place.name}.part")
        part.write_bytes(encoded.getbuffer())
        part.replace(place)
        noted = Take(files[one.prompt], audio_hash(place), named[one.prompt].text)
        takes.setdefault(language, {})[one.prompt] = noted
    write_takes(folder, takes)
    placed = {(named[name].prompt, named[name].number): file for name, file in files.items()}
    texts = {prompt: library.catalog.prompt(prompt, language).template.written for prompt, _ in placed}
    write_whole(catalogue, with_files(catalogue, placed, texts))
    return catalogue


def expected_s(text: str) -> float:
    """How long a text takes to read, in seconds."""
    return max(0.6, len(text) / CHARACTERS_PER_S)


def _one(library: PromptLibrary, language: str, file: Path, hear: Heard) -> Taken | Refused:
    prompts = library.catalog.prompts[language]
    texts = {name: each.text for name, each in of_all(prompts.values()).items()}
    named = by_name(file.stem, {*prompts, *texts}, language)
    if named is not None and named not in texts:
        return Refused(file, _with_values(named, [each.name for each in recordables(prompts[named])]))
    try:
        studio = listened(file, expected_s(texts[named]) if named else None)
        if named is not None:
            return Taken(file, named, 1.0, "", studio.notes, studio)
        heard = hear(studio.audio)
    except PromptError as error:
        return Refused(file, str(error))
    match = by_words(heard, texts)
    if match is None or not match.sure:
        return Refused(file, _unsure(heard, match))
    return Taken(file, match.prompt, match.confidence, heard, studio.notes, studio)


def _with_values(prompt: str, names: Sequence[str]) -> str:
    if not names:
        return f"{prompt} is nothing but values, so the voice speaks it: no recording can hold them."
    return f"{prompt} has values in its text, which the voice speaks: record what is between them ({', '.join(names)})."


def _unsure(heard: str, match: Match | None) -> str:
    if match is None:
        return "its name is no prompt, and no words were recognised: name the file as its prompt."
    words = heard if len(heard) <= 60 else heard[:57] + "..."
    guess = f"most like {match.prompt}, {match.confidence:.0%}"
    return f'its name is no prompt, and "{words}" is no text of the brand for sure ({guess}): name it as its prompt.'


def _alone(one: Taken, found: Sequence[Taken | Refused]) -> Refused:
    others = [each.file.name for each in found if isinstance(each, Taken) and each.prompt == one.prompt]
    others.remove(one.file.name)
    return Refused(one.file, f"{', '.join(others)} is a take of {one.prompt} too: leave the one that you want.")


def files_in(folder: Path) -> list[Path]:
    """The files of a folder of takes, hidden ones left out; raises ``RecordingError``."""
    if not folder.is_dir():
        raise RecordingError(f"{folder}: there is no such folder: name the folder with the takes.")
    files = sorted(file for file in folder.rglob("*") if file.is_file() and not file.name.startswith("."))
    if not files:
        raise RecordingError(f"{folder}: there is no file in it: name the folder with the takes.")
    return files
