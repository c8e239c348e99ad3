"""Audio files: what is inside them, and their samples one channel and one stretch at a time.

Samples are float32 in [-1, 1] (1.0 = digital full scale), shape ``(frames,)``. Nothing here holds a whole file: a
four-hour call is read in blocks, so memory stays flat. Formats are those of libsndfile: WAV (PCM, float, mu-law, A-law,
GSM 6.10, ADPCM), FLAC, Ogg, MP3, AIFF, AU; others (M4A, WebM, WMA, AMR ...) are decoded first by
`speechqa.containers`.
"""

from __future__ import annotations

import hashlib
import io
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from speechqa.containers import Container, ReadingCopy, container_of, decode, fallback_of
from speechqa.errors import RecordingMissing, RecordingUnreadable, RecordingUnsupported
from speechqa.timeline import Span

Samples = npt.NDArray[np.float32]

LOWEST_RATE_HZ = 6_000
HIGHEST_RATE_HZ = 384_000
BLOCK_S = 20.0
RESAMPLER_MARGIN_S = 0.05
PADDING_BYTES = 16
FLOAT_SUBTYPES = ("FLOAT", "DOUBLE")
MP3_MARKS = (b"ID3", b"TAG", b"\xff", b"RIFF", b"fLaC", b"OggS", b"FORM", b".snd")


@dataclass(frozen=True, slots=True)
class AudioFile:
    """One file (or bytes that were inside a call record), checked and ready to be read.

    ``frames`` are samples per channel; ``notes`` say what was odd about it. ``copy`` is what is read in place of
    ``content`` where that cannot be read at any place.
    """

    name: str
    content: Path | bytes
    sample_rate_hz: int
    channels: int
    frames: int
    subtype: str
    notes: tuple[str, ...] = ()
    copy: ReadingCopy | None = field(default=None, compare=False, repr=False)

    @property
    def readable(self) -> Path | bytes:
        """What libsndfile reads of it."""
        return self.copy.path if self.copy else self.content

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.frames / self.sample_rate_hz

    @contextmanager
    def _opened(self) -> Iterator[soundfile.SoundFile]:
        try:
            with _sound(self.readable) as sound:
                yield sound
        except (soundfile.LibsndfileError, RuntimeError) as error:
            raise RecordingUnreadable(
                f"{self.name} is damaged inside ({_reason(error)}); save it again from its source, or keep what can be"
                f" read of it: ffmpeg -i {self.name} call.wav"
            ) from None

    def blocks(self, channel: int, rate_hz: int | None = None, *, block_s: float = BLOCK_S) -> Iterator[Samples]:
        """The whole channel in pieces of about ``block_s`` seconds, resampled to ``rate_hz`` without seams."""
        rate_hz = rate_hz or self.sample_rate_hz
        resampler = soxr.ResampleStream(self.sample_rate_hz, rate_hz, 1, dtype="float32", quality="HQ")
        for samples, last in self._native_blocks(channel, block_s):
            yield samples if rate_hz == self.sample_rate_hz else resampler.resample_chunk(samples, last=last)

    def _native_blocks(self, channel: int, block_s: float) -> Iterator[tuple[Samples, bool]]:
        left = self.frames
        with self._opened() as sound:
            while left > 0:
                frames = sound.read(min(left, round(block_s * self.sample_rate_hz)), dtype="float32", always_2d=True)
                left = left - len(frames) if len(frames) else 0
                yield _finite(frames[:, channel]), left <= 0

    def read(self, channel: int, span: Span, rate_hz: int | None = None) -> Samples:
        """What is inside ``span`` (seconds from the start of the file; parts outside the file are left out)."""
        rate_hz = rate_hz or self.sample_rate_hz
        margin_s = RESAMPLER_MARGIN_S if rate_hz != self.sample_rate_hz else 0.0
        start = max(0, round((span.start_s - margin_s) * self.sample_rate_hz))
        stop = min(self.frames, round((span.end_s + margin_s) * self.sample_rate_hz))
        if stop <= start:
            return np.zeros(0, dtype=np.float32)
        with self._opened() as sound:
            sound.seek(start)
            samples = _finite(sound.read(stop - start, dtype="float32", always_2d=True)[:, channel])
        if rate_hz == self.sample_rate_hz:
            return samples
        skip = round((max(0.0, span.start_s) - start / self.sample_rate_hz) * rate_hz)
        keep = round((min(span.end_s, self.duration_s) - max(0.0, span.start_s)) * rate_hz)
        resampled: Samples = soxr.resample(samples, self.sample_rate_hz, rate_hz, quality="HQ")
        return resampled[skip : skip + keep]


