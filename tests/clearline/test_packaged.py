"""The packaged multilingual model: joined once, checked, and never half."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import pytest

from clearline import packaged
from clearline.packaged import BASE, PARTS, PackagedModelBroken, packaged_multilingual


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two small packages in place of the real ones, with the digests of what they hold."""
    folder = tmp_path / "packages"
    content = {"config.json": b"{}", "tokenizer.json": b"[]", "vocabulary.txt": b"a\nb\n"}
    for package, half in zip(PARTS, ("part1", "part2"), strict=True):
        data = folder / package / "data"
        data.mkdir(parents=True)
        (data.parent / "__init__.py").touch()
        (data / f"model.bin.{half}").write_bytes(half.encode())
        for name, text in content.items() if half == "part1" else ():
            (data / name).write_bytes(text)
    digests = {name: hashlib.sha256(text).hexdigest() for name, text in content.items()}
    monkeypatch.setattr(packaged, "BASE", digests | {"model.bin": hashlib.sha256(b"part1part2").hexdigest()})
    monkeypatch.setattr(packaged, "PARTS", tuple(f"{part}" for part in PARTS))
    monkeypatch.setattr(sys, "path", [str(folder)])
    return folder


def test_the_halves_are_joined_once(packages: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    folder = packaged_multilingual(cache)
    assert folder is not None and (folder / "model.bin").read_bytes() == b"part1part2"
    assert sorted(each.name for each in folder.iterdir()) == sorted(BASE)
    joined_at = (folder / "model.bin").stat().st_mtime_ns
    assert packaged_multilingual(cache) == folder
    assert (folder / "model.bin").stat().st_mtime_ns == joined_at
    assert [each.name for each in cache.iterdir()] == [folder.name]


def test_something_else_than_what_was_pinned_is_refused_and_leaves_nothing(packages: Path, tmp_path: Path) -> None:
    (packages / PARTS[1] / "data" / "model.bin.part2").write_bytes(b"other")
    with pytest.raises(PackagedModelBroken, match=r"model\.bin is not the one that was pinned"):
        packaged_multilingual(tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_cache_that_cannot_be_written_is_one_sentence(packages: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(PackagedModelBroken, match="CLEARLINE_CACHE"):
        packaged_multilingual(tmp_path / "cache")


def test_without_the_packages_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaged, "PARTS", ("no_such_part1", "no_such_part2"))
    assert packaged_multilingual(tmp_path) is None
