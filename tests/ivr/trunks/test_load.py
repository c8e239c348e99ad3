"""`trunks.yaml`: what it says, what is wrong with it, and that passwords show nowhere."""

from __future__ import annotations

import ipaddress
import json
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from clearline.settings import SettingsError, secret
from ivr.line import LineError, LineSettings
from ivr.trunks import TrunkError
from ivr.trunks.load import load_trunks
from ivr.trunks.schema import file_schema
from tests.ivr.test_flow_commands import ivr

WHOLE = """
trunks:
  example:
    registrar: 127.0.0.1:5080
    user: "442079460123"
    password: {env: TRUNK_TEST_PASSWORD}
    transport: tls
    srtp: mandatory
    codecs: [pcma, G722]
    keys: rfc4733
    session_timer: off
    prack: required
    expires: 2m
    from: [198.51.100.0/24, 2001:db8::/64]
    country: GB
    caller_id: "+442079460123"
    numbers:
      "020 7946 0123": {flow: sales, hours: office, closed: night}
  pbx: {domain: pbx.example:5080, from: 10.0.0.9}
numbers:
  "+4420*": {flow: flows/support.yaml, ring: 2s, announce: hello}
  default: reception
hours:
  office: {zone: Europe/London, week: {mon-fri: 09:00-17:00}}
listen: {tcp: 5060, ipv6: 2001:db8::5}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows/support.yaml").write_text("flow: a\nlanguages: [en]\nnodes:\n  bye: {end: goodbye}\n")
    (tmp_path / "trunks.yaml").write_text(WHOLE.replace('"020 7946 0123"', '"02079460123"'))
    return tmp_path / "trunks.yaml"


def test_everything_that_may_be_written(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUNK_TEST_PASSWORD", "open sesame")
    read = load_trunks(file)
    example, pbx = read.trunks
    assert (example.password, example.codecs, example.session_timer_s) == ("open sesame", ("PCMA", "G722"), 0.0)
    assert (example.keys, example.prack, example.expires_s, example.srtp) == ("rfc4733", "required", 120.0, "mandatory")
    assert example.uri("+47") == "sip:+47@127.0.0.1:5080;transport=tls"
    assert pbx.origins == (ipaddress.ip_network("10.0.0.9"),) and not pbx.registers
    assert {number.pattern: number.flow for number in read.numbers} == {
        "+4420*": str(file.parent / "flows/support.yaml"),
        "default": "reception",
        "+442079460123": "sales",
    }
    assert (read.listen.tcp, read.listen.ipv6, read.listen.of_cell(2).tcp) == (5060, "2001:db8::5", 5062)
    assert "open sesame" not in repr(read) + str(read) + repr(LineSettings(trunks=read))


def test_a_registered_trunks_calls_come_from_its_registrar_unless_it_is_said(file: Path) -> None:
    file.write_text("trunks:\n  a: {registrar: '127.0.0.1:5080', user: a}\n")
    read = load_trunks(file)
    assert read.trunks[0].origins == (ipaddress.ip_network("127.0.0.1"),)
    assert read.may_ring("127.0.0.1") and not read.may_ring("127.0.0.2") and not read.may_ring("nonsense")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "trunks:\n  a: {registrar: x, usr: 1}\n",
            "trunks.yaml:2:21: error: there is no 'usr' here. Fix: did you mean 'user'?",
        ),
        (
            "trunks:\n  a: {registrar: 'sip:x', user: a}\n",
            "2:18: error: 'registrar': expected the name or address of a server",
        ),
        ("trunks:\n  a: {registrar: 127.0.0.1}\n", "2:3: error: the trunk 'a' has a registrar and no user"),
        ("trunks:\n  a: {user: a}\n", "says neither whom to ring nor who rings"),
        ("trunks:\n  a: {domain: x, from: 1.2.3.4, srtp: mandatory}\n", "keys of its SRTP in the clear over udp"),
        ("trunks:\n  a: {domain: x, from: 1.2.3.4, ipv6: true}\n", "uses IPv6 and the line has no IPv6 address"),
        ("trunks:\n  a: {domain: x, from: 1.2.3.4, codecs: [opus]}\n", "'opus' is no codec of this line"),
        ("trunks:\n  a: {domain: x, from: here}\n", "expected addresses or networks, found 'here'"),
        ("trunks:\n  a: {domain: x, from: 1.2.3.4, transport: ws}\n", "'ws' is no choice. Fix: write udp, tcp or tls"),
        (
            "trunks:\n  a: {domain: x, from: 1.2.3.4, session_timer: 20s}\n",
            "'20s' is too short. Fix: write 90s or more",
        ),
        ("trunks:\n  a: {domain: x, from: 1.2.3.4, country: XX}\n", "no numbering plan is known for 'XX'"),
        ("trunks:\n  a: {domain: x, from: 1.2.3.4, trust: none.pem}\n", "none.pem. Fix: name the file"),
        ("trunks:\n  a: {domain: x, from: 1.2.3.4, password: {}}\n", "say once where the password stands"),
        (
            "trunks:\n  a: {domain: x, from: 1.2.3.4, password: {env: NOT_SET}}\n",
            "the variable NOT_SET is empty or not set",
        ),
        ("trunks:\n  a: {domain: x, from: 1.2.3.4, password: {file: no}}\n", "cannot be read: No such file"),
        ("numbers:\n  12ab: x\n", "2:3: error: '12ab' is no number"),
        (
            "numbers:\n  '100': {flow: x, hours: offce}\nhours:\n  office: {week: {mon: closed}}\n",
            "did you mean 'office'?",
        ),
        ("numbers:\n  '100': {flow: x, closed: y}\n", "but not when that is. Fix: add `hours:`"),
        ("numbers:\n  '100': none.yaml\n", "there is no file"),
        ("numbers:\n  '100': {}\n", "'flow' is missing"),
        ("listen: {tls: 5061}\n", "callers who open TLS need to see a certificate"),
        ("listen: {tcp: x}\n", "expected a port, found 'x'"),
        ("", "the file is empty"),
        ("trunks: [\n", "this is not YAML"),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_the_remedy(file: Path, text: str, told: str) -> None:
    file.write_text(text)
    with pytest.raises(TrunkError) as refused:
        load_trunks(file)
    assert told in str(refused.value)


def test_a_password_in_the_file_is_refused_and_not_repeated(file: Path) -> None:
    file.write_text("trunks:\n  a: {registrar: 127.0.0.1, user: a, password: swordfish}\n")
    with pytest.raises(TrunkError) as refused:
        load_trunks(file)
    assert "a password is not written here" in str(refused.value) and "swordfish" not in str(refused.value)


def test_secrets_are_read_from_a_file_s_first_line(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("open sesame\nmore\n")
    assert secret(file=tmp_path / "password") == "open sesame"
    (tmp_path / "password").write_text("\n")
    with pytest.raises(SettingsError, match="is empty or not set"):
        secret(file=tmp_path / "password")


def test_the_schema_takes_what_the_loader_takes(file: Path) -> None:
    schema = json.loads(json.dumps(file_schema()))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    written = YAML(typ="safe").load(file.read_text())
    assert list(validator.iter_errors(written)) == []
    written["trunks"]["example"]["srtp"] = "sometimes"
    assert list(validator.iter_errors(written))


def test_the_commands(file: Path) -> None:
    assert ivr("numbers", "check", str(file))[0] == 0
    code, told, _ = ivr(
        "numbers", "explain", "02079460123", "--trunk", "example", "--trunks", str(file), "--at", "2026-12-24 23:00"
    )
    assert code == 0 and told.startswith(
        "+442079460123: night, because +442079460123 is listed of the trunk 'example', and"
    )
    code, told, _ = ivr("numbers", "explain", "+442011", "--trunks", str(file), "--json")
    facts = json.loads(told)
    assert (code, facts["pattern"], facts["announce"]) == (0, "+4420*", "hello")
    code, _, error = ivr("numbers", "explain", "1", "--trunks", str(file), "--trunk", "exmple")
    assert code == 2 and "there is no such trunk; the file has: example, pbx" in error
    code, _, error = ivr("numbers", "explain", "1", "--trunks", str(file), "--at", "soon")
    assert code == 2 and error.startswith("--at 'soon' is no time")
    file.write_text("numbers:\n  '100': flows/support.yaml\n")
    assert ivr("numbers", "explain", "5", "--trunks", str(file))[0] == 1
    (file.parent / "flows/support.yaml").write_text("flow: a\n")
    code, told, _ = ivr("numbers", "check", str(file))
    assert code == 1 and "support.yaml" in told
    code, schema, _ = ivr("numbers", "schema")
    assert code == 0 and json.loads(schema)["title"] == "Trunks and numbers"


def test_a_target_needs_a_trunk_that_exists() -> None:
    with pytest.raises(LineError, match="target 'service': tel:\\+47;trunk=no: there are no trunks"):
        LineSettings(targets={"service": "tel:+47;trunk=no"})
