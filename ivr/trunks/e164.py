"""Numbers in the one form in which they are compared: E.164 with its plus, such as +442079460123.

What is no telephone number (``support``, ``100``) stays as it is.
"""

from __future__ import annotations

import re

import phonenumbers

_DECORATION = re.compile(r"[\s().\-/]")
_DIGITS = re.compile(r"\+?\d+")
SHORTEST, LONGEST = 8, 15
"""Digits of an international number; what has fewer and no plus is an extension or a short code."""


def e164(dialled: str, country: str = "") -> str:
    """A number as it was dialled or signalled, in E.164.

    ``country`` (``GB``) tells how to read a national form (020 7946 0123) and international prefixes (00, 011).
    Without it, eight digits or more that begin with no 0 are taken for E.164 without its plus.
    """
    text = dialled.removeprefix("tel:").partition(";")[0]
    bare = _DECORATION.sub("", text)
    if not _DIGITS.fullmatch(bare):
        return text
    if bare.startswith("+"):
        return bare
    if country:
        return _national(bare, country)
    international = not bare.startswith("0") and SHORTEST <= len(bare) <= LONGEST
    return f"+{bare}" if international else bare


def _national(bare: str, country: str) -> str:
    try:
        read = phonenumbers.parse(bare, country)
    except phonenumbers.NumberParseException:
        return bare
    if not phonenumbers.is_possible_number(read):
        return bare
    return str(phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.E164))


def is_country(code: str) -> bool:
    """Whether the numbering plan of this country (ISO 3166, two letters) is known."""
    return code in phonenumbers.SUPPORTED_REGIONS
