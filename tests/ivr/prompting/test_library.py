"""A brand that speaks: what is made once is never made again."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile

from clearline.cache import default_cache_dir
from clearline.level import active_level_dbov
from ivr.commands import Phrase
from ivr.prompting import PromptError, PromptLibrary
from ivr.prompting.cache import AudioCache, content_key, write_wav
from ivr.prompting.errors import CatalogError, PlaceholderError, VoiceError
from ivr.prompting.synthesize import Audio
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


def test_values_are_spoken_in_words(brand: Path) -> None:
    (brand / "brand.yaml").write_text(BRAND + "currency: USD\n", encoding="utf-8")
    (brand / "en.yaml").write_text("owe: You owe {sum:money}.\n", encoding="utf-8")
    library, voice = opened(brand)
    one = library.audio(Phrase("owe", "en", (("sum", 5), ("unused", "x"))))
    assert voice.asked[0][0] == "You owe five dollars."
    assert one != library.audio(Phrase("owe", "en", (("sum", 6),)))


LIVE = "owe: Good news. You owe {sum:number}. Thank you.\n"


def test_what_holds_a_value_is_kept_apart_and_the_rest_from_call_to_call(brand: Path) -> None:
    (brand / "en.yaml").write_text(LIVE, encoding="utf-8")
    library, voice = opened(brand)
    parts = library.parts(Phrase("owe", "en", (("sum", 5),)))
    files = [part.make() for part in parts.files]
    assert [text for text, _ in voice.asked] == ["Good news.", "You owe five.", "Thank you."]
    assert [file.parent for file in files] == [brand / "cache", library.live.folder, brand / "cache"]
    again = library.parts(Phrase("owe", "en", (("sum", 6),)))
    assert [part.ready for part in again.files] == [True, False, True]


def test_before_the_first_call_all_is_made_that_needs_no_value(brand: Path) -> None:
    (brand / "en.yaml").write_text(LIVE, encoding="utf-8")
    library, voice = opened(brand)
    library.prepare([Phrase("owe", "en")])
    assert [text for text, _ in voice.asked] == ["Good news.", "Thank you."]
    parts = library.parts(Phrase("owe", "en", (("sum", 5),)))
    assert [part.ready for part in parts.files] == [True, False, True]


def test_the_pause_between_parts_is_the_brands_and_no_edge_clicks(brand: Path) -> None:
    (brand / "en.yaml").write_text(LIVE, encoding="utf-8")
    library, _ = opened(brand)
    samples, rate = soundfile.read(library.audio(Phrase("owe", "en", (("sum", 5),))))
    sounding = np.flatnonzero(np.abs(samples) > 1e-3)
    pauses = [int(after - before) / rate for before, after in pairwise(sounding)]
    # soft edges of speech are kept around each sentence: up to 60 ms of next to nothing
    assert [pause for pause in pauses if pause > 0.2] == pytest.approx([0.38, 0.38], abs=0.04)
    for file in (part.make() for part in library.parts(Phrase("owe", "en", (("sum", 5),))).files):
        one, _ = soundfile.read(file)
        assert np.abs(one[:200]).max() == np.abs(one[-800:]).max() == 0.0


def test_a_value_of_the_wrong_type_is_said_plainly_and_told_of(brand: Path) -> None:
    (brand / "en.yaml").write_text("due: It is due on {due:date}.\n", encoding="utf-8")
    library, voice = opened(brand)
    parts = library.parts(Phrase("due", "en", (("due", "some day"),)))
    assert [part.make().suffix for part in parts.files] == [".wav"]
    assert voice.asked[0][0] == "It is due on some day."
    assert [(one.prompt, one.placeholder) for one in parts.unfit] == [("due", "due:date")]


class Mute(ToneVoice):
    def synthesize(self, text: str, *, speed: float = 1.0) -> Audio:
        raise VoiceError(f"cannot say {text!r}")


def test_what_a_voice_cannot_say_of_a_caller_is_not_told_in_its_message(brand: Path) -> None:
    (brand / "en.yaml").write_text("hi: Hello {name}.\n", encoding="utf-8")
    plain = PromptLibrary.open(brand, brand / "cache")
    library = PromptLibrary(plain.catalog, plain.cache, {"en": Mute()})
    with pytest.raises(VoiceError, match="Prompt 'hi' \\(en\\): the voice cannot say one of its values") as refused:
        library.audio(Phrase("hi", "en", (("name", "Olena"),)))
    assert "Olena" not in str(refused.value)


def test_a_voice_is_loaded_before_the_first_value_where_there_is_one(brand: Path) -> None:
    (brand / "en.yaml").write_text(LIVE + "hello: Good morning.\n", encoding="utf-8")
    library, voice = opened(brand)
    library.warm("en", ["hello", "unknown"])
    assert voice.asked == []
    library.warm("en", ["hello", "owe"])
    assert len(voice.asked) == 1
    library.warm("xx", ["owe"])


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("uk", "Сплатіть до двадцять четвертого грудня дві тисячі двадцять шостого року."),
        ("ru", "Оплатите до двадцать четвёртого декабря две тысячи двадцать шестого года."),
        ("nb", "Betal innen tjuefjerde desember tjue tjueseks."),
        ("ro", "Plătiți până la douăzeci și patru decembrie două mii douăzeci și șase."),
        ("lt", "Sumokėkite iki du tūkstančiai dvidešimt šeštų metų gruodžio dvidešimt ketvirtos dienos."),
    ],
)
def test_a_text_of_any_language_is_said_in_its_own_words(brand: Path, language: str, said: str) -> None:
    texts = {
        "uk": "Сплатіть до {due:date}.",
        "ru": "Оплатите до {due:date}.",
        "nb": "Betal innen {due:date}.",
        "ro": "Plătiți până la {due:date}.",
        "lt": "Sumokėkite iki {due:date/gen}.",
    }
    voices = BRAND + f"  {language}: {{engine: espeak, voice: {language}}}\n"
    (brand / "brand.yaml").write_text(voices, encoding="utf-8")
    (brand / f"{language}.yaml").write_text(f'pay: "{texts[language]}"\n', encoding="utf-8")
    library, voice = opened(brand)
    library = PromptLibrary(library.catalog, library.cache, {language: voice})
    phrase = Phrase("pay", language, (("due", "2026-12-24"),))
    assert library.text(phrase) == said
    library.audio(phrase)
    assert voice.asked[0][0] == said


@pytest.mark.parametrize("currency", ["euro", "EURO", "€", "eur"])
def test_a_currency_that_is_no_code_is_refused(brand: Path, currency: str) -> None:
    (brand / "brand.yaml").write_text(BRAND + f"currency: {currency}\n", encoding="utf-8")
    with pytest.raises(CatalogError, match="is not a currency: use a code of ISO 4217"):
        PromptLibrary.open(brand, brand / "cache")


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
    assert default_cache_dir("prompts").parts[-2:] == (".cache", "prompts")


RENDER = """
import sys
from itertools import pairwise
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
