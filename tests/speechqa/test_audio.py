"""Sound files: every kind that phone systems write, and every kind of broken file."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from speechqa.audio import audio_inside, open_audio
from speechqa.errors import RecordingError, RecordingMissing, RecordingUnreadable, RecordingUnsupported
from speechqa.timeline import Span
from tests.speechqa.sounds import RATE_HZ, noise, write

KINDS = ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW", "ALAW"]


@pytest.mark.parametrize("subtype", KINDS)
def test_reads_what_phone_systems_write(tmp_path: Path, subtype: str) -> None:
    left, right = noise(2, -30, seed=1), noise(2, -20, seed=2)
    audio = open_audio(write(tmp_path / "call.wav", left, right, subtype=subtype))
    assert (audio.channels, audio.sample_rate_hz, audio.frames, audio.notes) == (2, RATE_HZ, 2 * RATE_HZ, ())
    for channel, sound in enumerate((left, right)):
        heard = np.concatenate(list(audio.blocks(channel)))
        assert np.sqrt(np.mean((heard - sound) ** 2)) < 0.05 * np.sqrt(np.mean(sound**2)) + 0.005


@pytest.mark.parametrize("name", ["call.flac", "call.ogg"])
def test_reads_compressed_files(tmp_path: Path, name: str) -> None:
    sound = noise(1, -20)
    audio = open_audio(write(tmp_path / name, sound, subtype="VORBIS" if name.endswith("ogg") else "PCM_16"))
    assert audio.duration_s == pytest.approx(1.0, abs=0.05)


def test_a_gsm_file_is_read_at_any_place(tmp_path: Path) -> None:
    audio = open_audio(write(tmp_path / "call.wav", noise(2, -20), subtype="GSM610"))
    whole = np.concatenate(list(audio.blocks(0)))
    assert audio.read(0, Span(1.0, 1.5)) == pytest.approx(whole[RATE_HZ : RATE_HZ * 3 // 2])


@pytest.mark.parametrize("rate_hz", [8000, 11025, 22050, 44100, 48000])
def test_blocks_are_resampled_without_seams(tmp_path: Path, rate_hz: int) -> None:
    at = np.arange(3 * rate_hz) / rate_hz
    tone = (0.5 * np.sin(2 * np.pi * 440 * at)).astype(np.float32)
    audio = open_audio(write(tmp_path / "tone.wav", tone, rate_hz=rate_hz, subtype="FLOAT"))
    heard = np.concatenate(list(audio.blocks(0, 16000, block_s=0.37)))
    expected = 0.5 * np.sin(2 * np.pi * 440 * np.arange(len(heard)) / 16000)
    assert len(heard) == pytest.approx(48000, abs=2)
    assert np.max(np.abs(heard - expected)[800:-800]) < 0.01


def test_a_stretch_is_what_the_whole_has_there(tmp_path: Path) -> None:
    audio = open_audio(write(tmp_path / "n.wav", noise(3, -20)))
    whole = np.concatenate(list(audio.blocks(0, 16000)))
    part = audio.read(0, Span(1.25, 1.75), 16000)
    assert len(part) == 8000
    assert np.max(np.abs(part - whole[20000:28000])) < 0.01
    assert len(audio.read(0, Span(5, 6))) == 0
    assert len(audio.read(0, Span(-1, 0.5))) == RATE_HZ // 2


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.wav", b"", "is empty"),
        ("text.wav", b"hello " * 500, "is not a sound file"),
        ("noise.wav", np.random.default_rng(3).bytes(5000), "is not a sound file"),
        ("noise.mp3", b"x" * 100_000, "is no MP3"),
        ("broken.flac", b"fLaC" + bytes(500), "is not a sound file"),
        ("headonly.wav", b"RIFF\x24\x00\x00\x00WAVEfmt ", "is not a sound file"),
    ],
)
def test_what_is_no_sound_is_refused_in_one_sentence(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(RecordingUnreadable, match=says) as caught:
        open_audio(tmp_path / name)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("head", [b"RIFF\x00\x00\x00\x00AVI LIST", b"\x00\x00\x01\xba"])
def test_a_video_is_named_as_one_with_the_way_out(tmp_path: Path, head: bytes) -> None:
    (tmp_path / "meeting.avi").write_bytes(head + bytes(100))
    with pytest.raises(RecordingUnsupported, match="ffmpeg"):
        open_audio(tmp_path / "meeting.avi")


def test_three_channels_a_silly_rate_and_no_seconds_are_refused(tmp_path: Path) -> None:
    sound = noise(1, -20)
    with pytest.raises(RecordingUnsupported, match="3 channels"):
        open_audio(write(tmp_path / "three.wav", sound, sound, sound))
    with pytest.raises(RecordingUnsupported, match="1 Hz"):
        open_audio(write(tmp_path / "slow.wav", sound, rate_hz=1))
    with pytest.raises(RecordingUnreadable, match="0 seconds"):
        open_audio(write(tmp_path / "none.wav", sound[:0]))


def test_missing_files_and_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingMissing, match="There is no file"):
        open_audio(tmp_path / "nothing.wav")
    with pytest.raises(RecordingMissing, match="is a folder"):
        open_audio(tmp_path)


def test_a_truncated_file_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = write(tmp_path / "call.wav", noise(4, -20))
    path.write_bytes(path.read_bytes()[: 2 * 2 * RATE_HZ])
    audio = open_audio(path)
    assert audio.duration_s == pytest.approx(2.0, abs=0.01)
    assert "ends early" in audio.notes[0]


def test_a_truncated_mp3_is_as_long_as_what_is_there(tmp_path: Path) -> None:
    """Its header still tells the length of the whole: nothing after the cut may count as silence."""
    path = write(tmp_path / "call.mp3", noise(20, -20), subtype="MPEG_LAYER_III")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    audio = open_audio(path)
    assert audio.duration_s == pytest.approx(10.0, abs=1.5)
    assert len(np.concatenate(list(audio.blocks(0)))) == audio.frames
    assert "ends early" in audio.notes[0]


@pytest.mark.parametrize(("name", "subtype"), [("call.flac", "PCM_16"), ("call.mp3", "MPEG_LAYER_III")])
def test_a_compressed_file_that_is_damaged_inside_is_refused_in_one_sentence(
    tmp_path: Path, name: str, subtype: str
) -> None:
    path = write(tmp_path / name, noise(20, -20), subtype=subtype)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 3] + bytes(3000) + content[len(content) // 3 + 3000 :])
    with pytest.raises(RecordingUnreadable, match=r"damaged inside|not a sound file that can be read") as caught:
        list(open_audio(path).blocks(0))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("length", [0, 0xFFFF_FFFF])
def test_a_header_that_was_never_finished_does_not_lose_the_call(tmp_path: Path, length: int) -> None:
    path = write(tmp_path / "call.wav", noise(2, -20))
    content = bytearray(path.read_bytes())
    at = content.find(b"data") + 4
    content[at : at + 4] = struct.pack("<I", length)
    path.write_bytes(content)
    audio = open_audio(path)
    assert audio.duration_s == pytest.approx(2.0)
    assert len(np.concatenate(list(audio.blocks(0)))) == 2 * RATE_HZ


@pytest.mark.parametrize("length", [5, 999, 15_000])
def test_a_header_that_promises_too_little_does_not_lose_the_call(tmp_path: Path, length: int) -> None:
    path = write(tmp_path / "call.wav", noise(2, -20))
    content = bytearray(path.read_bytes())
    at = content.find(b"data") + 4
    content[at : at + 4] = struct.pack("<I", length)
    path.write_bytes(content)
    audio = open_audio(path)
    assert audio.duration_s == pytest.approx(2.0)
    assert audio.notes == (f"{path}: its header is wrong about its length; it was read to its end.",)


@pytest.mark.parametrize("tail", [b"LIST\x0a\0\0\0INFOISFT\0\0", b"\0" * 9, b"id3 \x04\0\0\0tags"])
def test_what_stands_behind_the_sound_is_no_sound(tmp_path: Path, tail: bytes) -> None:
    path = write(tmp_path / "call.wav", noise(2, -20))
    path.write_bytes(path.read_bytes() + tail)
    audio = open_audio(path)
    assert (audio.duration_s, audio.notes) == (2.0, ())


def as_nobody(path: Path) -> str:
    """What somebody without rights is told when they open this."""
    code = f"""
