"""What a command was told and what is set, as the settings of one line; options win."""

from __future__ import annotations

from pathlib import Path

from clearline.settings import Settings
from ivr.admission import AdmissionLimits
from ivr.line import LineSettings, check_uri, parse_allow, parse_bind, parse_targets
from ivr.tolls import TollLimits
from ivr.trunks.load import load_trunks
from ivr.trunks.model import Trunks


def line_settings(
    settings: Settings,
    bind: str | None,
    target: list[str] | None,
    allow: list[str] | None,
    public_url: str | None,
    legs: int,
    vanish: float,
    rtp_port: int,
    sip_log: Path | None,
    trunks: Path | None = None,
) -> LineSettings:
    """Raises LineError and TrunkError."""
    host, port = parse_bind(bind or settings.line.bind)
    named = {name: check_uri(uri) for name, uri in settings.line.targets.items()}
    file = trunks or settings.line.trunks
    return LineSettings(
        host=host,
        port=port,
        calls=settings.calls,
        targets={**named, **parse_targets(target or [])},
        allow=parse_allow(allow or settings.line.allow),
        legs=legs,
        vanish_s=vanish,
        rtp_port=rtp_port,
        url=public_url or settings.line.public_url,
        sip_log=sip_log,
        one_way=settings.line.one_way,
        pause_key=settings.line.pause_key,
        audio_from=settings.line.audio_from,
        per_source=AdmissionLimits(settings.line.per_source_calls, settings.line.per_source_rate),
        tolls=TollLimits(**settings.line.calls_out.model_dump()),
        services=settings.line.services,
        vosk_model=settings.vosk_model,
        language=settings.line.language,
        languages=settings.line.languages,
        trunks=load_trunks(file) if file is not None else Trunks(),
    )


def host_and_port(text: str) -> str:
    """The same with the port written out; empty stays empty. Raises LineError."""
    return ":".join(map(str, parse_bind(text))) if text else ""
