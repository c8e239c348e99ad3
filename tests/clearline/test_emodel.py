"""The E-model against values that the recommendation and its users print, then its laws."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearline.emodel import CODECS, Codec, Connection, equipment, mos, rating


def test_the_default_connection() -> None:
    assert rating(Connection()) == pytest.approx(93.2, abs=0.05)
    assert mos(rating(Connection())) == pytest.approx(4.41, abs=0.005)


@pytest.mark.parametrize(
    ("r", "score"), [(-5, 1.0), (0, 1.0), (50, 2.58), (60, 3.10), (70, 3.60), (80, 4.02), (90, 4.34)]
)
def test_scores_of_annex_b(r: float, score: float) -> None:
    assert mos(r) == pytest.approx(score, abs=0.006)
    assert mos(100) == mos(120) == 4.5


@pytest.mark.parametrize(("one_way_ms", "lost"), [(0, 0.0), (100, 0.0), (200, 3.0), (300, 14.0), (400, 24.0)])
def test_absolute_delay_alone(one_way_ms: float, lost: float) -> None:
    """G.107's curve for perfect echo control: hardly anything until 150 ms, then steeply."""
    r = rating(Connection(one_way_ms=one_way_ms))
    assert rating(Connection()) - r == pytest.approx(lost, abs=1.5)


@pytest.mark.parametrize(
    ("codec", "loss", "impairment"),
    [
        (Codec(0, 4.3), 0.0, 0.0),
        (Codec(0, 4.3), 2.0, 95 * 2 / 6.3),
        (Codec(0, 25.1), 2.0, 95 * 2 / 27.1),
        (Codec(11, 19), 3.0, 11 + 84 * 3 / 22),
    ],
)
def test_equipment_by_hand(codec: Codec, loss: float, impairment: float) -> None:
    assert equipment(Connection(codec=codec, loss_percent=loss)) == pytest.approx(impairment)


def test_bursts_of_loss_hurt_more_than_random_loss() -> None:
    random, bursty = (Connection(loss_percent=3, burst_ratio=ratio, codec=CODECS["PCMU"]) for ratio in (1.0, 4.0))
    assert rating(bursty) < rating(random)


def test_echo_hurts_more_the_later_it_comes() -> None:
    ratings = [rating(Connection(one_way_ms=t, echo_path_ms=t, round_trip_ms=2 * t)) for t in (0, 20, 50, 100, 200)]
    assert ratings == sorted(ratings, reverse=True)


@given(st.floats(0, 1000), st.floats(0, 1000), st.floats(0, 100), st.floats(0, 100))
def test_more_delay_or_loss_is_never_better(one: float, two: float, three: float, four: float) -> None:
    (short, long), (few, many) = sorted((one, two)), sorted((three, four))
    codec = CODECS["PCMA"]
    better = rating(Connection(one_way_ms=short, loss_percent=few, codec=codec))
    worse = rating(Connection(one_way_ms=long, loss_percent=many, codec=codec))
    assert worse <= better + 1e-9
    assert 1.0 <= mos(worse) <= mos(better) + 1e-9 <= 4.5 + 1e-9


def test_negative_quantities_are_refused() -> None:
    with pytest.raises(ValueError, match="not negative"):
        rating(Connection(loss_percent=-1))
