"""Lost packets, bandwidth, DC and a dead line: sound with faults put in at known places."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import soxr
from scipy.signal import lfilter

from speechqa.conversation import Conversation
from speechqa.measures import bandwidth, dead_line, level, loss
from speechqa.timeline import Span, Timeline

RATE = 8000
Sound = npt.NDArray[np.floating[Any]]


def voice(duration_s: float, rate: int = RATE, seed: int = 3, level_db: float = -20.0) -> Sound:
    """Noise with the long-term fall of speech, 4 syllables a second, in 16-bit steps."""
    count = round(duration_s * rate)
    raw = lfilter([1.0], [1.0, -0.9], np.random.default_rng(seed).normal(size=count))
    swing = 0.55 + 0.45 * np.sin(2 * np.pi * 4 * np.arange(count) / rate)
    shaped = raw / raw.std() * swing * 10 ** (level_db / 20)
    return np.round(np.clip(shaped, -1, 1) * 32768) / 32768


def blocks(sound: Sound, size: int = 20 * RATE) -> list[Sound]:
    return [sound[at : at + size] for at in range(0, sound.size, size)]


@pytest.mark.parametrize("size", [4_000, 50_000, 160_000])
def test_lost_packets_are_found_where_they_were_put(size: int) -> None:
    sound = voice(60)
    chance = np.random.default_rng(5)
    at = np.sort(chance.choice(np.arange(50, 2900), 60, replace=False))
    at = at[np.concatenate([[True], np.diff(at) > 3])]
    for number, packet in enumerate(at):
        first = packet * 160
        sound[first : first + 160] = 0.0 if number % 2 else sound[first - 160 : first]
    found = loss.measure(blocks(sound, size), RATE, -20.0, offset_s=2.0)
    wanted = {(round(2 + p * 0.02, 3), "missing" if i % 2 else "repeated") for i, p in enumerate(at)}
    got = {(round(gap.start_s, 2), gap.kind) for gap in found.gaps}
    assert len(got & {(round(s, 2), k) for s, k in wanted}) >= 0.9 * len(wanted)  # some lie in a trough
    assert len(got - {(round(s, 2), k) for s, k in wanted}) <= 1
    assert found.total_s == pytest.approx(0.02 * found.count, rel=0.05)


def test_whole_speech_pauses_tones_and_silence_are_no_loss() -> None:
    speech = voice(10)
    fade = np.concatenate([np.ones(3 * RATE), np.linspace(1, 0, 800), np.zeros(4000), np.linspace(0, 1, 800)])
    faded = speech[: fade.size] * fade
    tone = 0.2 * np.sin(2 * np.pi * 400 * np.arange(4 * RATE) / RATE).round(6)
    for sound in (speech, faded, tone, np.zeros(RATE)):
        assert loss.measure([sound], RATE, -20.0) == loss.Loss(())
    assert loss.measure([speech], RATE, None).count == 0


def test_a_hole_across_blocks_is_one() -> None:
    sound = voice(4)
    sound[15_900:16_220] = 0
    (gap,) = loss.measure([sound[:16_000], sound[16_000:16_100], sound[16_100:]], RATE, -20.0).gaps
    assert (gap.start_s, gap.end_s, gap.kind) == (
        pytest.approx(1.9875, abs=1e-3),
        pytest.approx(2.0275, abs=1e-3),
        "missing",
    )


def test_a_narrow_codec_in_a_wide_file_reads_narrow() -> None:
    spoken, quiet = Timeline.of((0, 10)), Timeline()
    narrow = soxr.resample(voice(10), 8000, 16000)
    wide = voice(10, 16000)
    low = soxr.resample(soxr.resample(wide, 16000, 14000), 14000, 16000)
    found = [bandwidth.measure([each], 16000, spoken, quiet) for each in (narrow, wide, low)]
    assert [each.band for each in found] == ["narrow", "wide", "wide"]
    assert [each.upper_hz for each in found] == [
        pytest.approx(4000, abs=250),
        pytest.approx(8000, abs=250),
        pytest.approx(7000, abs=350),
    ]
    assert bandwidth.measure([voice(10)], 8000, spoken, quiet).band == "narrow"
    assert bandwidth.measure([voice(10, 48000)], 48000, spoken, quiet).band == "super-wide"


def test_noise_behind_a_narrow_codec_hides_nothing() -> None:
    hiss = np.random.default_rng(7).normal(size=160_000) * 10 ** (-50 / 20)
    sound = soxr.resample(np.concatenate([voice(8), np.zeros(2 * RATE)]), 8000, 16000) + hiss
    assert bandwidth.measure([sound], 16000, Timeline.of((0, 8)), Timeline.of((8.1, 10))).band == "narrow"


def test_too_little_speech_has_no_bandwidth() -> None:
    assert bandwidth.measure([voice(10)], RATE, Timeline.of((0, 1)), Timeline()) == bandwidth.Bandwidth(None, None)
    assert bandwidth.measure([], RATE, Timeline(), Timeline()).upper_hz is None


def test_a_constant_part_is_told_and_changes_no_level() -> None:
    plain = level.measure([voice(6)], RATE, Timeline.of((5, 6)))
    moved = level.measure([voice(6) + 0.05], RATE, Timeline.of((5, 6)))
    assert moved.dc_offset == pytest.approx(0.05, abs=0.002)
    assert moved.active_level_dbov == pytest.approx(plain.active_level_dbov, abs=0.05)
    assert moved.noise_dbov == pytest.approx(plain.noise_dbov, abs=0.1)


def test_no_signal_is_where_the_samples_stand_still() -> None:
    hiss = np.random.default_rng(1).normal(size=3 * RATE) * 1e-3
    sound = np.concatenate([hiss, np.full(2 * RATE, 0.01), hiss])
    (span,) = dead_line.no_signal([sound], RATE, offset_s=1.0)
    assert (span.start_s, span.end_s) == (pytest.approx(4, abs=0.06), pytest.approx(6, abs=0.06))
    assert dead_line.no_signal([], RATE) == Timeline()


CALL = Conversation(60.0, "en", {"agent": Timeline.of((1, 10)), "customer": Timeline.of((12, 20))})
LANES = {"agent": Span(0, 60), "customer": Span(0, 60)}


def dead(agent: Timeline, customer: Timeline) -> Timeline:
    return dead_line.measure(CALL, {"agent": agent, "customer": customer}, LANES)  # type: ignore[arg-type]


def test_a_line_that_goes_dead_to_the_end() -> None:
    assert dead(Timeline.of((50, 60)), Timeline.of((53, 60))) == Timeline.of((53, 60))
    assert dead(Timeline.of((57, 60)), Timeline.of((53, 60))) == Timeline()
    assert dead(Timeline.of((50, 60)), Timeline()) == Timeline()


def test_a_long_hole_in_the_line() -> None:
    assert dead(Timeline.of((21, 45)), Timeline.of((20, 44))) == Timeline.of((21, 44))
    assert dead(Timeline.of((21, 35)), Timeline.of((20, 34))) == Timeline()


def test_a_system_that_mutes_pauses_tells_nothing() -> None:
    muted = Timeline.of((0, 1), (10, 12), (20, 60))
    assert dead(muted, muted) == Timeline()


def test_a_file_that_ended_is_no_signal() -> None:
    lanes = {"agent": Span(0, 40), "customer": Span(0, 60)}
    found = dead_line.measure(CALL, {"agent": Timeline(), "customer": Timeline.of((45, 60))}, lanes)  # type: ignore[arg-type]
    assert found == Timeline.of((45, 60))
    assert dead_line.measure(CALL, {"agent": Timeline()}, {"agent": Span(0, 60)}) == Timeline()