def open_audio(path: Path) -> AudioFile:
    """Look into a file; raises a RecordingError with one sentence when it is no usable recording."""
    try:
        if stat.S_ISFIFO((about := path.stat()).st_mode):
            raise RecordingUnsupported(f"{path} is a pipe, in which one cannot go back; write the sound into a file.")
        size = about.st_size
        with path.open("rb") as file:
            head = file.read(4096)
    except FileNotFoundError:
        raise RecordingMissing(f"There is no file {path}; check the name.") from None
    except IsADirectoryError:
        raise RecordingMissing(f"{path} is a folder where a recording was expected.") from None
    except PermissionError:
        raise RecordingMissing(f"{path} may not be read by this user; give it read permission.") from None
    except OSError as error:
        raise RecordingMissing(f"{path} cannot be read: {error.strerror}.") from None
    return _inspected(str(path), path, head, size)


def audio_inside(name: str, content: bytes) -> AudioFile:
    """The same for bytes that came inside a call record; ``name`` is what errors call them."""
    return _inspected(name, content, content[:4096], len(content))


def sha256_of(content: Path | bytes) -> str:
    """Hexadecimal SHA-256 of a file or of bytes."""
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    with content.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _bytes(content: Path | bytes) -> BinaryIO:
    return io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")


def _sound(content: Path | bytes) -> soundfile.SoundFile:
    return soundfile.SoundFile(io.BytesIO(content) if isinstance(content, bytes) else content)


def _finite(samples: Samples) -> Samples:
    """Samples that are not numbers become silence, those beyond full scale are clipped, as on playback."""
    return np.clip(np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=-1.0), -1.0, 1.0)


def _inspected(name: str, content: Path | bytes, head: bytes, size: int) -> AudioFile:
    if size == 0:
        raise RecordingUnreadable(f"{name} is empty (0 bytes).")
    _refuse_videos(name, head)
    if container := container_of(head):
        return _from_container(name, content, container)
    if name.lower().endswith(".mp3") and not head.lstrip(b"\0").startswith(MP3_MARKS):
        raise RecordingUnreadable(f"{name} is not a sound file that can be read (its content is no MP3).")
    start, length = _data_chunk(head)
    broken = 0 <= length < size - start and not _goes_on(content, start + length, size)
    copy = _with_length(content, start, size) if broken else None
    try:
        audio = _opened_audio(name, content, copy)
    except (soundfile.LibsndfileError, RuntimeError) as error:
        return _from_fallback(name, content, head, _reason(error))
    _refuse_unusable(audio)
    header = (f"{name}: its header is wrong about its length; it was read to its end.",) if broken and length else ()
    early = _ends_early(audio, start + length, size)
    return replace(audio, notes=(*audio.notes, *header, *early, *_not_numbers(audio)))


def _goes_on(content: Path | bytes, at: int, size: int) -> bool:
    """Whether a WAV's sound ends where its header says: another chunk follows there, or next to nothing."""
    if 0 < at and size - at <= PADDING_BYTES:
        return True
    with _bytes(content) as file:
        file.seek(at + at % 2)
        mark, length = file.read(4), int.from_bytes(file.read(4), "little")
    return len(mark) == 4 and all(32 <= each < 127 for each in mark) and at + length <= size


def _from_container(name: str, content: Path | bytes, container: Container) -> AudioFile:
    decoded = decode(name, content, container)
    audio = _opened_audio(name, content, decoded.copy)
    _refuse_unusable(audio)
    return replace(audio, subtype=decoded.codec.upper(), notes=decoded.notes)


def _from_fallback(name: str, content: Path | bytes, head: bytes, reason: str) -> AudioFile:
    """A WAV, Ogg or Core Audio file with a codec that libsndfile lacks; else the reason that it gave."""
    try:
        if container := fallback_of(head):
            return _from_container(name, content, container)
    except (RecordingUnreadable, RecordingUnsupported):
        pass
    raise RecordingUnreadable(f"{name} is not a sound file that can be read ({reason}).") from None


def _opened_audio(name: str, content: Path | bytes, copy: ReadingCopy | None = None) -> AudioFile:
    with _sound(copy.path if copy else content) as sound:
        if sound.frames > 0:
            sound.read(1)
        if not sound.seekable():  # GSM 6.10: decoded once, so that any stretch can be read
            copy = _plain(copy.path if copy else content)
        audio = AudioFile(name, content, sound.samplerate, sound.channels, sound.frames, sound.subtype, copy=copy)
        if sound.format != "MP3" or _reaches(content, sound.frames):
            return audio
        audio = replace(audio, frames=_counted(content))
        early = f"{name} ends early: {audio.duration_s:.1f} s are there, its header promises more."
        return replace(audio, notes=(early,)) if audio.frames < sound.frames else audio


