"""Containers that libsndfile does not read: what phones, browsers and older recorders write, whole and broken."""

from __future__ import annotations

import hashlib
import wave
from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
import pytest

from speechqa.audio import Samples, audio_inside, open_audio
from speechqa.errors import RecordingUnreadable, RecordingUnsupported
from speechqa.recording import load_recording
from speechqa.timeline import Span
from tests.speechqa.sounds import noise

RATE_HZ = 16_000
KINDS = [
    ("call.m4a", "aac", None),
    ("call.m4a", "alac", None),
    ("call.3gp", "aac", None),
    ("call.webm", "libopus", None),
    ("call.mka", "libopus", "matroska"),
    ("call.wma", "wmav2", "asf"),
    ("call.aac", "aac", "adts"),
    ("call.caf", "alac", "caf"),
]
BIT_RATES = {"wmav2": 64_000, "g723_1": 6_300}


def encode(
    path: Path,
    codec: str,
    *sides: Samples,
    container: str | None = None,
    rate_hz: int = RATE_HZ,
    gap: tuple[float, float] = (0.0, 0.0),
    options: dict[str, str] | None = None,
) -> Path:
    """Sound as a container; ``gap``: from when on (s) the container's clock is so many seconds late."""
    layout = {1: "mono", 2: "stereo", 6: "5.1"}[len(sides)]
    with av.open(str(path), "w", format=container, options=options or {}) as out:
        track = out.add_stream(codec, rate=rate_hz, layout=layout)
        if codec in BIT_RATES:
            track.bit_rate = BIT_RATES[codec]
        whole = (np.stack(sides, axis=1) * 32767).astype(np.int16)
        pace = rate_hz // 50
        for begin in range(0, len(whole), pace):
            frame = av.AudioFrame.from_ndarray(whole[begin : begin + pace].reshape(1, -1), "s16", layout)
            frame.sample_rate = rate_hz
            frame.pts = begin
            for packet in track.encode(frame):
                out.mux(_later(packet, gap))
        for packet in track.encode(None):
            out.mux(_later(packet, gap))
    return path


def _later(packet: av.Packet, gap: tuple[float, float]) -> av.Packet:
    if packet.pts is not None and packet.time_base and packet.pts * packet.time_base >= gap[0]:
        packet.pts += round(gap[1] / packet.time_base)
        packet.dts = packet.pts
    return packet


