"""A table of reviews: two people and the machine over six calls."""

from __future__ import annotations

REVIEWS = "call,criterion,reviewer,score,agent,language,accent\n" + "".join(
    f"c{call},{criterion},{reviewer},{score},{'ines' if call % 2 else 'tom'},{'en' if call < 4 else 'uk'},\n"
    for criterion, rows in {
        "recap": {"anna": "113255", "ben": "123255", "machine": "113254"},
        "empathy": {"anna": "135421", "ben": "135421", "machine": "333333"},
    }.items()
    for reviewer, scores in rows.items()
    for call, score in enumerate(scores)
)
