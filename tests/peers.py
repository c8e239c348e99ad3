"""The other programs that the tests talk to, where they come from, and how a test asks for one.

A test that needs a peer is marked ``@needs("sipp")``; without the peer it is skipped and the closing lines name it.
``pytest --no-skips`` (what CI runs) turns every skip into a failure.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared"

PROGRAMS = {
    "sipp": (("sipp",), "Debian: sip-tester"),
    "kamailio": (("kamailio", "/usr/sbin/kamailio"), "Debian: kamailio, kamailio-extra-modules, kamailio-tls-modules"),
    "chromium": (("chromium", "chromium-browser", "google-chrome"), "Debian: chromium"),
    "ffmpeg": (("ffmpeg",), "Debian: ffmpeg"),
}


RUSSIAN = Path("/usr/share/asterisk/sounds/ru_RU_f_IvrvoiceRU")
"""A person who speaks Russian on a telephone line."""


def program(peer: str) -> str | None:
    """The path of a peer's program, None when this machine has none."""
    names, _ = PROGRAMS[peer]
    return next((path for name in names if (path := shutil.which(name))), None)


def missing() -> dict[str, str]:
    """Each peer that this machine lacks and where to get it."""
    lacks = {peer: origin for peer, (_, origin) in PROGRAMS.items() if program(peer) is None}
    if not RUSSIAN.is_dir():
        lacks["Russian speech"] = "Debian: asterisk-core-sounds-ru-wav"
    if not SHARED.is_dir():
        lacks["measured material"] = "a folder `shared` beside the checkout: known-truth dialogues, vCon and SIP suites"
    return lacks


def needs(peer: str) -> pytest.MarkDecorator:
    """Skip a test, naming the peer, when this machine lacks it."""
    _, origin = PROGRAMS[peer]
    return pytest.mark.skipif(program(peer) is None, reason=f"{peer} is not installed ({origin})")


needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the measured material is not beside the checkout")
needs_russian = pytest.mark.skipif(
    not RUSSIAN.is_dir() or not SHARED.is_dir(), reason="no Russian speech (Debian: asterisk-core-sounds-ru-wav)"
)
