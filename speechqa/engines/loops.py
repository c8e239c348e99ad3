"""Loops: a recogniser that writes the same words over and over where something else was said.

Definition. A word five times in a row, two words four times, or three to eight words three times, by their letters and
digits alone. People repeat themselves too, so a loop is a reason to listen again and not to strike words out.
Source. Whisper's own sign of a loop is how well the text of a segment compresses (above 2.4); repeats are what it is
after, and do not depend on the length of the text.
"""

from __future__ import annotations

from collections.abc import Sequence

LONGEST = 8
TIMES = {1: 5, 2: 4}
OTHERWISE = 3


def loops(words: Sequence[str]) -> bool:
    """Whether some words are repeated at once so often that they are likely a loop."""
    tokens = ["".join(filter(str.isalnum, word.lower())) for word in words]
    tokens = [token for token in tokens if token]
    return any(_most_in_a_row(tokens, n) >= TIMES.get(n, OTHERWISE) for n in range(1, LONGEST + 1))


def _most_in_a_row(tokens: Sequence[str], n: int) -> int:
    """How often at most the same ``n`` tokens stand one after the other."""
    longest = equal = 0
    for at in range(n, len(tokens)):
        equal = equal + 1 if tokens[at] == tokens[at - n] else 0
        longest = max(longest, equal)
    return 1 + longest // n
