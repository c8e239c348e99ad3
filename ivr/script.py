"""Scripts of a call's other side: what a caller or an agent says, presses, waits for and expects (docs/scripts.md).

::

    - expect: speech        # the greeting
      within: 5s
    - press: "1"
    - say: question.wav
      until_interrupted: 400ms
    - listen_for_silence: 700ms
    - hang_up

Errors::

    ScriptError       a script that cannot be run; says file:line, the step and the remedy
    ScriptFailed      the call did not go as the script expects (raised while it runs)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedSeq
from ruamel.yaml.error import MarkedYAMLError

PATIENCE_S = 30.0


class ScriptError(ValueError):
    """A script that cannot be run: the message says where, and what to do."""


class ScriptFailed(Exception):
    """The call did not go as the script expects."""


def read_seconds(value: object) -> float:
    """``400ms``, ``1.5s``, ``2m`` or a bare number of seconds → seconds; raises ValueError."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(ms|s|m)?", str(value).strip())
    if match is None or isinstance(value, bool):
        raise ValueError(f"{value!r} is no length of time; write it like 400ms, 1.5s or 2m")
    return float(match.group(1)) * {"ms": 0.001, "s": 1.0, "m": 60.0, None: 1.0}[match.group(2)]


def _read_keys(value: object) -> str:
    keys = str(value)
    if not re.fullmatch(r"[0-9*#A-D]+", keys):
        raise ValueError(f"{keys!r} are no keys of a phone (0-9, *, #, A-D)")
    return keys


Seconds = Annotated[float, BeforeValidator(read_seconds)]
Keys = Annotated[str, BeforeValidator(_read_keys)]


class Step(BaseModel):
    """One step; ``verb`` is the key that names it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    verb: ClassVar[str] = ""


class Wait(Step):
    """Do nothing for so long."""

    verb: ClassVar[str] = "wait"
    wait: Seconds


class Press(Step):
    """Press keys, by RFC 4733 events or SIP INFO."""

    verb: ClassVar[str] = "press"
    press: Keys
    via: Literal["rfc4733", "info"] = "rfc4733"
    for_: Seconds = 0.1

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=lambda name: name.rstrip("_"))


class Say(Step):
    """Play a file to the other side, to its end or until the other side has talked over it for so long."""

    verb: ClassVar[str] = "say"
    say: Path
    until_interrupted: Seconds | None = None


class Listen(Step):
    """Wait until the other side has spoken so long, pauses not counted."""

    verb: ClassVar[str] = "listen"
    listen: Seconds
    within: Seconds = PATIENCE_S


class ListenForSilence(Step):
    """Wait until the other side has been silent for so long, counted from the step's beginning at the earliest."""

    verb: ClassVar[str] = "listen_for_silence"
    listen_for_silence: Seconds
    within: Seconds = PATIENCE_S


class Expect(Step):
    """Wait for it, and fail the script when it does not come in time."""

    verb: ClassVar[str] = "expect"
    expect: Literal["speech", "silence", "hang_up", "answer"]
    within: Seconds = 10.0


class Hold(Step):
    """Put the other side on hold for so long."""

    verb: ClassVar[str] = "hold"
    hold: Seconds


class Ring(Step):
    """Called party only, as the first step: let it ring for so long before the call is answered."""

    verb: ClassVar[str] = "ring"
    ring: Seconds


class Decline(Step):
    """Called party only, instead of answering: refuse the call."""

    verb: ClassVar[str] = "decline"
    decline: Literal["busy", "declined", "unavailable"]


class HangUp(Step):
    """End the call."""

    verb: ClassVar[str] = "hang_up"
    hang_up: None = None


VERBS: dict[str, type[Step]] = {
    step.verb: step for step in (Wait, Press, Say, Listen, ListenForSilence, Expect, Hold, Ring, Decline, HangUp)
}


@dataclass(frozen=True, slots=True)
class Script:
    """Steps in order, and the line of the file where each stands."""

    file: Path
    steps: tuple[Step, ...]
    lines: tuple[int, ...]

    def where(self, index: int) -> str:
        """``caller.yaml:12, step 3 (listen)``."""
        return f"{self.file}:{self.lines[index]}, step {index + 1} ({self.steps[index].verb})"


def load_script(file: Path) -> Script:
    """The script in a file, every audio file found (relative to the script); raises ScriptError."""
    try:
        document = YAML(typ="rt").load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ScriptError(f"{file}: {error.strerror}; name a script with --script") from None
    except UnicodeDecodeError:
        raise ScriptError(f"{file}: not UTF-8 text; save it as UTF-8") from None
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ScriptError(f"{file}:{line}: not YAML: {error.problem}") from None
    if not isinstance(document, CommentedSeq) or not document:
        raise ScriptError(f"{file}: a script is a list of steps, one per line that begins with '- '")
    lines = tuple(document.lc.item(index)[0] + 1 for index in range(len(document)))
    steps = tuple(_step(item, f"{file}:{line}", file.parent) for item, line in zip(document, lines, strict=True))
    return Script(file, steps, lines)


def _step(item: Any, where: str, folder: Path) -> Step:
    written = {item: None} if isinstance(item, str) else item
    verbs = [key for key in written if key in VERBS] if isinstance(written, dict) else []
    if len(verbs) != 1:
        raise ScriptError(f"{where}: {_shown(item)} is no step; each step has one of {', '.join(VERBS)}")
    try:
        step = VERBS[verbs[0]].model_validate(dict(written))
    except ValidationError as error:
        fault = error.errors()[0]
        field = ".".join(str(part) for part in fault["loc"])
        raise ScriptError(f"{where}: {field}: {fault['msg'].removeprefix('Value error, ')}") from None
    return _found(step, where, folder) if isinstance(step, Say) else step


def _found(step: Say, where: str, folder: Path) -> Say:
    path = folder / step.say
    if not path.is_file():
        raise ScriptError(f"{where}: say: there is no file {path}")
    return step.model_copy(update={"say": path})


def _shown(item: Any) -> str:
    return repr(dict(item)) if isinstance(item, dict) else repr(item)