def _reaches(content: Path | bytes, frames: int) -> bool:
    """Whether there is sound up to that length: the header of an MP3 may promise what was cut off."""
    with _sound(content) as sound:  # opened for this alone: after a read, a seek over the end goes unnoticed
        sound.seek(max(0, frames - 1))
        return len(sound.read(1)) == 1


def _counted(content: Path | bytes) -> int:
    frames = 0
    with _sound(content) as sound:
        while read := len(sound.read(round(BLOCK_S * sound.samplerate), dtype="float32")):
            frames += read
    return frames


def _plain(content: Path | bytes) -> ReadingCopy:
    copy = ReadingCopy(".flac")
    with (
        _sound(content) as sound,
        soundfile.SoundFile(copy.path, "w", sound.samplerate, sound.channels, "PCM_16", format="FLAC") as out,
    ):
        while len(block := sound.read(round(BLOCK_S * sound.samplerate), dtype="int16")):
            out.write(block)
    return copy


def _with_length(content: Path | bytes, start: int, size: int) -> ReadingCopy:
    """A WAV whose writer never came to fill in the length of the data, with that length."""
    copy = ReadingCopy(".wav")
    with (
        io.BytesIO(content) if isinstance(content, bytes) else content.open("rb") as whole,
        copy.path.open("wb") as out,
    ):
        out.write(whole.read(start - 4) + (size - start).to_bytes(4, "little"))
        whole.seek(start)
        shutil.copyfileobj(whole, out, 1 << 20)
    return copy


def _refuse_unusable(audio: AudioFile) -> None:
    if audio.channels > 2:
        raise RecordingUnsupported(
            f"{audio.name} has {audio.channels} channels; a call has one per person:"
            " give a stereo or mono file, or two files."
        )
    if not LOWEST_RATE_HZ <= audio.sample_rate_hz <= HIGHEST_RATE_HZ:
        raise RecordingUnsupported(
            f"{audio.name} has a sample rate of {audio.sample_rate_hz} Hz; speech needs {LOWEST_RATE_HZ} Hz or more"
            f" (telephone recordings have 8000)."
        )
    if audio.frames == 0:
        raise RecordingUnreadable(f"{audio.name} holds no sound (0 seconds).")


def _ends_early(audio: AudioFile, promised: int, size: int) -> tuple[str, ...]:
    if promised <= size:
        return ()
    return (f"{audio.name} ends early: {audio.duration_s:.1f} s are there, its header promises more.",)


def _not_numbers(audio: AudioFile) -> tuple[str, ...]:
    broken = _broken_samples(audio) if audio.subtype in FLOAT_SUBTYPES else 0
    if broken * 2 > audio.frames * audio.channels:
        raise RecordingUnreadable(f"{audio.name} is damaged: most of its samples are not numbers.")
    return (f"{audio.name}: {broken} samples are not numbers and were taken as silence.",) if broken else ()


def _broken_samples(audio: AudioFile) -> int:
    with _sound(audio.readable) as sound:
        blocks = sound.blocks(round(BLOCK_S * audio.sample_rate_hz), dtype="float32", always_2d=True)
        return sum(int(np.count_nonzero(~np.isfinite(block))) for block in blocks)


def _data_chunk(head: bytes) -> tuple[int, int]:
    """Where the sound of a WAV starts in the file and how many bytes its header promises.

    ``(0, -1)`` for other formats and for the 0xFFFFFFFF that stands for "until the end".
    """
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        return 0, -1
    at = 12
    while at + 8 <= len(head):
        length = int.from_bytes(head[at + 4 : at + 8], "little")
        if head[at : at + 4] == b"data":
            return (at + 8, length) if length < 0xFFFF_FFFF else (0, -1)
        at += 8 + length + length % 2
    return 0, -1


def _refuse_videos(name: str, head: bytes) -> None:
    """Videos known by their first bytes."""
    kind = None
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        kind = "an AVI file (video)"
    elif head[:4] in (b"\x00\x00\x01\xba", b"\x00\x00\x01\xb3"):
        kind = "an MPEG video"
    if kind:
        raise RecordingUnsupported(f"{name} is {kind}; take the sound out first: ffmpeg -i {name} -vn call.wav")


def _reason(error: Exception) -> str:
    text = str(getattr(error, "error_string", error)).strip().removeprefix("Error : ").rstrip(".")
    if "internal error" in text.lower():
        return "its header makes no sense"
    return "its content is no sound" if "regular file" in text else text[:1].lower() + text[1:]
