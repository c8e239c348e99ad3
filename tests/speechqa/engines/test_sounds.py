"""Music, tones and keys: made ones are named, and neither voices nor noise are taken for them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.dialogues.waiting import MUSIC, TONES, made
from speechqa.audio import Samples, open_audio
from speechqa.engines.activity import activity_of, channel_levels
from speechqa.engines.edges import Activity, speech_of
from speechqa.engines.sounds import NOTHING, OtherSounds, find_sounds, without_sounds
from speechqa.engines.spectra import frames_of, keys_in
from speechqa.engines.vad import SileroVad
from speechqa.recording import Channel, load_recording
from speechqa.timeline import Span, Timeline
from tests.speechqa.sounds import RATE_HZ, noise, write

NOT_TOLD = ("lead voice alone", "drums alone")


def found(tmp_path: Path, sound: Samples, *voice: tuple[float, float], offset_s: float = 0.0) -> OtherSounds:
    """What is found when the detector hears a voice in these times and nowhere else."""
    channel = Channel(open_audio(write(tmp_path / "sound.wav", sound, subtype="ULAW")), 0, offset_s)
    levels = channel_levels(channel)
    likely = np.full(len(levels), 0.02, np.float32)
    for start, end in voice:
        likely[round(start * 200) : round(end * 200)] = 0.95
    return find_sounds(channel, Activity(offset_s, likely, levels))


@pytest.mark.parametrize("name", [name for name in MUSIC if name not in NOT_TOLD])
def test_music_is_music_all_along(tmp_path: Path, name: str) -> None:
    sounds = found(tmp_path, made(name, 16))
    assert sounds.music.covered_s > 15.5 and sounds.tones == ()


@pytest.mark.parametrize("name", TONES)
def test_tones_are_named(tmp_path: Path, name: str) -> None:
    sounds = found(tmp_path, made(name, 14))
    wanted = {"ringing": "ringing", "busy": "busy", "reorder": "busy", "keys": "key"}.get(name.split(",")[0], "tone")
    assert sounds.music == Timeline()
    assert {tone.kind for tone in sounds.tones} == {wanted}
    if wanted in ("ringing", "busy"):
        assert len(sounds.tones) == 1 and sounds.tones[0].start_s == pytest.approx(0.0, abs=0.1)


def test_noise_and_gliding_voices_are_neither(tmp_path: Path) -> None:
    at = np.arange(20 * RATE_HZ) / RATE_HZ
    pitch = 130 + 40 * np.sin(2 * np.pi * 0.9 * at) + 15 * np.sin(2 * np.pi * 2.3 * at)
    glide = sum(np.sin(2 * np.pi * k * np.cumsum(pitch) / RATE_HZ) / k for k in range(1, 20))
    syllables = 0.08 * glide * (np.sin(2 * np.pi * 3.1 * at) > -0.4)
    for sound in (noise(20, -30), syllables.astype(np.float32) + noise(20, -60), np.zeros(20 * RATE_HZ, np.float32)):
        assert found(tmp_path, sound) == NOTHING


def hum(seconds: float, mains_hz: float) -> Samples:
    at = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    lines = sum(np.sin(2 * np.pi * mains_hz * k * at + k * k) / k for k in range(1, 9))
    return (0.02 * lines).astype(np.float32) + noise(seconds, -60)


@pytest.mark.parametrize("mains_hz", [50.0, 60.0])
@pytest.mark.parametrize("begins_s", [0, 47])
def test_hum_is_no_music_and_no_ringing(tmp_path: Path, mains_hz: float, begins_s: int) -> None:
    sound = np.concatenate([noise(begins_s, -70), hum(90, mains_hz)])
    assert found(tmp_path, sound, (begins_s + 11, begins_s + 19), (begins_s + 40, begins_s + 43)) == NOTHING
    assert found(tmp_path, sound) == NOTHING


def test_music_over_hum_is_still_music(tmp_path: Path) -> None:
    sound = hum(60, 50)
    sound[20 * RATE_HZ : 40 * RATE_HZ] += made("piano", 20)
    music = found(tmp_path, sound, (2, 6), (50, 56)).music
    assert music.cropped(Span(20, 40)).covered_s > 19
    assert Timeline.of((17, 43)).covers(Span(music.start_s, music.end_s))  # hum hides where the sound begins and ends


def test_who_comes_back_from_hold_is_heard(tmp_path: Path) -> None:
    at = np.arange(8 * RATE_HZ) / RATE_HZ
    pitch = 130 + 40 * np.sin(2 * np.pi * 0.9 * at)
    voice = 0.08 * sum(np.sin(2 * np.pi * k * np.cumsum(pitch) / RATE_HZ) / k for k in range(1, 20))
    sounds = found(tmp_path, np.concatenate([made("piano", 12), voice.astype(np.float32)]), (12.1, 20))
    assert sounds.music.start_s == pytest.approx(0.0, abs=0.1)
    assert sounds.music.end_s == pytest.approx(12.0, abs=0.3)


def test_a_channel_that_starts_later_keeps_recording_time(tmp_path: Path) -> None:
    sounds = found(tmp_path, np.concatenate([noise(3, -70), made("waltz", 10)]), offset_s=2.0)
    assert sounds.music.start_s == pytest.approx(5.0, abs=0.2) and sounds.music.end_s == pytest.approx(14.65, abs=0.2)


def test_keys_are_dated_and_not_named() -> None:
    sound = np.concatenate([noise(1, -66), made("keys, 90 ms", 1.1), noise(1, -66)])
    keys = keys_in(sound)
    assert len(keys) == 6 and keys[0][0] == pytest.approx(1.1, abs=0.02)
    assert all(end - start == pytest.approx(0.09, abs=0.03) for start, end in keys)
    assert keys_in(noise(5, -20)) == [] and keys_in(np.zeros(100, np.float32)) == []
    assert len(frames_of(np.zeros(600, np.float32)).steady) == 0


def test_what_is_said_between_the_music_is_an_announcement_unless_answered() -> None:
    sounds = OtherSounds(music=Timeline.of((10, 30), (36, 60)))
    voice = Timeline.of((2, 8), (12, 13), (31, 35), (61, 64))
    alone, announced = without_sounds(voice, sounds, Timeline.of((3, 4)))
    assert (alone, announced) == (Timeline.of((2, 8), (61, 64)), Timeline.of((31, 35)))
    assert without_sounds(voice, sounds, Timeline.of((33, 34)))[1] == Timeline()
    assert without_sounds(voice, sounds, None) == (Timeline.of((2, 8), (31, 35), (61, 64)), Timeline())


@pytest.mark.engine
def test_real_voices_lose_nothing(shared: Path, detector: SileroVad) -> None:
    spoken_s = lost_s = 0.0
    for path in sorted((shared / "data" / "bank-calls").glob("*/*.wav")):
        channel = Channel(open_audio(path), 0)
        activity = activity_of(channel, detector)
        voice = speech_of(activity)
        kept, _ = without_sounds(voice, find_sounds(channel, activity), Timeline())
        spoken_s, lost_s = spoken_s + voice.covered_s, lost_s + (voice - kept).covered_s
    assert spoken_s > 100 and lost_s <= 0.005 * spoken_s


@pytest.mark.engine
@pytest.mark.parametrize("name", ["song with a lead voice", "keys, 90 ms", "ringing, UK"])
def test_sound_without_a_person_has_no_speech(tmp_path: Path, detector: SileroVad, name: str) -> None:
    from speechqa.hearing import find_speech

    path = write(tmp_path / "call.wav", noise(30, -70), made(name, 30), subtype="ULAW")
    heard = find_speech(load_recording(path), detector)
    assert heard.speech == {"agent": Timeline(), "customer": Timeline()} and heard.announcements == Timeline()
    assert bool(heard.waiting) == (not name.startswith("keys"))
    assert not heard.waiting or heard.waiting.cropped(Span(0, 30)).covered_s > 27
