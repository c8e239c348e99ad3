"""One voice for many processes: a phrase in parts over a local socket, made one by one."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from ivr.commands import Phrase
from ivr.prompting import PromptError, PromptLibrary
from ivr.prompting.service import RemotePrompts, serve_prompts
from ivr.tones import tone, write_wav
from tests.ivr.prompting.fakes import BRAND, ToneVoice

KEY = b"0" * 32


def remote(brand: Path) -> tuple[RemotePrompts, ToneVoice]:
    texts = "owe: Good news. You owe {sum:money}. Thank you.\n"
    (brand / "en.yaml").write_text(texts, encoding="utf-8")
    voice, plain = ToneVoice(), PromptLibrary.open(brand, brand / "cache")
    library = PromptLibrary(plain.catalog, plain.cache, {"en": voice})
    socket = brand / "voice.sock"
    threading.Thread(target=serve_prompts, args=(library, socket, KEY), daemon=True).start()
    return RemotePrompts(socket, KEY), voice


def test_parts_are_made_one_by_one_and_what_is_unfit_is_told(brand: Path) -> None:
    prompts, voice = remote(brand)
    parts = prompts.parts(Phrase("owe", "en", (("sum", "much"),)))
    assert [one.placeholder for one in parts.unfit] == ["sum:money"]
    assert ([part.ready for part in parts.files], voice.asked) == ([False] * 3, [])
    assert parts.files[1].make() == parts.files[1].path
    assert [text for text, _ in voice.asked] == ["You owe much."]
    assert [part.ready for part in parts.files] == [False, True, False]
    prompts.warm("en", ["owe"])
    assert len(voice.asked) == 2


def test_a_mistake_comes_back_as_one_sentence(brand: Path) -> None:
    prompts, _ = remote(brand)
    with pytest.raises(PromptError, match="has no prompt 'bye'"):
        prompts.parts(Phrase("bye", "en"))
    assert prompts.parts(Phrase("owe", "en", (("sum", 1),))).files
    assert prompts.hold() is None


def test_the_hold_music_is_one_file_for_all(brand: Path) -> None:
    write_wav(brand / "music.wav", tone(700, 1.0))
    (brand / "brand.yaml").write_text(BRAND + "sounds: {hold: music.wav}\n", encoding="utf-8")
    music = remote(brand)[0].hold()
    assert music is not None and music.is_file() and music.parent == brand / "cache"
