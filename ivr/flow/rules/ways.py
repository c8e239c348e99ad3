"""Where calls go: dead corners, circles, too many choices, nobody to talk to, recordings without consent."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from ivr.flow.model import Flow, Node
from ivr.flow.nodes.call import Call, Return
from ivr.flow.nodes.consent import Consent
from ivr.flow.nodes.language import Language
from ivr.flow.nodes.menu import Menu
from ivr.flow.nodes.record import Record
from ivr.flow.problems import Problem, did_you_mean
from ivr.flow.rules.place import at_field, at_node, at_top

MOST_OPTIONS = 5
PEOPLE = ("transfer", "queue", "callback")
FORKS = ("branch", "hours", "split")


def ways(flow: Flow) -> Iterator[Problem]:
    """Every problem of where calls go."""
    yield from unreachable(flow)
    stuck = without_end(flow)
    for name in stuck:
        why = "the call would go round until its steps are used up"
        yield at_node(flow, name, "no way leads from here to an end", why, "lead to an `end` node")
    yield from circles(flow, stuck)
    yield from many_options(flow)
    if not flow.returns:  # where it leads out of the flow, and what was asked before, only its callers know
        yield from nobody_to_talk_to(flow)
        yield from not_consented(flow)
    yield from not_called(flow)
    yield from unknown_languages(flow)
    for one in (flow, *flow.parts.values()):
        yield from not_returned(one)
        yield from other_languages(one)


def unreachable(flow: Flow) -> Iterator[Problem]:
    """Nodes that no call comes to."""
    seen = closure({flow.start}, {name: node.targets() for name, node in flow.nodes.items()})
    for name in flow.nodes:
        if name not in seen:
            yield at_node(flow, name, "no call ever comes here", "", "lead to it from another node, or remove it")


def without_end(flow: Flow) -> list[str]:
    """Nodes from which no end can be reached."""
    back: dict[str, set[str]] = {name: set() for name in flow.nodes}
    for name, node in flow.nodes.items():
        for target in node.targets():
            back[target].add(name)
    ending = closure({name for name, node in flow.nodes.items() if node.can_end()}, back)
    return [name for name in flow.nodes if name not in ending]


def closure(start: set[str], ways: Mapping[str, Collection[str]]) -> set[str]:
    """Everything that can be reached from ``start``, itself included."""
    seen, open_ends = set(start), list(start)
    while open_ends:
        fresh = set(ways[open_ends.pop()]) - seen
        seen |= fresh
        open_ends += fresh
    return seen


def circles(flow: Flow, told: Collection[str]) -> Iterator[Problem]:
    """Circles in which nobody is asked anything, unless a fork in them leads out."""
    passing = {
        name: node for name, node in flow.nodes.items() if not (node.waits or node.can_end() or _asks(flow, node))
    }
    onward = {name: [way for way in node.exits.values() if way in passing] for name, node in passing.items()}
    for circle in _circles(onward):
        if any(_leads_out(passing[name], circle) for name in circle) or any(name in told for name in circle):
            continue
        first = next(name for name in flow.nodes if name in circle)
        names = ", ".join(name for name in flow.nodes if name in circle)
        what = f"the call goes round ({names}) without asking the caller anything"
        why = "nobody gets out of it before the call's steps are used up"
        yield at_node(flow, first, what, why, "put a question into the circle, or a branch that leads out of it")


def _asks(flow: Flow, node: Node) -> bool:
    """Whether a call of a sub-flow comes to a question before it is back."""
    if not isinstance(node, Call):
        return False
    inside = closure({node.exits["call"]}, {name: one.targets() for name, one in flow.nodes.items()})
    return any(flow.nodes[name].waits for name in inside)


def _leads_out(node: Node, circle: Collection[str]) -> bool:
    return node.kind in FORKS and any(target not in circle for target in node.exits.values())


def _circles(onward: Mapping[str, list[str]]) -> Iterator[set[str]]:
    """Sets of nodes that all lead to each other (Tarjan's strongly connected components, without recursion)."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_nodes: list[str] = []
    waiting: set[str] = set()
    for root in onward:
        work = [(root, iter(onward[root]))] if root not in number else []
        while work:
            name, ways = work[-1]
            if name not in number:
                number[name] = lowest[name] = len(number)
                open_nodes.append(name)
                waiting.add(name)
            fresh = next((way for way in ways if _seen(way, name, number, lowest, waiting)), None)
            if fresh is not None:
                work.append((fresh, iter(onward[fresh])))
                continue
            work.pop()
            if work:
                above = work[-1][0]
                lowest[above] = min(lowest[above], lowest[name])
            if lowest[name] == number[name]:
                circle = _cut(open_nodes, name)
                waiting -= circle
                if len(circle) > 1 or name in onward[name]:
                    yield circle


def _seen(way: str, name: str, number: dict[str, int], lowest: dict[str, int], waiting: set[str]) -> bool:
    """Whether this way leads to a node that was not seen before; a node seen on this path lowers the mark."""
    if way not in number:
        return True
    if way in waiting:
        lowest[name] = min(lowest[name], number[way])
    return False


def _cut(open_nodes: list[str], name: str) -> set[str]:
    circle = {open_nodes.pop()}
    while name not in circle:
        circle.add(open_nodes.pop())
    return circle


def many_options(flow: Flow) -> Iterator[Problem]:
    """Menus that nobody remembers to the end."""
    for name, node in flow.nodes.items():
        if isinstance(node, Menu) and len(node.answers) > MOST_OPTIONS:
            what = f"the menu has {len(node.answers)} options"
            why = f"callers forget the first ones after {MOST_OPTIONS}"
            yield at_field(flow, name, "keys", what, why, "split it into two menus", "warning")


def nobody_to_talk_to(flow: Flow) -> Iterator[Problem]:
    """A flow that asks for choices, and offers no person."""
    asks = any(isinstance(node, Menu) for node in flow.nodes.values())
    if asks and not any(node.kind in PEOPLE for node in flow.nodes.values()):
        why = "callers who are lost, or in distress, find nobody"
        remedy = "lead to a transfer, a queue or a callback, best from a node `person`, which 0 then reaches"
        yield at_top(flow, ("flow",), "no way leads to a person", why, remedy, "warning")


def not_consented(flow: Flow) -> Iterator[Problem]:
    """Recordings that a call comes to without a question for consent to record."""
    consents = {name for name, node in flow.nodes.items() if isinstance(node, Consent) and node.purpose == "recording"}
    onward = {name: node.targets() - consents for name, node in flow.nodes.items()}
    reached = closure({flow.start} - consents, onward)
    for name, node in flow.nodes.items():
        if isinstance(node, Record) and not node.announced and name in reached:
            why = "in many countries nobody may be recorded unasked"
            remedy = "put {consent: recording} before it, or say in its prompt what is kept, and write announced: true"
            yield at_field(flow, name, "record", "a call comes here without consent to record", why, remedy, "warning")


def not_called(flow: Flow) -> Iterator[Problem]:
    """Returns that a call comes to without having been sent there by a ``call``."""
    for name in () if flow.returns else _own_returns(flow):
        why = "nothing was called, so the call would end here"
        remedy = "come here through a `call` only, or write the flow's `returns` if other flows are to call it"
        yield at_node(flow, name, "a call can come here without a `call`", why, remedy)


def _own_returns(flow: Flow) -> list[str]:
    """The returns that a call comes to without a ``call`` before."""
    onward = {name: _past(node) for name, node in flow.nodes.items()}
    reached = closure({flow.start}, onward)
    return [name for name, node in flow.nodes.items() if node.kind == "return" and name in reached]


def not_returned(flow: Flow) -> Iterator[Problem]:
    """What a flow that others call says it returns, and what it does return."""
    words = {name: node.word for name in _own_returns(flow) if isinstance(node := flow.nodes[name], Return)}
    for name, word in words.items() if flow.returns else ():
        if word not in flow.returns:
            what, remedy = f"the flow's `returns` does not name '{word}'", did_you_mean(word, flow.returns)
            yield at_field(flow, name, "return", what, "", remedy)
    for word in flow.returns:
        if word not in words.values():
            what = f"nothing returns '{word}'"
            yield at_top(flow, ("returns",), what, "whoever calls this flow waits for it in vain", "remove the word")


def other_languages(flow: Flow) -> Iterator[Problem]:
    """Languages in which a flow is called that does not speak them."""
    for name, node in flow.own.items():
        part = flow.parts.get(node.opens()[0])
        missing = [language for language in flow.languages if part is not None and language not in part.languages]
        if part is not None and missing:
            what = f"{part.file} does not speak '{missing[0]}'"
            why, remedy = f"callers would hear '{part.languages[0]}' there", "add the language to that flow"
            yield at_field(flow, name, "call", what, why, remedy, "warning")


def _past(node: Node) -> frozenset[str]:
    if isinstance(node, Call):
        return frozenset(target for way, target in node.exits.items() if way != "call")
    return node.targets()


def unknown_languages(flow: Flow) -> Iterator[Problem]:
    """Languages that are offered, and that the flow does not speak."""
    for name, node in flow.nodes.items():
        if isinstance(node, Language):
            spoken = flow.home(name)[0].languages
            for tag in node.languages().values():
                if tag not in spoken:
                    remedy = did_you_mean(tag, spoken) or "add it to `languages`"
                    yield at_field(flow, name, "language", f"the flow does not speak '{tag}'", "", remedy)
