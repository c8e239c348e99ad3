from __future__ import annotations

import numpy as np
import pytest

from speechqa.conversation import Conversation
from speechqa.measures import latency, level, listening
from speechqa.timeline import Timeline
from tests.speechqa.measures.talks import ENGLISH, talk

RATE = 8000


def test_latency_is_median_and_ninetieth_percentile() -> None:
    conversation = talk(
        [
            ("customer", 0.0, "It broke today."), ("agent", 1.4, "Which one?"),
            ("customer", 3.0, "The old one."), ("agent", 4.9, "I see it."),
            ("customer", 6.8, "Can you help?"), ("agent", 9.2, "Yes we can."),
        ]
    )  # fmt: skip
    found = latency.measure(conversation, ENGLISH)
    assert (found.median_s, found.answers) == (pytest.approx(1.0), 3)
    assert found.p90_s == pytest.approx(1.4)


def test_backchannels_and_interruptions_are_no_answers() -> None:
    lines = [
        ("customer", 0.0, "It broke on Monday and then once more on Friday."),
        ("agent", 1.0, "Mm-hmm."),
        ("agent", 1.9, "No that is not what I have here."),
    ]
    assert latency.measure(talk(lines), ENGLISH) == latency.Latency(None, None, 0)  # type: ignore[arg-type]


def test_talk_share_and_monologue() -> None:
    conversation = talk([("agent", 0.0, "one two three"), ("customer", 1.0, "four."), ("agent", 5.0, "five six.")])
    found = listening.measure(conversation, "agent")
    assert found.talk_share == pytest.approx(5 / 6)
    assert found.longest_monologue is not None
    assert found.longest_monologue.duration_s == pytest.approx(0.9)
    assert listening.measure(Conversation(3.0, "en", {}), "agent") == listening.Listening(None, None)


def test_a_tone_in_noise() -> None:
    generator = np.random.default_rng(1)
    noise = generator.normal(0, 0.001, 10 * RATE)
    tone = np.zeros(10 * RATE)
    tone[2 * RATE : 6 * RATE] = 0.1 * np.sin(2 * np.pi * 440 * np.arange(4 * RATE) / RATE)
    found = level.measure(iter(np.split(noise + tone, 20)), RATE, Timeline.of((0, 2), (6.5, 10)))
    assert found.active_level_dbov == pytest.approx(-23, abs=0.3)  # 20 log10 0.1 - 3
    assert found.noise_dbov == pytest.approx(-60, abs=0.3)
    assert found.snr_db == pytest.approx(37, abs=0.5)
    assert found.clipped_ratio == 0


def test_clipping_is_the_share_of_samples_at_the_limit() -> None:
    loud = np.clip(2 * np.sin(2 * np.pi * 200 * np.arange(RATE) / RATE), -1, 1)
    assert level.measure([loud], RATE, Timeline()).clipped_ratio == pytest.approx(2 / 3, abs=0.02)
    peaks = np.zeros(RATE)
    peaks[::100] = 1.0  # single peaks are not clipped
    assert level.measure([peaks], RATE, Timeline()).clipped_ratio == 0


def test_the_noise_is_heard_only_in_the_quiet() -> None:
    samples = np.concatenate([np.full(RATE, 0.5), np.full(RATE, 0.01)]) * np.resize([1, -1], 2 * RATE)
    assert level.measure([samples], RATE, Timeline.of((1, 2))).noise_dbov == pytest.approx(-40, abs=0.1)
    assert level.measure([samples], RATE, Timeline.of((11, 12)), offset_s=10.0).noise_dbov == pytest.approx(
        -40, abs=0.1
    )


def test_silence_and_nothing() -> None:
    silent = level.measure([np.zeros(RATE)], RATE, Timeline.of((0, 1)))
    assert silent == level.Level(None, level.NOISE_MIN_DBOV, None, 0.0, 0.0)
    assert level.measure([], RATE, Timeline()) == level.Level(None, None, None, None)


def test_one_way() -> None:
    def call(agent_s: float, customer_s: float, duration_s: float = 30.0) -> bool:
        speech = {"agent": Timeline.of((0, agent_s)), "customer": Timeline.of((0, customer_s))}
        return level.one_way(Conversation(duration_s, "en", speech))  # type: ignore[arg-type]

    assert call(10.0, 0.1)
    assert call(0.0, 7.0)
    assert not call(10.0, 5.0)
    assert not call(1.0, 0.0)
    assert not call(10.0, 0.0, 12.0)


def test_quiet_is_where_nothing_sounds() -> None:
    conversation = Conversation(
        10.0, "en", {"agent": Timeline.of((1, 2)), "customer": Timeline.of((4, 5))}, announcements=Timeline.of((7, 8))
    )
    assert level.quiet_of(conversation) == Timeline.of((0, 0.85), (2.15, 3.85), (5.15, 6.85), (8.15, 10))
