"""A phrase cut into stretches of sound, so that what is fixed can be heard while a value is still being spoken.

The cut is between sentences: a sentence is said in one breath, with the melody that its values ask for. Sentences
without a value are the same in every call and are kept; one with a value is made for the call.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from ivr.commands import Phrase
from ivr.prompting.placeholders import Filled, Unfit
from ivr.prompting.sentences import paragraphs

Pause = Literal["", "sentence", "paragraph"]
_BEGIN, _END = "\ue000", "\ue001"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some sentences that are made as one; ``live`` when there is a value in them, ``pause`` is what follows them."""

    text: str
    live: bool
    pause: Pause = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a phrase: there already, or made by ``make``, which raises a ``PromptError``."""

    path: Path
    make: Callable[[], Path] = field(repr=False, compare=False)

    @property
    def ready(self) -> bool:
        """Whether it can be heard at once."""
        return self.path.is_file()


@dataclass(frozen=True, slots=True)
class Parts:
    """The files of a phrase in order, and the values that are said as they are written."""

    files: tuple[Part, ...]
    unfit: tuple[Unfit, ...] = ()


class Speaking(Protocol):
    """What turns phrases into parts (``ivr.prompting.library.PromptLibrary``)."""

    def parts(self, phrase: Phrase) -> Parts:
        """The files of a phrase; raises a ``PromptError``."""


Tell = Callable[[Sequence[Path] | str, bool, Sequence[Unfit]], None]
"""Files that can be heard (or why there are none), whether more will follow, and values that did not fit."""


def speak(prompts: Speaking, phrases: Sequence[Phrase], tell: Tell) -> None:
    """Make these phrases and tell of them as early as something can be heard: before each file that must be made.

    What cannot be said is left out; the last word tells why when nothing could be said of it.
    """
    files: list[Path] = []
    unfit: list[Unfit] = []
    for phrase in phrases:
        try:
            parts = prompts.parts(phrase)
            unfit += parts.unfit
            for part in parts.files:
                if files and not part.ready:
                    tell(tuple(files), True, tuple(unfit))
                    files, unfit = [], []
                files.append(part.make())
        except Exception as error:  # a fault in a voice costs its words, not the call
            tell(str(error) or type(error).__name__, True, tuple(unfit))
            unfit = []
    tell(tuple(files), False, tuple(unfit))


def cut(filled: Filled) -> tuple[Stretch, ...]:
    """The stretches of a text: each sentence with a value alone, the others together as they stand side by side."""
    marked = "".join(f"{_BEGIN}{text}{_END}" if is_value else text for text, is_value in filled.parts)
    stretches: list[Stretch] = []
    inside = False
    for paragraph in paragraphs(marked):
        for index, sentence in enumerate(paragraph):
            live, inside = inside or _BEGIN in sentence, _still_inside(sentence, inside)
            text = sentence.replace(_BEGIN, "").replace(_END, "")
            _append(stretches, Stretch(text, live), "paragraph" if index == 0 else "sentence")
    return tuple(stretches)


def _append(stretches: list[Stretch], new: Stretch, gap: Pause) -> None:
    if not stretches:
        stretches.append(new)
        return
    last = stretches.pop()
    if last.live or new.live:
        stretches += [Stretch(last.text, last.live, gap), new]
    else:
        between = "\n\n" if gap == "paragraph" else " "
        stretches.append(Stretch(f"{last.text}{between}{new.text}", live=False))


def _still_inside(sentence: str, inside: bool) -> bool:
    """Whether a value goes on beyond this sentence."""
    if _BEGIN not in sentence and _END not in sentence:
        return inside
    return sentence.rfind(_BEGIN) > sentence.rfind(_END)
