"""Session descriptions cut down to the codecs of a trunk, in its order. Pure: text in, text out (RFC 8866)."""

from __future__ import annotations

import re
from collections.abc import Sequence

STATIC = {"0": "PCMU", "3": "GSM", "8": "PCMA", "9": "G722", "18": "G729"}
"""Payload types that need no ``rtpmap`` (RFC 3551)."""
EVENTS = "telephone-event"
_MEDIA = re.compile(r"^(m=audio \S+ \S+)((?: \S+)+)$")
_OF_FORMAT = re.compile(r"^a=(?:rtpmap|fmtp|rtcp-fb):(\S+)")
_NAME = re.compile(r"^a=rtpmap:(\S+) ([^/\s]+)", re.MULTILINE)


def only_codecs(sdp: str, codecs: Sequence[str]) -> str:
    """The description with these codecs alone (names, any case), keys' events kept. Unchanged when none is in it."""
    names = {**STATIC, **{format: name for format, name in _NAME.findall(sdp)}}
    ranks = {codec.casefold(): rank for rank, codec in enumerate(codecs)}
    kept: list[str] = []
    wanted: frozenset[str] | None = None
    for line in sdp.replace("\r\n", "\n").split("\n"):
        media = _MEDIA.match(line)
        if media:
            formats = _chosen(media[2].split(), names, ranks)
            wanted = frozenset(formats) if formats else None
            line = f"{media[1]} {' '.join(formats)}" if formats else line
        elif line.startswith("m="):
            wanted = None
        of_format = _OF_FORMAT.match(line)
        if of_format is None or wanted is None or of_format[1] in wanted:
            kept.append(line)
    return "\r\n".join(kept)


def _chosen(formats: Sequence[str], names: dict[str, str], ranks: dict[str, int]) -> list[str]:
    """The formats in the trunk's order, the events last; empty when no codec of the trunk is among them."""

    def rank(format: str) -> int:
        return ranks.get(names.get(format, "").casefold(), len(ranks))

    codecs = sorted((format for format in formats if rank(format) < len(ranks)), key=rank)
    return [*codecs, *(each for each in formats if names.get(each) == EVENTS)] if codecs else []
