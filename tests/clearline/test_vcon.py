"""The call record: known documents of the working group, the schema, and what is refused."""

import base64
import gzip
import json
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearline.vcon import (
    CALL_SUMMARY,
    Attachment,
    Dialog,
    Party,
    PartyHistory,
    Vcon,
    VconEncrypted,
    VconError,
    VconUnreadable,
    VconUnsupported,
    content_hash,
    new_uuid,
    parse_vcon,
    read_vcon,
    write_vcon,
)

SUITE = Path(__file__).parents[3] / "shared/suites/vcon"
EXAMPLES = sorted((SUITE / "examples").glob("*.vcon"))
START = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
needs_suite = pytest.mark.skipif(not EXAMPLES, reason="the working group's vCon examples are not here")

moments = st.datetimes(min_value=datetime(2020, 1, 1), timezones=st.just(UTC))


def a_call() -> Vcon:
    return Vcon(
        uuid=new_uuid("line.example"),
        created_at=START,
        parties=[Party(sip="sip:anna@example.org", type="person"), Party(name="Clearline", type="bot")],
        dialog=[
            Dialog(
                type="recording-set",
                start=START,
                duration=12.5,
                parties=[0, 1],
                recordings=[1],
                party_history=[
                    PartyHistory(party=0, time=START, event="join"),
                    PartyHistory(party=0, time=START + timedelta(seconds=2), event="keydown", button="1"),
                ],
            ),
            Dialog(
                type="recording",
                start=START,
                duration=12.5,
                parties=[0],
                recording_set=0,
                filename="caller.wav",
                mediatype="audio/x-wav",
                content_hash="sha512-x",
            ),
        ],
        attachments=[
            Attachment(
                purpose=CALL_SUMMARY,
                start=START,
                party=1,
                dialog=0,
                encoding="json",
                body={"call_id": "c1", "flow": "support", "flow_hash": "h", "language": "en", "hung_up": "customer"},
            )
        ],
    )


def schema_faults(document: object) -> list[str]:
    from jsonschema import Draft7Validator

    schema = json.loads((SUITE / "vcon_json_schema.json").read_text())
    checker = Draft7Validator(schema, format_checker=Draft7Validator.FORMAT_CHECKER)
    return [fault.message for fault in checker.iter_errors(document)]


@needs_suite
def test_what_we_write_satisfies_the_working_groups_schema():
    assert schema_faults(a_call().to_json()) == []


def test_a_record_comes_back_as_it_was_written(tmp_path):
    write_vcon(tmp_path / "call.vcon.json", a_call())
    again = read_vcon(tmp_path / "call.vcon.json")
    assert again.to_json() == a_call().to_json() | {"uuid": again.uuid}
    assert again.summary is not None and again.summary.hung_up == "customer"
    assert [p.name for p in tmp_path.iterdir()] == ["call.vcon.json"], "no temporary file stays behind"


REFUSED = {
    "ab_call_ext_rec_encrypted.vcon": VconEncrypted,
    "simple-vcon.vcon": VconUnreadable,
}


@needs_suite
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_the_working_groups_examples_are_read_or_refused_plainly(path):
    if path.name in REFUSED:
        with pytest.raises(REFUSED[path.name], match=path.name):
            read_vcon(path)
        return
    vcon = read_vcon(path)
    document = json.loads(path.read_text())
    unsigned = json.loads(base64.urlsafe_b64decode(document["payload"] + "==")) if "payload" in document else document
    assert [p.name for p in vcon.parties] == [p.get("name") for p in unsigned["parties"]]
    assert [d.type for d in vcon.dialog] == [d["type"] for d in unsigned["dialog"]]
    assert parse_vcon(json.dumps(vcon.to_json())).to_json() == vcon.to_json()
    for dialog, given_dialog in zip(vcon.dialog, unsigned["dialog"], strict=True):
        assert dialog.start == datetime.fromisoformat(given_dialog["start"])


@needs_suite
def test_the_inline_recording_of_the_examples_decodes_to_its_file():
    dialog = read_vcon(SUITE / "examples/ab_call_int_rec.vcon").dialog[0]
    audio = dialog.inline_bytes()
    assert audio is not None and len(audio) > 5_000
    assert dialog.filename is not None and dialog.encoding == "base64url"


