"""Loops of a recogniser: known ones, what people really say, and a second hearing that decides."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.real_calls import CALLS
from speechqa.audio import Samples
from speechqa.engines.asr import Spoken, Transcript, recognize_speech
from speechqa.engines.loops import loops
from speechqa.engines.vad import SileroVad
from speechqa.engines.whisper import WhisperRecognizer
from speechqa.hearing import find_speech
from speechqa.recording import load_recording
from speechqa.timeline import Span, Timeline
from tests.speechqa.sounds import noise, write


@pytest.mark.parametrize(
    ("text", "looped"),
    [
        ("okay, okay, okay, Okay, okay,", True),
        ("okay okay okay okay", False),
        ("thank you thank you thank you thank you", True),
        ("I see it. I see it. I see it.", True),
        ("no no no I do not know what you mean", False),
        ("five five one two one two nine", False),
        ("the sum of the sum of the bill", False),
        ("", False),
    ],
)
def test_known_texts(text: str, looped: bool) -> None:
    assert loops(text.split()) == looped


@given(st.lists(st.sampled_from("abcdefgh"), max_size=30, unique=True), st.integers(1, 8), st.integers(3, 9))
def test_repeats_are_found_wherever_they_stand(before: list[str], n: int, times: int) -> None:
    phrase = [f"w{number}" for number in range(n)]
    assert not loops(before)
    assert loops([*before, *phrase * max(times, 5), "end"])


class Looping:
    """Loops on more than eight seconds of sound, as Whisper does on some, and names the halves apart."""

    name, version, language, identifies = "looping", "0", "en", False

    def identify(self, samples: Samples) -> dict[str, float]:
        return {}

    def accepts(self, language: str) -> bool:
        return True

    def recognize(self, samples: Samples, language: str | None) -> Transcript:
        texts = ["okay"] * 40 if len(samples) > 8 * 16_000 else ["all", "set", "up", "for", "you"]
        return Transcript(tuple(Spoken(text, 0.1 * n, 0.1 * n + 0.1) for n, text in enumerate(texts)), "en")


def test_a_chunk_that_loops_is_heard_again_in_halves(tmp_path: Path) -> None:
    recording = load_recording(write(tmp_path / "call.wav", noise(14, -70), noise(14, -30), subtype="PCM_16"))
    words, _ = recognize_speech(recording.lanes["agent"], "agent", Timeline.of((0.5, 5), (7, 12)), Looping(), "en")
    assert [word.text for word in words] == ["all", "set", "up", "for", "you"] * 2


@pytest.mark.engine
def test_whisper_does_not_loop_on_a_real_voice(shared: Path, detector: SileroVad, whisper: WhisperRecognizer) -> None:
    call = "a7ccc3379af44b9f.wav"
    recording = load_recording(agent=CALLS / "agent" / call, customer=CALLS / "caller" / call)
    speech = find_speech(recording, detector).speech["agent"].cropped(Span(45, 95))
    words, _ = recognize_speech(recording.lanes["agent"], "agent", speech, whisper, "en")
    texts = [word.text.strip(".,?!").lower() for word in words]
    assert not loops(texts) and {"set", "great", "day"} <= set(texts)
