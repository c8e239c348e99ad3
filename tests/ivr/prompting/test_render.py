"""Telephone audio: level, peak, edges, pauses, pitch; recorded takes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from clearline.level import active_level_dbov
from ivr.prompting.errors import RecordingError, VoiceError
from ivr.prompting.render import (
    LEAD_S,
    PEAK_DBFS,
    RATE_HZ,
    TAIL_S,
    Manner,
    limited,
    render_recording,
    render_text,
    resampled,
    trimmed,
)
from ivr.prompting.synthesize import Audio
from tests.ivr.prompting.fakes import ToneVoice

PEAK = 10 ** (PEAK_DBFS / 20) * 32768


def say(text: str, voice: ToneVoice | None = None, **manner: float) -> npt.NDArray[np.int16]:
    return render_text(text, voice or ToneVoice(), Manner(**manner))


def pauses_s(samples: npt.NDArray[np.int16]) -> list[float]:
    """Runs of digital silence longer than 50 ms, edges included."""
    sounding = np.flatnonzero(samples)
    edges = np.diff(np.concatenate([[-1], sounding, [len(samples)]])) - 1
    return [float(run) / RATE_HZ for run in edges if run > 0.05 * RATE_HZ]


def test_edges_are_short_and_free_of_clicks() -> None:
    samples = say("A steady hum of some length.")
    sounding = np.flatnonzero(np.abs(samples) > 300)
    assert LEAD_S <= sounding[0] / RATE_HZ < LEAD_S + 0.04
    assert TAIL_S <= (len(samples) - sounding[-1]) / RATE_HZ < TAIL_S + 0.06
    assert samples[0] == samples[-1] == 0
    assert np.abs(np.diff(samples.astype(int)))[: round(0.05 * RATE_HZ)].max() < 3000


@pytest.mark.parametrize("level", [-20.0, -24.0, -30.0])
@pytest.mark.parametrize("gain", [0.002, 0.6])
def test_every_prompt_has_the_brands_level(level: float, gain: float) -> None:
    samples = say("A hum. Another hum.", ToneVoice(gain=gain), level_dbov=level)
    assert active_level_dbov(samples, RATE_HZ) == pytest.approx(level, abs=1.0)
    assert np.abs(samples).max() <= PEAK


def test_pauses_stand_between_sentences_and_paragraphs() -> None:
    samples = say("One hum. Two hums.\n\nThree hums.", sentence_pause_s=0.4, paragraph_pause_s=0.9)
    between = pauses_s(samples)
    assert between[-1] == pytest.approx(TAIL_S + 0.04, abs=0.02)
    assert sorted(between)[-2:] == [pytest.approx(0.46, abs=0.03), pytest.approx(0.96, abs=0.03)]


def test_speed_reaches_the_voice() -> None:
    voice = ToneVoice()
    assert len(say("A longer hum to be said.", voice, speed=2.0)) < 0.6 * len(say("A longer hum to be said.", voice))
    assert [speed for _, speed in voice.asked] == [2.0, 1.0]


@pytest.mark.parametrize("semitones", [-4.0, 3.0])
def test_pitch_moves_the_voice_and_keeps_its_length(semitones: float) -> None:
    text = "A rather long hum without any end in sight."
    plain, moved = say(text), say(text, pitch=semitones)
    assert len(moved) == pytest.approx(len(plain), rel=0.02)
    assert strongest_hz(moved) == pytest.approx(220 * 2 ** (semitones / 12), abs=3)


def strongest_hz(samples: npt.NDArray[np.int16]) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(spectrum.argmax() * RATE_HZ / len(samples))


def test_rumble_under_the_telephone_band_is_removed() -> None:
    time = np.arange(2 * RATE_HZ) / RATE_HZ
    hum = 0.1 * np.sin(2 * np.pi * 40 * time) + 0.1 * np.sin(2 * np.pi * 1000 * time)

    class Rumbling(ToneVoice):
        def synthesize(self, text: str, *, speed: float = 1.0):  # type: ignore[no-untyped-def]

            return Audio(hum.astype(np.float32), RATE_HZ)

    spectrum = np.abs(np.fft.rfft(say("Hum.", Rumbling())[320:-960]))
    hz = np.arange(spectrum.size) * RATE_HZ / (2 * (spectrum.size - 1))
    assert spectrum[np.abs(hz - 40) < 5].max() < 0.02 * spectrum[np.abs(hz - 1000) < 5].max()


def test_a_voice_that_gives_silence_is_refused() -> None:
    with pytest.raises(VoiceError, match="only silence"):
        say("A hum.", ToneVoice(gain=0.0))


@settings(deadline=None, max_examples=50)
@given(gain=st.floats(0.01, 20), seed=st.integers(0, 1000))
def test_the_limiter_holds_every_peak_and_touches_nothing_quiet(gain: float, seed: int) -> None:
    signal = (gain * np.random.default_rng(seed).standard_normal(4000)).astype(np.float32)
    held = limited(signal)
    assert np.abs(held).max() <= 10 ** (PEAK_DBFS / 20) * 1.0001
    assert np.abs(held).max() >= min(np.abs(signal).max(), 0.5 * 10 ** (PEAK_DBFS / 20))
    if np.abs(signal).max() <= 10 ** (PEAK_DBFS / 20):
        assert np.array_equal(held, signal)


def test_trimming_silence_leaves_nothing() -> None:
    assert trimmed(np.zeros(8000, np.float32)).size == trimmed(np.zeros(3, np.float32)).size == 0


def take(path: Path, samples: npt.NDArray[np.float64], rate: int, **how: str) -> Path:
    soundfile.write(path, samples, rate, **how)
    return path


@pytest.mark.parametrize(("rate", "name"), [(44100, "t.wav"), (48000, "t.flac"), (8000, "t.wav"), (44100, "t.mp3")])
def test_a_take_of_any_kind_becomes_telephone_audio(tmp_path: Path, rate: int, name: str) -> None:
    hum = ToneVoice(rate=rate, gain=0.05).synthesize("A take of a hum, by a person.").samples.astype(np.float64)
    stereo = np.stack([hum, 0.5 * hum], axis=1)
    samples = render_recording(take(tmp_path / name, stereo, rate), -24.0)
    assert active_level_dbov(samples, RATE_HZ) == pytest.approx(-24, abs=1)
    assert strongest_hz(samples) == pytest.approx(220, abs=3)
    assert len(samples) / RATE_HZ == pytest.approx(0.06 * 29 + LEAD_S + TAIL_S, abs=0.12)


def test_a_take_that_is_no_audio_silent_empty_or_endless_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "a.wav"
    text.write_text("not audio")
    with pytest.raises(RecordingError, match=r"a\.wav is not audio that can be read"):
        render_recording(text, -24)
    for name, samples in {"silent.wav": np.zeros(8000), "empty.wav": np.zeros(0)}.items():
        with pytest.raises(RecordingError, match=f"{name} is silent"):
            render_recording(take(tmp_path / name, samples, 8000), -24)
    with pytest.raises(RecordingError, match="longer than 300 s"):
        render_recording(take(tmp_path / "long.wav", np.zeros(301 * 8000), 8000), -24)


def test_resampling_keeps_the_length() -> None:
    audio = ToneVoice(rate=24000).synthesize("Some hum.")
    assert len(resampled(audio)) == pytest.approx(audio.duration_s * RATE_HZ, abs=2)


def test_a_short_peaky_word_comes_to_its_level_too() -> None:
    """Clicks far above the rest: held down, they would leave the word 3 dB and more too quiet."""

    class Peaky(ToneVoice):
        def synthesize(self, text: str, *, speed: float = 1.0) -> Audio:
            audio = ToneVoice.synthesize(self, text, speed=speed)
            samples = audio.samples * np.float32(0.2)
            samples[:: self.rate // 50] *= 40
            return Audio(samples, audio.rate)

    samples = render_text("Thanks.", Peaky(), Manner())
    assert active_level_dbov(samples, RATE_HZ) == pytest.approx(-24, abs=1)
    assert np.abs(samples).max() <= round(10 ** (PEAK_DBFS / 20) * 32767)