def test_unknown_members_survive():
    vcon = parse_vcon('{"parties": [{"name": "A", "x-crm": {"id": 7}}], "group": [1]}')
    assert vcon.to_json()["parties"][0]["x-crm"] == {"id": 7}
    assert vcon.to_json()["group"] == [1]


@pytest.mark.parametrize(
    ("text", "kind", "says"),
    [
        ("", VconUnreadable, "not JSON"),
        ("{", VconUnreadable, "not JSON"),
        ("[" * 100_000, VconUnreadable, "not JSON"),
        ("[]", VconUnreadable, "not an object"),
        ("{}", VconUnreadable, "no vCon"),
        ('{"parties": 3}', VconUnreadable, "parties"),
        ('{"dialog": [{"type": "recording", "start": "yesterday"}]}', VconUnreadable, r"dialog\.0\.start"),
        ('{"dialog": [{"type": "dance", "start": "2026-01-01T00:00:00Z"}]}', VconUnreadable, r"dialog\.0\.type"),
        ('{"dialog": [{"type": "text", "start": "2026-01-01T00:00:00"}]}', VconUnreadable, "timezone"),
        ('{"parties": [], "critical": ["lawful-basis"]}', VconUnsupported, "lawful-basis"),
        ('{"ciphertext": "x", "recipients": []}', VconEncrypted, "encrypted"),
        ('{"payload": 3, "signatures": []}', VconUnreadable, "payload"),
        ('{"payload": "H4sIAAAA", "signatures": []}', VconUnreadable, "gzipped"),
    ],
)
def test_what_is_no_call_record_is_refused_in_one_sentence(text, kind, says):
    with pytest.raises(kind, match=says) as caught:
        parse_vcon(text, "x.vcon")
    assert "x.vcon" in str(caught.value) and "\n" not in str(caught.value)


def test_the_signed_form_may_be_gzipped():
    inner = gzip.compress(json.dumps(a_call().to_json()).encode())
    signed = {"payload": base64.urlsafe_b64encode(inner).decode().rstrip("="), "signatures": [{}]}
    assert parse_vcon(json.dumps(signed)).dialog == a_call().dialog


def test_a_record_without_identity_is_not_written(tmp_path):
    with pytest.raises(VconError, match="uuid"):
        write_vcon(tmp_path / "x.json", a_call().model_copy(update={"uuid": None}))
    assert list(tmp_path.iterdir()) == []


def test_content_hash_is_sha512_in_base64url(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")  # FIPS 180-2 appendix C.1
    assert content_hash(tmp_path / "a") == (
        "sha512-3a81oZNherrMQXNJriBBMRLm-k6JqX6iCp7u5ktV05ohkpkqJ0_BqDa6PCOj_uu9RU1EI2Q86A4qmslPpUyknw"
    )


def test_uuids_are_version_8_and_carry_their_millisecond():
    made = uuid.UUID(new_uuid("cell-1.example.org", at_ns=1_700_000_000_123_456_789))
    assert made.version == 8 and made.variant == uuid.RFC_4122
    assert made.int >> 80 == 1_700_000_000_123


@given(st.integers(0, 2**47 * 1_000_000), st.integers(1, 10**12))
def test_later_uuids_of_one_writer_never_sort_before(at_ns, later):
    assert new_uuid("a", at_ns) <= new_uuid("a", min(at_ns + later, 2**47 * 1_000_000))


@given(moments, st.floats(0, 1e6), st.text(max_size=20))
def test_any_record_comes_back(moment, duration, name):
    vcon = Vcon(
        uuid="u",
        created_at=moment.replace(microsecond=moment.microsecond // 1000 * 1000),
        parties=[Party(name=name)],
        dialog=[
            Dialog(type="recording", start=moment, duration=duration, parties=[[0]], url="https://example.org/a.wav")
        ],
    )
    assert parse_vcon(json.dumps(vcon.to_json())).to_json() == vcon.to_json()
