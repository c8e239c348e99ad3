"""Phone numbers cut into the groups that people of their country say; the groups are ``phonenumbers``'."""

from __future__ import annotations

import re

from ivr.prompting.sayas.errors import SayAsError
from ivr.prompting.sayas.reading import Value, grouped

_PHONE = re.compile(r"\+?[\d\s().\-–/]{3,30}")


def groups_of(value: Value) -> tuple[bool, list[str]]:
    """Whether it begins with a plus, and its groups of digits. Separators in the value win; raises ``SayAsError``."""
    text = str(value).strip()
    if isinstance(value, bool | float) or not _PHONE.fullmatch(text) or not 3 <= sum(map(str.isdigit, text)) <= 17:
        raise SayAsError("this is no phone number: give one such as +47 22 33 44 55")
    rows = re.findall(r"\d+", text)
    if len(rows) > 1:
        return text.startswith("+"), rows
    return text.startswith("+"), _international(text) if text.startswith("+") else grouped(rows[0])


def _international(text: str) -> list[str]:
    import phonenumbers

    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return grouped(text.lstrip("+"))
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return [row for group in re.findall(r"\d+", written) for row in grouped(group)]
