"""How good a telephone connection is by the E-model: ITU-T G.107 (06/2015), from delay, loss and codec.

R = Ro − Is − Id − Ie,eff + A, 0 … 100; MOS-CQE = 1 … 4.5 is a function of it. Everything that is not measured keeps the
default of table 3 of the recommendation: R 93.2, MOS 4.41. Delays are in milliseconds, losses in per cent, levels and
loudness ratings in dB. A narrow-band model: a wide-band codec has no value here.

`CODECS` are the equipment impairments and packet-loss robustness of ITU-T G.113 appendix I; for G.711 those
"with concealment", since the receiver conceals.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Codec:
    """Equipment impairment factor ``ie`` without loss, and robustness ``bpl`` against it."""

    ie: float
    bpl: float


CODECS: Mapping[str, Codec] = MappingProxyType(
    {
        "PCMU": Codec(0.0, 25.1),
        "PCMA": Codec(0.0, 25.1),
        "iLBC": Codec(11.0, 32.0),
        "G729": Codec(11.0, 19.0),
    }
)


@dataclass(frozen=True, slots=True)
class Connection:
    """One connection; the defaults are those of the recommendation.

    ``one_way_ms`` is the absolute delay Ta from mouth to ear, ``echo_path_ms`` the mean one-way delay T of the echo
    path, ``round_trip_ms`` the delay Tr of the four-wire loop; ``burst_ratio`` 1 is random loss; ``advantage`` is A.
    """

    one_way_ms: float = 0.0
    echo_path_ms: float = 0.0
    round_trip_ms: float = 0.0
    loss_percent: float = 0.0
    burst_ratio: float = 1.0
    codec: Codec = Codec(0.0, 4.3)
    advantage: float = 0.0
    slr: float = 8.0
    rlr: float = 2.0
    stmr: float = 15.0
    dr: float = 3.0
    ds: float = 3.0
    telr: float = 65.0
    wepl: float = 110.0
    qdu: float = 1.0
    circuit_noise_dbm: float = -70.0
    noise_floor_dbm: float = -64.0
    room_send_db: float = 35.0
    room_receive_db: float = 35.0


def rating(connection: Connection) -> float:
    """The rating R; may lie below 0 for a connection that nobody can use. Raises ValueError for negative quantities."""
    if min(connection.one_way_ms, connection.echo_path_ms, connection.round_trip_ms, connection.loss_percent) < 0:
        raise ValueError("delays and losses are not negative")
    noise = _noise(connection)
    basic = 15 - 1.5 * (connection.slr + noise)
    together = _simultaneous(connection, basic, noise)
    delayed = _echo_talker(connection, noise) + _echo_listener(connection, basic) + _delay(connection.one_way_ms)
    return basic - together - delayed - equipment(connection) + connection.advantage


def mos(r: float) -> float:
    """The mean opinion score (conversational, estimated) of a rating, 1 … 4.5; annex B of the recommendation."""
    if r <= 0:
        return 1.0
    if r >= 100:
        return 4.5
    return max(1.0, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6)  # the curve dips under 1 below R 6.5


def equipment(connection: Connection) -> float:
    """Ie,eff: what the codec and lost packets cost."""
    codec, loss = connection.codec, connection.loss_percent
    return codec.ie + (95 - codec.ie) * loss / (loss / connection.burst_ratio + codec.bpl)


def _sum_of_levels(*levels: float) -> float:
    return 10 * math.log10(sum(10 ** (level / 10) for level in levels))


def _noise(c: Connection) -> float:
    """No: circuit noise, room noise on both sides and the noise floor, in dBm0p."""
    olr = c.slr + c.rlr
    sent = c.room_send_db - c.slr - c.ds - 100 + 0.004 * (c.room_send_db - olr - c.ds - 14) ** 2
    lstr = c.stmr + c.dr
    heard = c.room_receive_db + 10 * math.log10(1 + 10 ** ((10 - lstr) / 10))
    received = c.rlr - 121 + heard + 0.008 * (heard - 35) ** 2
    return _sum_of_levels(c.circuit_noise_dbm, sent, received, c.noise_floor_dbm + c.rlr)


def _sidetone(c: Connection) -> float:
    masked = -10 * math.log10(10 ** (-c.stmr / 10) + math.exp(-c.echo_path_ms / 4) * 10 ** (-c.telr / 10))
    return (
        12 * _norm((masked - 13) / 6, 8) - 28 * _norm((masked + 1) / 19.4, 35) - 13 * _norm((masked - 3) / 33, 13) + 29
    )


def _simultaneous(c: Connection, basic: float, noise: float) -> float:
    """Is: too loud a connection, the wrong sidetone, quantising."""
    x = c.slr + c.rlr + 0.2 * (64 + noise - c.rlr)
    loud = 20 * (_norm(x / 8, 8) - x / 8)
    q = 37 - 15 * math.log10(c.qdu)
    g = 1.07 + 0.258 * q + 0.0602 * q**2
    quantising = 15 * math.log10(1 + 10 ** ((basic - 100) / 15 + 46 / 8.4 - g / 9) + 10 ** (46 / 30 - g / 40))
    return loud + _sidetone(c) + quantising


def _echo_talker(c: Connection, noise: float) -> float:
    t = c.echo_path_ms
    terv = c.telr - 40 * math.log10((1 + t / 10) / (1 + t / 150)) + 6 * math.exp(-0.3 * t**2)
    sidetone = _sidetone(c)
    terv += sidetone / 2 if c.stmr < 9 else 0.0
    gap = -1.5 * (noise - c.rlr) - (80 + 2.5 * (terv - 14))
    impairment = (gap / 2 + math.sqrt(gap**2 / 4 + 100) - 1) * (1 - math.exp(-t))
    return math.sqrt(impairment**2 + sidetone**2) if c.stmr > 20 else impairment


def _echo_listener(c: Connection, basic: float) -> float:
    gap = basic - 10.5 * (c.wepl + 7) * math.pow(c.round_trip_ms + 1, -0.25)
    return gap / 2 + math.sqrt(gap**2 / 4 + 169)


def _delay(one_way_ms: float) -> float:
    """Idd: an absolute delay of more than 100 ms."""
    if one_way_ms <= 100:
        return 0.0
    x = math.log2(one_way_ms / 100)
    return 25 * (_norm(x, 6) - 3 * _norm(x / 3, 6) + 2)


def _norm(x: float, power: int) -> float:
    """(1 + x^power)^(1/power)."""
    return math.pow(1 + x**power, 1 / power)
