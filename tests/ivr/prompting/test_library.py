"""A brand that speaks: what is made once is never made again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from clearline.level import active_level_dbov
from ivr.commands import Phrase
from ivr.prompting import PromptError, PromptLibrary
from ivr.prompting.cache import AudioCache, content_key, default_cache_dir, write_wav
from ivr.prompting.errors import PlaceholderError, VoiceError
from tests.ivr.prompting.fakes import BRAND, ToneVoice

HELLO = Phrase("hello", "en")


def opened(brand: Path) -> tuple[PromptLibrary, ToneVoice]:
    """The library of a brand whose English voice is the humming one."""
    library, voice = PromptLibrary.open(brand, brand / "cache"), ToneVoice()
    return PromptLibrary(library.catalog, library.cache, {"en": voice}), voice


def test_a_phrase_becomes_an_8_khz_mono_pcm16_wav(brand: Path) -> None:
    library, _ = opened(brand)
    about = soundfile.info(library.audio(HELLO))
    assert (about.samplerate, about.channels, about.format, about.subtype) == (8000, 1, "WAV", "PCM_16")


def test_the_second_time_no_voice_is_asked(brand: Path) -> None:
    library, voice = opened(brand)
    first = library.audio(HELLO)
    again, silent = opened(brand)
    assert again.audio(HELLO) == first == library.audio(HELLO)
    assert (len(voice.asked), silent.asked) == (1, [])


@pytest.mark.parametrize(
    ("old", "new"), [("speed: 1", "speed: 1.1"), ("level_dbov: -24", "level_dbov: -22"), ("350ms", "360ms")]
)
def test_what_shapes_the_sound_makes_a_new_file(brand: Path, old: str, new: str) -> None:
    first = opened(brand)[0].audio(HELLO)
    (brand / "brand.yaml").write_text(BRAND.replace(old, new), encoding="utf-8")
    assert opened(brand)[0].audio(HELLO) != first


def test_another_text_or_engine_version_makes_a_new_file(brand: Path) -> None:
    library, voice = opened(brand)
    first = library.audio(HELLO)
    voice.version = "tone 2"
    second = library.audio(HELLO)
    (brand / "en.yaml").write_text("hello: Good evening.\n", encoding="utf-8")
    assert len({first, second, opened(brand)[0].audio(HELLO)}) == 3


def test_values_are_spoken(brand: Path) -> None:
    (brand / "en.yaml").write_text("owe: You owe {sum:money}.\n", encoding="utf-8")
    library, voice = opened(brand)
    one = library.audio(Phrase("owe", "en", (("sum", "5 dollars"), ("unused", "x"))))
    assert voice.asked[0][0] == "You owe 5 dollars."
    assert one != library.audio(Phrase("owe", "en", (("sum", "6 dollars"),)))


@pytest.mark.parametrize("value", ["bad\x00", "x" * 3000])
def test_a_value_that_cannot_be_said_is_refused(brand: Path, value: str) -> None:
    (brand / "en.yaml").write_text("owe: You owe {sum}.\n", encoding="utf-8")
    with pytest.raises(PlaceholderError, match=r"Prompt 'owe' \(en\)"):
        opened(brand)[0].audio(Phrase("owe", "en", (("sum", value),)))


def test_a_missing_value_names_prompt_and_placeholder(brand: Path) -> None:
    (brand / "en.yaml").write_text("owe: You owe {sum}.\n", encoding="utf-8")
    with pytest.raises(PlaceholderError, match=r"Prompt 'owe' \(en\): No value was given for \{sum\}"):
        opened(brand)[0].audio(Phrase("owe", "en"))


def test_prepare_makes_everything_and_tells_how_far_it_is(brand: Path) -> None:
    (brand / "en.yaml").write_text("a: One.\nb: Two.\nc: Three {x}.\n", encoding="utf-8")
    library, voice = opened(brand)
    told: list[tuple[int, int]] = []
    files = library.prepare(library.fixed("en"), lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]
    assert len(voice.asked) == 2
    assert all(file.is_file() for file in files)


def test_what_a_brand_has(brand: Path) -> None:
    library, _ = opened(brand)
    assert library.languages == {"en"}
    assert library.ids("en") == {"hello"}
    assert library.ids("xx") == frozenset()
    assert not PromptLibrary.open(brand, brand / "cache").natural("en")


def test_a_recorded_take_wins_over_the_voice_and_is_made_anew_when_it_changes(brand: Path) -> None:
    (brand / "en.yaml").write_text("hello:\n  text: Hello.\n  file: take.wav\n", encoding="utf-8")
    hum = ToneVoice().synthesize("A person says hello.")
    soundfile.write(brand / "take.wav", hum.samples, hum.rate)
    library, voice = opened(brand)
    first = library.audio(HELLO)
    samples, rate = soundfile.read(first)
    assert voice.asked == []
    assert active_level_dbov(samples, rate) == pytest.approx(-24, abs=1)
    soundfile.write(brand / "take.wav", hum.samples[:20000], hum.rate)
    assert library.audio(HELLO) != first


def test_a_voice_that_is_not_there_is_named(brand: Path) -> None:
    (brand / "brand.yaml").write_text(BRAND.replace("en-us", "klingonese"), encoding="utf-8")
    with pytest.raises(VoiceError, match="espeak-ng has no voice 'klingonese'"):
        PromptLibrary.open(brand, brand / "cache").audio(HELLO)


def test_a_cache_that_cannot_be_written_is_named(brand: Path) -> None:
    (brand / "cache").write_text("a file where a folder should be")
    with pytest.raises(PromptError, match=r"cannot be kept in .*cache: .*name another folder"):
        opened(brand)[0].audio(HELLO)


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "a.wav"
    target.mkdir()
    with pytest.raises(OSError, match="directory"):
        write_wav(target, np.ones(10, np.int16))
    assert list(tmp_path.iterdir()) == [target]


def test_the_key_depends_on_every_value() -> None:
    assert content_key({"a": 1, "b": "x"}) == content_key({"b": "x", "a": 1})
    assert len({content_key({"a": 1}), content_key({"a": 2}), content_key({"b": 1})}) == 3


def test_a_cached_file_is_found_while_another_is_being_made(tmp_path: Path) -> None:
    cache = AudioCache(tmp_path)
    cache.get("old", lambda: np.ones(80, np.int16))

    def slow() -> np.ndarray[tuple[int], np.dtype[np.int16]]:
        assert cache.get("old", lambda: pytest.fail("made again")) == tmp_path / "old.wav"
        return np.ones(80, np.int16)

    cache.get("new", slow)


def test_the_default_cache_of_a_source_tree_is_inside_it() -> None:
    assert default_cache_dir().parts[-2:] == (".cache", "prompts")


RENDER = """
import sys
from pathlib import Path
from ivr.commands import Phrase
from ivr.prompting import PromptLibrary
library = PromptLibrary.open(Path(sys.argv[1]), Path(sys.argv[2]))
print(*library.prepare(library.fixed("en")), sep="\\n")
"""


def test_two_processes_at_once_make_the_same_files(brand: Path, tmp_path: Path) -> None:
    texts = "".join(f"p{number}: This is prompt number {number}.\n" for number in range(12))
    (brand / "en.yaml").write_text(texts, encoding="utf-8")
    command = [sys.executable, "-c", RENDER, str(brand), str(tmp_path / "shared")]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    told = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert told[0][0] == told[1][0]
    made = sorted((tmp_path / "shared").iterdir())
    assert [str(path) for path in made] == sorted(told[0][0].split())
    assert all(soundfile.info(path).duration > 0.5 for path in made)
