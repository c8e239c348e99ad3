"""Sound that libsndfile does not read: what browsers, mobile phones and older call recorders write.

MP4, M4A and 3GP, WebM and Matroska, WMA, AMR, AAC, Core Audio, Speex in Ogg, and WAV with codecs such as G.729 are
decoded once by FFmpeg's libraries (PyAV) into a `ReadingCopy`. The container is told by its first bytes, so that a file
that is no sound is never guessed at, and only the given bytes are read: a file cannot name another one or an address.

Where a container's clock leaves time without sound (a browser that sends nothing in silence), silence stands there, so
that everything keeps its time. A file with moving pictures is refused as a video.
"""

from __future__ import annotations

import io
import os
import tempfile
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import soundfile

from speechqa.errors import RecordingUnreadable, RecordingUnsupported

SMALLEST_GAP_S = 0.05
"""Shorter gaps of the clock are rounding: Matroska counts in milliseconds."""
LONGEST_GAP_S = 3600.0
"""Longer gaps are a broken clock, not silence."""
TOLD_GAP_S = 1.0
ENDS_EARLY_S = 1.0
WITHOUT_LENGTH = ("aac", "amr")
"""Readers that guess the length from the size of the file."""
MARKS: tuple[tuple[int, bytes, str, str], ...] = (
    (4, b"ftyp", "mov", "an MP4 or M4A file"),
    (4, b"moov", "mov", "a QuickTime file"),
    (0, b"\x1a\x45\xdf\xa3", "matroska", "a Matroska or WebM file"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf", "a Windows Media file"),
    (0, b"#!AMR", "amr", "an AMR file"),
    (0, b"\xff\xf1", "aac", "an AAC file"),
    (0, b"\xff\xf9", "aac", "an AAC file"),
)
FALLBACKS: tuple[tuple[bytes, str, str], ...] = (
    (b"RIFF", "wav", "a WAV file"),
    (b"OggS", "ogg", "an Ogg file"),
    (b"caff", "caf", "a Core Audio file"),
)


@dataclass(frozen=True, slots=True)
class Container:
    """A kind of file: FFmpeg's name of its reader, and what people call it."""

    reader: str
    called: str


class ReadingCopy:
    """A temporary file beside the original, in a form that can be read at any place; gone with the last user of it."""

    def __init__(self, suffix: str) -> None:
        descriptor, name = tempfile.mkstemp(prefix="clearline-", suffix=suffix)
        os.close(descriptor)
        self.path = Path(name)
        weakref.finalize(self, self.path.unlink, missing_ok=True)


def container_of(head: bytes) -> Container | None:
    """What the first bytes are of, when libsndfile surely does not read it."""
    for at, mark, reader, called in MARKS:
        if head[at : at + len(mark)] == mark:
            return Container(reader, called)
    return None


def fallback_of(head: bytes) -> Container | None:
    """The container of a file that libsndfile should have read and did not: another codec may be inside."""
    return next((Container(reader, called) for mark, reader, called in FALLBACKS if head.startswith(mark)), None)


@dataclass(frozen=True, slots=True)
class Decoded:
    """The sound of a container: a copy that libsndfile reads, the codec it came from, and what was odd about it."""

    copy: ReadingCopy
    codec: str
    notes: tuple[str, ...] = ()


def decode(name: str, content: Path | bytes, container: Container) -> Decoded:
    """Decode the first sound track; raises a RecordingError with one sentence."""
    import av

    try:
        with _bytes_of(content) as file, av.open(file, format=container.reader) as opened:
            track = _track(name, opened, container)
            return _Decoding(name, container, opened, track).decoded()
    except av.FFmpegError as error:
        raise _damaged(name, container, error) from None


def _bytes_of(content: Path | bytes) -> BinaryIO:
    return io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")


def _track(name: str, opened: Any, container: Container) -> Any:
    from av.stream import Disposition

    if any(not video.disposition & Disposition.attached_pic for video in opened.streams.video):
        raise RecordingUnsupported(
            f"{name} is {container.called} with moving pictures (a video); take the sound out first:"
            f" ffmpeg -i {name} -vn call.wav"
        )
    if not opened.streams.audio:
        raise RecordingUnreadable(f"{name} is {container.called} without a sound track.")
    if opened.streams.audio[0].codec_context is None:
        raise RecordingUnsupported(
            f"{name} is {container.called} with a codec that is not read here; save it as WAV from its source."
        )
    return opened.streams.audio[0]


def _damaged(name: str, container: Container, error: Exception) -> RecordingUnreadable:
    reason = str(getattr(error, "strerror", None) or error).rstrip(".")
    ending = ", or its end, where such files keep their index, is missing" if container.reader == "mov" else ""
    return RecordingUnreadable(
        f"{name} is {container.called} that cannot be read ({reason[:1].lower()}{reason[1:]}{ending}); save it again"
        f" from its source, or keep what can be read of it: ffmpeg -i {name} -vn call.wav"
    )


class _Decoding:
    """One pass over a sound track, written to a copy frame by frame at the places that the container's clock names."""

    def __init__(self, name: str, container: Container, opened: Any, track: Any) -> None:
        self.name, self.container, self.opened, self.track = name, container, opened, track
        self.broken = 0
        self.silence_s = 0.0
        self.begins_s: float | None = None
        self.frames = 0

    def decoded(self) -> Decoded:
        copy, codec = ReadingCopy(".flac"), str(self.track.codec_context.name)
        frames = self._frames()
        first = next(frames, None)
        if first is None:
            raise RecordingUnreadable(f"{self.name} is {self.container.called} that holds no sound (0 seconds).")
        rate_hz, channels = first.sample_rate, len(first.layout.channels)
        self._refuse_many(channels)
        with soundfile.SoundFile(
            copy.path, "w", rate_hz, channels, "PCM_16", format="FLAC", compression_level=0.0
        ) as out:
            for frame, samples in self._samples(first, frames):
                self._keep_time(frame, rate_hz, channels, out)
                out.write(samples)
                self.frames += len(samples)
        return Decoded(copy, codec, tuple(self._notes(self.frames / rate_hz)))

    def _refuse_many(self, channels: int) -> None:
        if channels > 2:
            raise RecordingUnsupported(
                f"{self.name} has {channels} channels; a call has one per person:"
                " give a stereo or mono file, or two files."
            )

    def _frames(self) -> Iterator[Any]:
        """Decoded frames; packets that are damaged are counted and left out. The end of a cut file is its end."""
        import av

        packets = self.opened.demux(self.track)
        while True:
            try:
                packet = next(packets)
            except (StopIteration, av.FFmpegError):
                return
            try:
                yield from packet.decode()
            except av.FFmpegError:
                self.broken += 1

    def _samples(self, first: Any, rest: Iterator[Any]) -> Iterator[tuple[Any, npt.NDArray[np.int16]]]:
        """Each frame with its samples, shape ``(frames, channels)``, in the rate and layout of the first."""
        import av

        converters: dict[tuple[str, str, int], Any] = {}
        channels = len(first.layout.channels)
        for frame in (each for part in ((first,), rest) for each in part):
            kind = (frame.format.name, frame.layout.name, frame.sample_rate)
            if kind not in converters:
                converters[kind] = av.AudioResampler("s16", first.layout.name, first.sample_rate)
            for converted in converters[kind].resample(frame):
                yield frame, converted.to_ndarray().reshape(-1, channels)

    def _keep_time(self, frame: Any, rate_hz: int, channels: int, out: soundfile.SoundFile) -> None:
        if frame.time is None:
            return
        self.begins_s = frame.time if self.begins_s is None else self.begins_s
        late_s = frame.time - self.begins_s - self.frames / rate_hz
        if SMALLEST_GAP_S < late_s < LONGEST_GAP_S:
            missing = round(late_s * rate_hz)
            for begin in range(0, missing, rate_hz):
                out.write(np.zeros((min(rate_hz, missing - begin), channels), np.int16))
            self.frames += missing
            self.silence_s += late_s

    def _notes(self, duration_s: float) -> Iterator[str]:
        if self.silence_s >= TOLD_GAP_S:
            yield f"{self.name}: {self.silence_s:.1f} s were not recorded and stand as silence."
        if self.broken:
            yield f"{self.name} is damaged inside: {self.broken} of its packets could not be decoded and are silent."
        if len(self.opened.streams.audio) > 1:
            yield f"{self.name} has {len(self.opened.streams.audio)} sound tracks; only the first was read."
        promised_s = (self.opened.duration or 0) / 1_000_000
        if promised_s - duration_s > ENDS_EARLY_S and self.container.reader not in WITHOUT_LENGTH:
            yield f"{self.name} ends early: {duration_s:.1f} s are there, its header promises {promised_s:.1f} s."