import os, pathlib
from speechqa import alignment, audio, call_record, recording
from speechqa.errors import RecordingMissing
if os.geteuid() == 0:
    os.seteuid(65534)
try:
    recording.load_recording(pathlib.Path({str(path)!r}))
except RecordingMissing as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    return done.stdout.strip()


def test_what_may_not_be_read_is_one_sentence() -> None:
    """A file, what lies in a locked folder, and a locked folder."""
    with TemporaryDirectory(dir="/tmp") as name:
        room = Path(name)
        room.chmod(0o755)
        path = write(room / "call.wav", noise(1, -20))
        path.chmod(0)
        locked = room / "locked"
        locked.mkdir()
        inside = write(locked / "call.wav", noise(1, -20))
        locked.chmod(0)
        for each in (path, inside):
            assert as_nobody(each) == f"{each} may not be read by this user; give it read permission."
        assert as_nobody(locked) == f"The folder {locked} may not be read by this user; give it read permission."
        locked.chmod(0o700)


def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(RecordingUnsupported, match="is a pipe"):
        open_audio(tmp_path / "pipe")


def test_samples_that_are_not_numbers_become_silence_or_a_refusal(tmp_path: Path) -> None:
    sound = noise(1, -20)
    sound[100:200] = np.nan
    sound[300] = np.inf
    audio = open_audio(write(tmp_path / "some.wav", sound, subtype="FLOAT"))
    heard = np.concatenate(list(audio.blocks(0)))
    assert "101 samples" in audio.notes[0]
    assert np.isfinite(heard).all() and not heard[100:200].any() and heard[300] == 1.0
    with pytest.raises(RecordingUnreadable, match="damaged"):
        open_audio(write(tmp_path / "all.wav", sound * np.float32(np.nan), subtype="FLOAT"))


def test_bytes_inside_a_record_are_read_like_a_file(tmp_path: Path) -> None:
    content = write(tmp_path / "call.wav", noise(1, -20), subtype="ULAW").read_bytes()
    assert audio_inside("the recording", content).duration_s == 1.0
    with pytest.raises(RecordingError, match="the recording is empty"):
        audio_inside("the recording", b"")
