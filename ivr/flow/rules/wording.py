"""What is said: missing texts, gaps that nothing fills, prompts that are too long, keys said otherwise than bound.

How keys are named is known for the languages of `ivr.flow.rules.spoken_keys`; in others only what needs no words of
a language is checked.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from ivr.flow.model import Flow, Node
from ivr.flow.nodes.menu import Menu
from ivr.flow.nodes.question import Question
from ivr.flow.problems import Problem, did_you_mean
from ivr.flow.rules import spoken_keys
from ivr.flow.rules.place import at_field, at_key, at_top
from ivr.flow.step import CALL_LIMIT

LONGEST_S = 20.0
WORDS_PER_S = 2.6
SENTENCE_S = 0.35
GAP_WORDS = 2
_GAP = re.compile(r"(?<!\{)\{([a-z][a-z0-9_]*)(?::[a-z_]+(?:/[a-z]+)?)?\}")
Texts = Mapping[str, str]


def wording(
    flow: Flow, prompts: Mapping[str, Collection[str]], durations: Mapping[str, Mapping[str, float]]
) -> Iterator[Problem]:
    """Every problem of what is said. ``prompts`` are ids by language, with their texts where they are mappings."""
    for language in flow.languages:
        known = prompts.get(language)
        if known is None:
            have = ", ".join(sorted(prompts)) or "none"
            why, remedy = f"the catalogue has: {have}", "write its texts, or take it out of `languages`"
            yield at_top(flow, ("languages",), f"there are no prompts in the language '{language}'", why, remedy)
            continue
        yield from _missing(flow, language, known)
        if isinstance(known, Mapping):
            yield from _gaps(flow, language, known)
            yield from _long(flow, language, known, durations.get(language, {}))
            if spoken_keys.known(language):
                yield from _keys(flow, language, known)


def seconds(text: str) -> float:
    """About how long a text is when it is said: 2.6 words a second, a short pause after each sentence."""
    words = len(re.findall(r"[\w']+", _GAP.sub(" word" * GAP_WORDS, text)))
    return words / WORDS_PER_S + SENTENCE_S * len(re.findall(r"[.!?](?:\s|$)", text))


def _missing(flow: Flow, language: str, known: Collection[str]) -> Iterator[Problem]:
    for node, prompt in _first_uses(flow):
        if prompt not in known:
            what = f"the prompt '{prompt}' has no text in '{language}'"
            yield at_field(flow, node.name, node.kind, what, "", _remedy(prompt, known, language))
    if CALL_LIMIT not in known:
        what = f"the prompt '{CALL_LIMIT}' has no text in '{language}'"
        why = "it is said when a call has taken all its steps"
        yield at_top(flow, ("flow",), what, why, _remedy(CALL_LIMIT, known, language))


def _first_uses(flow: Flow) -> Iterator[tuple[Node, str]]:
    told: set[str] = set()
    for node in flow.own.values():
        for prompt in node.says():
            if prompt not in told:
                told.add(prompt)
                yield node, prompt


def _remedy(prompt: str, known: Collection[str], language: str) -> str:
    hint = did_you_mean(prompt, sorted(known))
    return hint if hint.startswith("did") else f"add it to the texts of '{language}'"


def _gaps(flow: Flow, language: str, texts: Texts) -> Iterator[Problem]:
    for name, node in flow.own.items():
        for prompt in dict.fromkeys(node.says()):
            open_gaps = sorted(set(_GAP.findall(texts.get(prompt, ""))) - node.gaps(prompt))
            if open_gaps:
                what = f"the prompt '{prompt}' ({language}) has the gap {{{open_gaps[0]}}}, and nothing fills it"
                why = "the prompt cannot be said"
                yield at_field(flow, name, node.kind, what, why, f"add values: {{{open_gaps[0]}: <expression>}}")


def _long(flow: Flow, language: str, texts: Texts, durations: Mapping[str, float]) -> Iterator[Problem]:
    for node, prompt in _first_uses(flow):
        lasts_s = durations.get(prompt, seconds(texts.get(prompt, "")))
        if lasts_s > LONGEST_S:
            what = f"the prompt '{prompt}' ({language}) lasts {lasts_s:.0f} seconds"
            why = f"callers stop listening after {LONGEST_S:.0f}"
            yield at_field(flow, node.name, node.kind, what, why, "say less, or split it", "warning")


def _keys(flow: Flow, language: str, texts: Texts) -> Iterator[Problem]:
    for name, node in flow.own.items():
        if not isinstance(node, Question):
            continue
        text = " ".join(texts.get(prompt, "") for prompt in node.prompts)
        if not text.strip():
            continue
        said, bound = spoken_keys.said_keys(text, language), [*node.answers]
        where = "" if language.split("-")[0] == "en" else f" ({language})"
        for key in dict.fromkeys(said):
            if node.answers and key not in bound and key not in node.policy.anywhere and key != node.ends_with:
                what, why = (
                    f"the prompt{where} says key {key}, and nothing is bound to it",
                    "who presses it is told off",
                )
                yield at_field(flow, name, node.kind, what, why, "bind the key, or change the text")
        if isinstance(node, Menu):
            for key in bound:
                if key not in said:
                    what, why = f"key {key} is bound, and the prompt{where} does not say it", "nobody can know of it"
                    yield at_key(flow, name, key, what, why, "say it in the prompt, or remove the key", "warning")
        early = spoken_keys.key_first(text, language)
        if early is not None:
            why = "callers have forgotten the key when they know that they want it"
            remedy = "say the key last, as in: for bills, press 1"
            yield at_field(flow, name, node.kind, f"'{early}' says the key first", why, remedy, "warning")
