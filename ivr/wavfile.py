"""The few bytes of a WAV header that a recorder leaves open: told, mended, and two files made equally long.

8 kHz mono PCM16 as the line writes it, with the 44-byte header.
"""

from __future__ import annotations

import os
import struct
from pathlib import Path

HEADER_BYTES = 44
RATE_HZ = 8000
BYTES_PER_S = 2 * RATE_HZ


def is_final(path: Path) -> bool:
    """Whether header and size agree; True for a file that is not there, since nothing more will come."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(HEADER_BYTES)
    except FileNotFoundError:
        return True
    return (
        len(head) == HEADER_BYTES and head[:4] == b"RIFF" and struct.unpack("<I", head[40:44])[0] == size - HEADER_BYTES
    )


def repair(path: Path) -> bool:
    """Write the header that fits the file's size (a killed recorder leaves an open one); whether it was needed.

    A missing or header-less file becomes an empty recording.
    """
    if path.exists() and is_final(path):
        return False
    size = path.stat().st_size if path.exists() else 0
    audio = max(0, size - HEADER_BYTES) // 2 * 2
    with path.open("r+b" if size else "wb") as file:
        file.truncate(HEADER_BYTES + audio)
        _write_header(file.fileno(), audio)
    return True


def seconds(path: Path) -> float:
    """The length of the audio."""
    return max(0, path.stat().st_size - HEADER_BYTES) / BYTES_PER_S


def even_out(one: Path, two: Path) -> float:
    """Lengthen the shorter file with silence to the length of the other; by how many seconds.

    The recorders start with the same frame but may stop one frame (20 ms) apart.
    """
    sizes = {path: path.stat().st_size for path in (one, two)}
    longest = max(sizes.values())
    for path, size in sizes.items():
        if size < longest:
            with path.open("r+b") as file:
                file.truncate(longest)
                _write_header(file.fileno(), longest - HEADER_BYTES)
    return (longest - min(sizes.values())) / BYTES_PER_S


def _write_header(descriptor: int, audio: int) -> None:
    shape = struct.pack("<4sIHHIIHH4sI", b"fmt ", 16, 1, 1, RATE_HZ, BYTES_PER_S, 2, 16, b"data", audio)
    os.pwrite(descriptor, b"RIFF" + struct.pack("<I", 36 + audio) + b"WAVE" + shape, 0)