def bursts_at(*at_s: float, duration_s: float = 4.0) -> Samples:
    """Silence with half a second of noise at each place."""
    sound = np.zeros(round(duration_s * RATE_HZ), np.float32)
    for number, begin in enumerate(at_s):
        sound[round(begin * RATE_HZ) :][: RATE_HZ // 2] = noise(0.5, -15, rate_hz=RATE_HZ, seed=number)
    return sound


def loud_from(samples: Samples, rate_hz: int) -> Sequence[float]:
    """When each loud stretch begins, seconds."""
    power = np.array([np.mean(part**2) for part in np.array_split(samples, len(samples) // (rate_hz // 100))])
    loud = power > 10 ** (-30 / 10)
    return [index / 100 for index in np.flatnonzero(loud[1:] & ~loud[:-1]) + 1]


@pytest.mark.parametrize(("name", "codec", "container"), KINDS)
def test_every_side_is_heard_when_it_spoke(tmp_path: Path, name: str, codec: str, container: str | None) -> None:
    path = encode(tmp_path / name, codec, bursts_at(0.5, 2.5), bursts_at(1.5), container=container)
    recording = load_recording(path)
    assert (recording.layout, recording.notes) == ("stereo", ())
    assert recording.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    priming_s = 0.15 if container in ("adts", "asf") else 0.03
    customer = recording.lanes["customer"].samples(RATE_HZ)
    assert loud_from(customer, RATE_HZ) == pytest.approx([0.5, 2.5], abs=priming_s)
    assert loud_from(recording.lanes["agent"].samples(RATE_HZ), RATE_HZ) == pytest.approx([1.5], abs=priming_s)
    assert recording.duration_s == pytest.approx(4.0, abs=0.2)
    part = recording.lanes["customer"].read(Span(2.4, 3.1), RATE_HZ)
    assert np.allclose(part[800:-800], customer[round(2.4 * RATE_HZ) :][: len(part)][800:-800], atol=0.02)


@pytest.mark.parametrize(("codec", "name"), [("g723_1", "call.wav"), ("libopencore_amrnb", "call.amr")])
def test_telephone_codecs_are_heard(tmp_path: Path, codec: str, name: str) -> None:
    sound = bursts_at(1.0, 3.0)[::2].copy()
    audio = open_audio(encode(tmp_path / name, codec, sound, rate_hz=8000))
    assert (audio.channels, audio.sample_rate_hz) == (1, 8000)
    assert loud_from(np.concatenate(list(audio.blocks(0))), 8000) == pytest.approx([1.0, 3.0], abs=0.05)


def test_time_without_sound_is_silence_and_keeps_its_length(tmp_path: Path) -> None:
    """A browser sends nothing while nobody speaks: what follows must stand where it was said."""
    path = encode(tmp_path / "call.webm", "libopus", bursts_at(0.5, 2.5), bursts_at(1.2), gap=(2.0, 3.0))
    audio = open_audio(path)
    assert loud_from(np.concatenate(list(audio.blocks(0, RATE_HZ))), RATE_HZ) == pytest.approx([0.5, 5.5], abs=0.03)
    assert audio.notes == (f"{path}: 3.0 s were not recorded and stand as silence.",)


def test_bytes_inside_a_record_are_decoded_too(tmp_path: Path) -> None:
    content = encode(tmp_path / "call.webm", "libopus", bursts_at(0.5)).read_bytes()
    assert audio_inside("the recording", content).duration_s == pytest.approx(4.0, abs=0.05)


def test_the_copy_goes_with_the_recording(tmp_path: Path) -> None:
    audio = open_audio(encode(tmp_path / "call.m4a", "aac", bursts_at(0.5)))
    assert audio.copy is not None and (copy := audio.copy.path).exists()
    del audio
    assert not copy.exists()


def test_a_cut_file_is_read_as_far_as_it_goes_or_refused_with_the_reason(tmp_path: Path) -> None:
    whole = encode(tmp_path / "call.webm", "libopus", noise(20, -20, rate_hz=RATE_HZ))
    whole.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    audio = open_audio(whole)
    assert audio.duration_s == pytest.approx(10.0, abs=1.0)
    assert "ends early" in audio.notes[-1]
    index_last = encode(tmp_path / "call.m4a", "aac", noise(20, -20, rate_hz=RATE_HZ))
    index_last.write_bytes(index_last.read_bytes()[: index_last.stat().st_size // 2])
    with pytest.raises(RecordingUnreadable, match="its end, where such files keep their index, is missing") as caught:
        open_audio(index_last)
    assert "\n" not in str(caught.value)


def test_damaged_packets_are_told_and_the_rest_keeps_its_time(tmp_path: Path) -> None:
    sides = (bursts_at(0.5, 9.0, duration_s=10.0), noise(10, -30, rate_hz=RATE_HZ))
    path = encode(tmp_path / "call.m4a", "alac", *sides, options={"movflags": "faststart"})
    content = bytearray(path.read_bytes())
    at = len(content) // 2
    content[at : at + 20_000] = bytes(20_000)
    path.write_bytes(content)
    audio = open_audio(path)
    assert loud_from(np.concatenate(list(audio.blocks(0, RATE_HZ))), RATE_HZ)[-1] == pytest.approx(9.0, abs=0.05)
    assert any("could not be decoded" in note for note in audio.notes)


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("call.m4a", b"\x00\x00\x00\x20ftypM4A "),
        ("call.webm", b"\x1a\x45\xdf\xa3webm"),
        ("call.wma", b"\x30\x26\xb2\x75\x8e\x66\xcf\x11"),
        ("call.aac", b"\xff\xf1"),
    ],
)
def test_a_container_with_nothing_behind_its_name_is_one_sentence(tmp_path: Path, name: str, head: bytes) -> None:
    for rest in (b"", bytes(3000), np.random.default_rng(3).bytes(3000)):
        (tmp_path / name).write_bytes(head + rest)
        with pytest.raises((RecordingUnreadable, RecordingUnsupported)) as caught:
            open_audio(tmp_path / name)
        assert "\n" not in str(caught.value) and str(tmp_path / name) in str(caught.value)


def test_an_amr_file_without_frames_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "call.amr").write_bytes(b"#!AMR\n")
    with pytest.raises(RecordingUnreadable, match=r"no sound|cannot be read"):
        open_audio(tmp_path / "call.amr")


def test_a_video_is_named_as_one_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "meeting.mp4"
    with av.open(str(path), "w") as out:
        picture, sound = out.add_stream("mpeg4", rate=10), out.add_stream("aac", rate=RATE_HZ, layout="mono")
        picture.width = picture.height = 64
        picture.pix_fmt = "yuv420p"
        for _ in range(10):
            out.mux(picture.encode(av.VideoFrame(64, 64, "yuv420p")))
        out.mux(picture.encode(None))
        out.mux(sound.encode(None))
    with pytest.raises(RecordingUnsupported, match=r"moving pictures.*ffmpeg -i"):
        open_audio(path)


def test_six_channels_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingUnsupported, match="has 6 channels"):
        open_audio(encode(tmp_path / "room.m4a", "aac", *[bursts_at(0.5)] * 6))


def test_a_wav_with_a_codec_that_nobody_knows_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(bytes(16_000))
    content = bytearray(path.read_bytes())
    content[20:22] = b"\xfe\x7f"
    path.write_bytes(content)
    with pytest.raises(RecordingUnreadable, match="is not a sound file that can be read"):
        open_audio(path)
