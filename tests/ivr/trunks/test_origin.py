"""Whose call it is, whom to ring, which codecs: read from requests and descriptions."""

from __future__ import annotations

import ipaddress
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.trunks.dialling import dialled
from ivr.trunks.model import Trunk, Trunks
from ivr.trunks.numbers import Number
from ivr.trunks.origin import SOURCE_HEADER, arrival, origin
from ivr.trunks.sdp import only_codecs

SHARED = (ipaddress.ip_network("198.51.100.0/24"),)
TRUNKS = Trunks(
    (
        Trunk("uk", registrar="sip.example.net", user="uk-account", origins=SHARED, country="GB"),
        Trunk("no", registrar="sip.example.net", user="no-account", origins=SHARED, country="NO"),
        Trunk("peer", domain="pbx.example", origins=(ipaddress.ip_network("2001:db8::/64"),)),
    ),
    (Number("+4722334455", "flow", trunk="no"),),
)


def invite(requested: str, to: str) -> str:
    return f"INVITE {requested} SIP/2.0\r\nVia: SIP/2.0/UDP x\r\nFrom: <sip:a@b>;tag=1\r\nTo: {to}\r\n\r\n"


@pytest.mark.parametrize(
    ("source", "requested", "to", "trunk", "called"),
    [
        ("198.51.100.7", "sip:uk-account@192.0.2.4", '"X" <sip:02079460123@x>', "uk", "+442079460123"),
        ("198.51.100.7", "sip:no-account@192.0.2.4:5060;ob", "<sip:+4722334455@x>", "no", "+4722334455"),
        ("198.51.100.7", "sip:22334455@192.0.2.4", "<sip:22334455@x>", "no", "+4722334455"),
        ("198.51.100.7", "sip:02079460155@192.0.2.4", "<sip:1@x>", "uk", "+442079460155"),
        ("2001:db8::9", "sip:100@[2001:db8::1]", "sip:100@x", "peer", "100"),
        ("203.0.113.1", "sip:support@192.0.2.4", "<sip:support@x>", "", "support"),
        ("203.0.113.1", "tel:+442079460123", "<tel:+442079460123>", "", "+442079460123"),
        ("203.0.113.1", "sip:192.0.2.4", "<sip:192.0.2.4>", "", ""),
    ],
)
def test_whose_call_it_is(source: str, requested: str, to: str, trunk: str, called: str) -> None:
    found = arrival(TRUNKS, source, invite(requested, to))
    assert (found.trunk_name, found.called) == (trunk, called)


def test_a_front_tells_whence_a_call_came() -> None:
    said = invite("sip:1@x", "<sip:1@x>").replace("From:", f"{SOURCE_HEADER}: 198.51.100.7\r\nFrom:")
    assert (origin("10.0.0.4", said), origin("10.0.0.4", invite("sip:1@x", "x"))) == ("198.51.100.7", "10.0.0.4")


@given(st.text(max_size=200), st.sampled_from(["198.51.100.7", "", "no address", "::1"]))
def test_no_message_is_too_odd(message: str, source: str) -> None:
    arrival(TRUNKS, source, message)


@pytest.mark.parametrize(
    ("target", "uri", "trunk", "caller"),
    [
        ("sip:desk@10.0.0.9", "sip:desk@10.0.0.9", "", ""),
        ("tel:+4722334455;trunk=no", "sip:+4722334455@sip.example.net", "no", ""),
        (
            "tel:020-7946-0123;trunk=uk;caller=+441",
            "sip:+442079460123@sip.example.net",
            "uk",
            "sip:+441@sip.example.net",
        ),
    ],
)
def test_whom_to_ring(target: str, uri: str, trunk: str, caller: str) -> None:
    found = dialled(target, TRUNKS)
    assert (found.uri, found.trunk, found.caller) == (uri, trunk, caller)


@pytest.mark.parametrize(
    ("target", "trunks", "sentence"),
    [
        ("tel:+47", TRUNKS, "more than one trunk could ring it; write ;trunk=NAME with one of: uk, no, peer"),
        ("tel:+47;trunk=us", TRUNKS, "there is no trunk 'us'"),
        ("tel:+47;trunc=us", TRUNKS, "'trunc' is not known there"),
        ("tel:home", TRUNKS, "is no number to ring"),
        ("tel:+47", Trunks(), "there are no trunks"),
        ("tel:+47", Trunks((Trunk("in", origins=SHARED),)), "names no registrar, proxy or domain"),
    ],
)
def test_what_cannot_be_rung_is_one_sentence(target: str, trunks: Trunks, sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        dialled(target, trunks)


SDP = (
    "v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\ns=-\r\nc=IN IP4 1.2.3.4\r\nt=0 0\r\n"
    "m=audio 4000 RTP/AVP 0 8 96 101\r\na=rtpmap:96 G7221/16000\r\na=fmtp:96 bitrate=24000\r\n"
    "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=sendrecv\r\n"
)


def test_only_the_codecs_of_the_trunk_in_its_order_and_the_keys_events() -> None:
    cut = only_codecs(SDP, ["PCMA", "pcmu"])
    assert "m=audio 4000 RTP/AVP 8 0 101\r\n" in cut
    assert "a=rtpmap:101" in cut and "a=fmtp:101" in cut and ":96" not in cut
    assert only_codecs(cut, ["PCMA", "PCMU"]) == cut


def test_a_description_without_any_of_them_stays() -> None:
    assert only_codecs(SDP, ["G722"]) == SDP


@given(st.text(max_size=300), st.lists(st.sampled_from(["PCMU", "G722", "x"]), max_size=3))
def test_cutting_twice_is_cutting_once(text: str, codecs: list[str]) -> None:
    once = only_codecs(text, codecs)
    assert only_codecs(once, codecs) == once
