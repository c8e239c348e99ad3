"""A trunk as an account of the SIP library: how it registers, secures its audio and refreshes its sessions."""

from __future__ import annotations

import pjsua2 as pj

from ivr.sip.account import SESSION_EXPIRES_S, media_of
from ivr.sip.endpoint import Endpoint
from ivr.sip.transports import Transports, way_of
from ivr.trunks.model import Trunk

_SRTP = {
    "off": pj.PJMEDIA_SRTP_DISABLED,
    "optional": pj.PJMEDIA_SRTP_OPTIONAL,
    "mandatory": pj.PJMEDIA_SRTP_MANDATORY,
}
_PRACK = {
    "off": pj.PJSUA_100REL_NOT_USED,
    "supported": pj.PJSUA_100REL_OPTIONAL,
    "required": pj.PJSUA_100REL_MANDATORY,
}
_LEAST_SESSION_S = 90
REFRESH_BEFORE_S = 10


def trunk_configuration(endpoint: Endpoint, transports: Transports, trunk: Trunk, contact: str) -> pj.AccountConfig:
    """The account of this trunk, not registered yet; ``contact`` is what a registrar is told, empty for our address."""
    config = pj.AccountConfig()
    config.idUri = f"sip:{trunk.user or 'line'}@{trunk.host or f'{endpoint.host}:{endpoint.port}'}"
    config.sipConfig.transportId = transports.of(way_of(trunk))
    if trunk.proxy:
        config.sipConfig.proxies.append(f"sip:{trunk.proxy}{trunk.parameters};lr")
    if trunk.password:
        credential = pj.AuthCredInfo("digest", trunk.realm, trunk.auth_user, 0, trunk.password)
        config.sipConfig.authCreds.append(credential)
    if contact:
        config.sipConfig.contactForced = f"sip:{trunk.user}@{contact}"
    _registration(config, trunk)
    _sessions(config, trunk)
    media_of(config, endpoint.host, endpoint.rtp_port)  # IPv4 always: the published library sends no audio over IPv6
    config.mediaConfig.srtpUse = _SRTP[trunk.srtp]
    config.mediaConfig.srtpSecureSignaling = 1 if trunk.srtp == "mandatory" else 0
    config.mediaConfig.srtpOpt.keyings.append(pj.PJMEDIA_SRTP_KEYING_SDES)
    return config


def _registration(config: pj.AccountConfig, trunk: Trunk) -> None:
    """The library refreshes a registration that holds; trying again after a failure is ours (``registration``)."""
    config.natConfig.udpKaIntervalSec = round(trunk.keep_alive_s)
    if trunk.registers:
        config.regConfig.registrarUri = f"sip:{trunk.registrar}{trunk.parameters}"
    config.regConfig.registerOnAdd = False
    config.regConfig.timeoutSec = round(trunk.expires_s)
    config.regConfig.delayBeforeRefreshSec = REFRESH_BEFORE_S
    config.regConfig.retryIntervalSec = config.regConfig.firstRetryIntervalSec = 0


def _sessions(config: pj.AccountConfig, trunk: Trunk) -> None:
    timer_s = round(trunk.session_timer_s)
    config.callConfig.timerUse = pj.PJSUA_SIP_TIMER_ALWAYS if timer_s else pj.PJSUA_SIP_TIMER_INACTIVE
    config.callConfig.timerMinSESec = _LEAST_SESSION_S
    config.callConfig.timerSessExpiresSec = timer_s or SESSION_EXPIRES_S
    config.callConfig.prackUse = _PRACK[trunk.prack]
