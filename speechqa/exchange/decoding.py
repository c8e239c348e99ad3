"""Bytes to text: UTF-8 with or without a mark, UTF-16, and a plain refusal of everything else."""

from __future__ import annotations

import codecs

from speechqa.errors import ExchangeError

LARGEST_BYTES = 512 * 1024 * 1024
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def decode(content: bytes, name: str) -> str:
    """The text of a file with plain line ends; raises ExchangeError naming ``name`` and the line."""
    if not content.strip():
        raise ExchangeError(f"{name} is empty.")
    encoding = _encoding(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        label = "UTF-16" if encoding.startswith("utf-16") else "UTF-8"
        raise ExchangeError(f"{name}, line {line}: not {label} text; save the file as UTF-8.") from None
    if not text.strip("\ufeff \t\r\n"):
        raise ExchangeError(f"{name} is empty.")
    if "\0" in text:
        raise ExchangeError(f"{name} is no text file (it holds zero bytes).")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _encoding(content: bytes) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    if len(content) % 2 == 0 and content[1:400:2].count(0) > len(content[1:400:2]) * 0.8:
        return "utf-16-le"
    if len(content) % 2 == 0 and content[0:400:2].count(0) > len(content[0:400:2]) * 0.8:
        return "utf-16-be"
    return "utf-8"
