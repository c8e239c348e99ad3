"""Sentences, endings and whole calls in a language of its own, held against labels by the tests of the lexicons."""

from __future__ import annotations

from dataclasses import dataclass

from speechqa.conversation import Conversation, Party
from speechqa.lexicon import Lexicon
from speechqa.measures import ending, wording
from speechqa.roles import weigh_roles
from speechqa.stages import judge
from tests.speechqa.measures.talks import talk

LABELS = ("recap", "next_step_dated", "offer_more_help", "positive_close", "no_renewed_apology", "no_reproach")
WORD_S, GAP_S = 0.3, 0.6
Said = tuple[str, str]
"""The rule that a sentence must meet, or none of those to avoid (""), and the sentence."""


@dataclass(frozen=True)
class Findings:
    """Rules met, by kind."""

    avoid: frozenset[str]
    credit: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        return self.avoid | self.credit


@dataclass(frozen=True)
class Call:
    """A call and what must be found: exactly these rules to avoid, at least these credits, the ending's labels."""

    name: str
    lines: tuple[tuple[Party, str], ...]
    avoid: tuple[str, ...]
    credit: tuple[str, ...]
    ending: str
    swapped: bool = False


def wording_of(text: str, lexicon: Lexicon) -> Findings:
    """What an agent who says the text is told."""
    found = wording.measure(talk([("agent", 0.0, text)], lexicon=lexicon), lexicon)
    return Findings(
        frozenset(each.rule for each in found if each.kind == "avoid"),
        frozenset(each.rule for each in found if each.kind == "credit"),
    )


def ending_labels(text: str, matter: str, lexicon: Lexicon) -> str:
    """The criteria of `LABELS` that an agent's last words meet: "1" met, "0" not."""
    lines: list[tuple[Party, float, str]] = [
        ("customer", 3.0, matter),
        ("agent", 20.0, text),
        ("customer", 48.0, "Ok."),
    ]
    met = ending.measure(talk(lines, duration_s=60.0, lexicon=lexicon), lexicon).criteria
    return _labels({each.id: each.met for each in met})


def check_call(call: Call, lexicon: Lexicon) -> None:
    """The whole call through the measures: findings, ending and who is who."""
    conversation = spoken(call, lexicon)
    judged = judge(conversation)
    assert judged.findings is not None
    met = {each.rule for each in judged.findings}
    avoid = {rule for rule in met if lexicon.rules[rule].kind == "avoid"}
    assert weigh_roles(conversation, lexicon).swapped is call.swapped
    if call.swapped:
        return
    assert avoid == set(call.avoid)
    assert set(call.credit) <= met - avoid
    assert _labels({each.id: each.met for each in judged.ending.criteria}) == call.ending
    assert all(each.quote for each in judged.findings)


def spoken(call: Call, lexicon: Lexicon) -> Conversation:
    """The call's lines one after the other at 0.3 s a word."""
    lines: list[tuple[Party, float, str]] = []
    at_s = 0.5
    for party, text in call.lines:
        lines.append((party, at_s, text))
        at_s += WORD_S * len(text.split()) + GAP_S
    return talk(lines, duration_s=at_s + 1.0, lexicon=lexicon)


def _labels(met: dict[str, bool | None]) -> str:
    return "".join("1" if met[label] else "0" for label in LABELS)
