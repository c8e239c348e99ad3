"""What holds for every call on every flow, whatever happens in whatever order."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from functools import lru_cache
from math import inf
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.commands import (
    BeginSensitive,
    BookCallback,
    CancelTimer,
    Command,
    EndSensitive,
    EnterNode,
    HangUp,
    JoinQueue,
    LeaveNode,
    ListenFor,
    Lookup,
    Play,
    RecordMessage,
    StartTimer,
    Transfer,
)
from ivr.events import (
    CallbackBooked,
    CallbackRefused,
    CallerHungUp,
    CallStarted,
    DigitPressed,
    Event,
    HoursSwitched,
    LookupAnswered,
    LookupFailed,
    MessageRecorded,
    PromptEnded,
    QueueAnswered,
    QueueEnded,
    QueueFailed,
    QueueMoved,
    SpeechHeard,
    SpeechStarted,
    TimerExpired,
    TransferAnswered,
    TransferEnded,
    TransferFailed,
)
from ivr.flow.interpret import State, advance, begin
from ivr.flow.linking import joined
from ivr.flow.load import load_flow, parse_flow
from ivr.flow.model import Flow
from ivr.flow.nodes.call import Call
from ivr.flow.nodes.question import LONGEST_SPOKEN_S
from ivr.flow.state import restored

SHIPPED = [load_flow(path) for path in sorted((Path(__file__).parents[3] / "flows").glob("*.yaml"))]
MORE = ("ask", "ask", "queue", "callback", "lookup", "hours", "survey")
NAMES = ("a", "b", "c", "d", "person")
KEYS = "0123456789*#"
REASONS = st.sampled_from(["busy", "no_answer", "declined", "unreachable"])


def mapping(pairs: dict[str, object]) -> str:
    return "{" + ", ".join(f"'{key}': {value}" for key, value in pairs.items()) + "}"


@lru_cache
def flow_number(number: int) -> Flow:
    """The shipped flows, then as many others as one likes: always the same under the same number."""
    if number < len(SHIPPED):
        return SHIPPED[number]
    dice = Random(number)
    lines = "\n".join(f"  {name}: {a_node(dice)}" for name in NAMES)
    header = f"flow: any\nmax_steps: {dice.randint(10, 40)}\ndefaults: {mapping(a_policy(dice))}"
    header += "\nlanguages: [en, uk]\nvariables: {n: 0, odd: false}\nhours: {h: {week: {mon-fri: 08:00-16:00}}}"
    return parse_flow(f"{header}\nnodes:\n{lines}", f"flow {number}")


def a_policy(dice: Random) -> dict[str, object]:
    words: dict[str, object] = {
        "tries": dice.randint(1, 4),
        "no_input": dice.choice(["500ms", "6s"]),
        "barge_in": dice.choice(["true", "false"]),
        "give_up": dice.choice(NAMES),
        "no_input_says": "[quiet]",
    }
    return {word: value for word, value in words.items() if dice.random() < 0.4}


def a_node(dice: Random) -> str:
    somewhere, elsewhere, barge_in = dice.choice(NAMES), dice.choice(NAMES), dice.choice(["true", "false"])
    kinds = ["say", "menu", "menu", "consent", "record", "transfer", "end"]
    match dice.choice([*kinds, "set", "branch", "split", "goto", "call", "return", "language", *MORE]):
        case "say":
            return mapping({"say": "[x, y]", "next": somewhere, "barge_in": barge_in})
        case "menu":
            keys = {
                key + dice.choice(["", "", "1"]): dice.choice(NAMES) for key in dice.sample(KEYS, dice.randint(1, 4))
            }
            words = {"words": mapping({somewhere: "[bills, my invoice]"})} if dice.random() < 0.3 else {}
            return mapping({"menu": "m", "keys": mapping(dict(keys)), **words, **a_policy(dice)})
        case "consent":
            return mapping({"consent": "recording", "yes": somewhere, "no": elsewhere, **a_policy(dice)})
        case "record":
            review = dice.choice(["true", "false"])
            return mapping({"record": "message", "next": somewhere, "barge_in": barge_in, "review": review})
        case "transfer":
            more = {"meanwhile": "hold", "next": somewhere, "busy": dice.choice(NAMES)}
            chosen = {word: value for word, value in more.items() if dice.random() < 0.5}
            return mapping({"transfer": "service", "failed": elsewhere, **chosen})
        case "set":
            return mapping({"set": "{n: n + 1, odd: n % 2 == 1, big: n * 9000000000000000000}", "next": somewhere})
        case "branch":
            return mapping({"branch": f"{{odd: {elsewhere}, 10 / n > 3: {elsewhere}}}", "else": somewhere})
        case "split":
            return mapping({"split": "{a: 2, b: 0, person: 1}"})
        case "goto":
            return mapping({"goto": somewhere})
        case "call":
            return mapping({"call": somewhere, "returns": f"{{failed: {dice.choice(NAMES)}}}", "next": elsewhere})
        case "return":
            return mapping({"return": dice.choice(["failed", "done"])})
        case "language":
            given = dice.choice(["uk", "{1: en, 2: uk}"])
            return mapping({"language": given, "remember": barge_in, "next": somewhere, **a_policy(dice)})
        case "ask":
            return an_ask(dice, somewhere)
        case "queue":
            keys = mapping({"1": elsewhere})
            return mapping({"queue": "q", "keys": keys, "failed": elsewhere, "next": somewhere})
        case "callback":
            return mapping({"callback": "q", "next": somewhere, "failed": elsewhere, "number": "caller"})
        case "lookup":
            return mapping({"lookup": "'GET {settings.crm}/{n}'", "ok": somewhere, "error": elsewhere})
        case "hours":
            return mapping({"hours": "h", "open": somewhere, "closed": elsewhere})
        case "survey":
            given = dice.choice([{"survey": "nps"}, {"survey": "csat"}, {"survey": "servqual", "items": "[p1, e2]"}])
            return mapping({**given, "next": somewhere, **a_policy(dice)})
        case _:
            return mapping({"end": "bye"})


def an_ask(dice: Random, somewhere: str) -> str:
    secret = dice.random() < 0.3
    form = dice.choice(["digits", "number", "date", "money", "phone", "yes_no", *([] if secret else ["speech"])])
    words: dict[str, object] = {"ask": "q", "form": form, "into": f"v_{form}", "next": somewhere, **a_policy(dice)}
    if dice.random() < 0.3:
        words["term"] = "1s"
    if secret:
        words["sensitive"] = "true"
    elif dice.random() < 0.4:
        words["confirm"] = "read_back"
    if form == "digits":
        words["digits"] = dice.choice(["1", "2", "1-3"])
    return mapping(words)


flows = st.integers(0, 99).map(flow_number)


@st.composite
def fitting(draw: st.DrawFn, state: State) -> Event:
    """An event that something awaits now, or a key."""
    events: list[Event] = [DigitPressed(1.0, draw(st.sampled_from(KEYS)))]
    if state.phase == "new":
        return CallStarted(0.0, draw(st.sampled_from(["", "4711"])), at="2026-11-23T09:00:00+00:00")
    if state.playing:
        events += [PromptEnded(1.0, state.playing)] * 2
    if state.timer:
        events += [TimerExpired(1.0, state.timer)] * 2
    if state.phase == "recording":
        events.append(MessageRecorded(1.0, state.pending, 2.0, "silence"))
    if state.phase == "ringing":
        events += [TransferAnswered(1.0, state.pending), TransferFailed(1.0, state.pending, draw(REASONS))]
    if state.phase == "talking":
        events.append(TransferEnded(1.0, state.pending))
    if state.phase == "asking":
        events += [
            LookupAnswered(1.0, state.pending, 200, (("result.x", 1),)),
            LookupFailed(1.0, state.pending, "timeout"),
        ]
        events += [CallbackBooked(1.0, state.pending), CallbackRefused(1.0, state.pending)]
    if state.phase == "queueing":
        events += [QueueMoved(1.0, state.pending, 2, 90.0), QueueAnswered(1.0, state.pending)]
        events += [QueueFailed(1.0, state.pending, "timeout"), QueueEnded(1.0, state.pending)]
    if state.hearing:
        events += [SpeechStarted(1.0, state.hearing)]
        events += [SpeechHeard(1.0, state.hearing, draw(st.sampled_from(["", "bills please", "x"])), 0.9)] * 2
    return draw(st.sampled_from(events))


serials = st.integers(-1, 12)
any_event: st.SearchStrategy[Event] = st.one_of(
    st.just(CallStarted(0.0)),
    st.builds(PromptEnded, st.just(1.0), serials),
    st.builds(DigitPressed, st.just(1.0), st.sampled_from([*KEYS, "A", "D", "", "x", "12"])),
    st.builds(TimerExpired, st.just(1.0), serials),
    st.builds(MessageRecorded, st.just(1.0), serials, st.just(2.0), st.sampled_from(["key", "stopped"])),
    st.builds(TransferAnswered, st.just(1.0), serials),
    st.builds(TransferFailed, st.just(1.0), serials, REASONS),
    st.builds(TransferEnded, st.just(1.0), serials),
    st.builds(LookupAnswered, st.just(1.0), serials, st.just(200)),
    st.builds(LookupFailed, st.just(1.0), serials, st.just("refused"), st.sampled_from([0, 404])),
    st.builds(QueueMoved, st.just(1.0), serials, st.integers(-1, 3), st.floats(-1, 999)),
    st.builds(QueueAnswered, st.just(1.0), serials),
    st.builds(QueueFailed, st.just(1.0), serials, st.sampled_from(["full", "timeout", "closed"])),
    st.builds(QueueEnded, st.just(1.0), serials),
    st.builds(CallbackBooked, st.just(1.0), serials),
    st.builds(CallbackRefused, st.just(1.0), serials),
    st.builds(SpeechStarted, st.just(1.0), serials),
    st.builds(SpeechHeard, st.just(1.0), serials, st.text(max_size=5), st.floats(0, 1)),
    st.builds(HoursSwitched, st.just(1.0), st.sampled_from([(), ("*",), ("h",)])),
    st.just(CallerHungUp(1.0)),
)

Course = list[tuple[State, Event, State, tuple[Command, ...]]]


@st.composite
def calls(draw: st.DrawFn) -> tuple[Flow, Course]:
    """A flow and a call on it: mostly events that fit, some that do not."""
    flow = draw(flows)
    state, course = begin(flow), []
    for _ in range(draw(st.integers(1, 30))):
        event = draw(any_event) if draw(st.integers(0, 5)) == 0 else draw(fitting(state))
        after, commands = advance(flow, state, event)
        course.append((state, event, after, commands))
        state = after
    return flow, course


@given(calls())
@settings(max_examples=100)
def test_a_call_ends_or_waits_for_something(call: tuple[Flow, Course]) -> None:
    for _, _, state, _ in call[1]:
        awaited = state.playing or state.timer or state.pending
        assert state.phase in ("new", "ended") or awaited


@given(calls())
def test_nothing_is_asked_after_the_end(call: tuple[Flow, Course]) -> None:
    for before, _, after, commands in call[1]:
        if before.phase == "ended":
            assert (after, commands) == (before, ())
        if any(isinstance(command, HangUp) for command in commands):
            assert after.phase == "ended"
            assert isinstance(commands[-1], HangUp)


@given(calls())
def test_serials_are_never_used_twice(call: tuple[Flow, Course]) -> None:
    asking = (Play, StartTimer, RecordMessage, Transfer, Lookup, JoinQueue, BookCallback, ListenFor)
    given = [command.serial for _, _, _, commands in call[1] for command in commands if isinstance(command, asking)]
    assert given == sorted(set(given))


@given(calls())
def test_late_answers_change_nothing(call: tuple[Flow, Course]) -> None:
    flow, course = call
    for _, _, state, _ in course:
        awaited = {state.playing, state.timer, state.pending, state.hearing} - {0}
        for serial in set(range(-1, state.serial + 3)) - awaited:
            late = (
                PromptEnded(9.0, serial),
                TimerExpired(9.0, serial),
                MessageRecorded(9.0, serial, 1.0, "key"),
                TransferAnswered(9.0, serial),
                TransferFailed(9.0, serial, "busy"),
                TransferEnded(9.0, serial),
                LookupAnswered(9.0, serial, 200),
                LookupFailed(9.0, serial, "timeout"),
                QueueMoved(9.0, serial, 1, 1.0),
                QueueAnswered(9.0, serial),
                QueueFailed(9.0, serial, "full"),
                QueueEnded(9.0, serial),
                CallbackBooked(9.0, serial),
                CallbackRefused(9.0, serial),
                SpeechStarted(9.0, serial),
                SpeechHeard(9.0, serial, "bills", 1.0),
            )
            assert all(advance(flow, state, event) == (state, ()) for event in late)


@given(calls())
def test_a_silence_is_answered_at_once_with_words(call: tuple[Flow, Course]) -> None:
    for before, event, _, commands in call[1]:
        if isinstance(event, TimerExpired) and before.timer and event.serial == before.timer:
            soon = [command for command in commands if isinstance(command, StartTimer) and command.after_s <= 3.0]
            at_once = (Play, HangUp, RecordMessage, Transfer, JoinQueue)
            assert soon or any(isinstance(command, at_once) for command in commands)


def heard_at_latest_after(flow: Flow, state: State, timers: dict[int, float]) -> float:
    """Seconds until the caller hears something, at most; 0 while something sounds. What sounds without being told to:
    an agent, and the ringing while one is awaited (tests/ivr/test_session_laws.py holds the session to it).
    """
    if state.playing or state.phase in ("new", "ended"):
        return 0.0
    if state.phase in ("ringing", "queueing", "talking") and state.pending:
        return 0.0
    if state.phase == "asking" and state.pending:
        return timers.get(state.timer, inf)
    return inf


@given(calls())
@settings(max_examples=200)
def test_who_is_not_asked_to_speak_or_press_waits_three_seconds_for_words_at_most(call: tuple[Flow, Course]) -> None:
    """Whatever kind of node it is. A caller whose turn it is waits as long as the policy says, and no longer."""
    flow, course = call
    timers: dict[int, float] = {}
    for _, _, state, commands in course:
        timers |= {command.serial: command.after_s for command in commands if isinstance(command, StartTimer)}
        if state.phase == "listening":
            policy = flow.nodes[state.node].policy
            assert timers[state.timer] <= max(policy.no_input_s, policy.inter_digit_s, policy.term_s, LONGEST_SPOKEN_S)
        elif state.phase == "recording":
            assert state.pending
        else:
            assert heard_at_latest_after(flow, state, timers) <= 3.0, state


@given(calls())
@settings(max_examples=200)
def test_the_end_of_a_wait_is_heard_at_once(call: tuple[Flow, Course]) -> None:
    """A message that is over, an agent who hung up or was not to be had, an answer: words follow, or another wait."""
    over = (MessageRecorded, TransferEnded, TransferFailed, QueueEnded, QueueFailed, CallbackBooked, LookupAnswered)
    for before, event, after, commands in call[1]:
        if isinstance(event, over) and event.serial == before.pending and after != before:
            sounds = [command for command in commands if isinstance(command, Play | HangUp | Transfer | JoinQueue)]
            waits = [command for command in commands if isinstance(command, StartTimer) and command.after_s <= 3.0]
            assert sounds or (after.phase == "asking" and waits), (event, commands)


@given(calls())
def test_no_inputs_and_no_matches_never_count_for_each_other(call: tuple[Flow, Course]) -> None:
    for before, event, after, commands in call[1]:
        if any(isinstance(command, EnterNode) for command in commands):
            continue
        if isinstance(event, TimerExpired) and not before.input:
            assert after.no_matches in (before.no_matches, 0)
        if isinstance(event, DigitPressed):
            assert after.no_inputs in (before.no_inputs, 0)


@given(calls())
def test_tries_bound_both_counts(call: tuple[Flow, Course]) -> None:
    flow, course = call
    for _, _, state, _ in course:
        if state.node:
            tries = flow.nodes[state.node].policy.tries
            assert max(state.no_inputs, state.no_matches) <= tries


@given(calls())
def test_the_caller_may_hang_up_at_any_moment(call: tuple[Flow, Course]) -> None:
    flow, course = call
    for _, _, state, _ in course:
        after, commands = advance(flow, state, CallerHungUp(9.0))
        assert after.phase == "ended"
        assert not any(isinstance(command, HangUp | Play | StartTimer) for command in commands)


@given(calls())
def test_every_node_that_is_entered_is_left(call: tuple[Flow, Course]) -> None:
    flow, course = call
    commands = [command for _, _, _, asked in course for command in asked]
    commands += advance(flow, course[-1][2], CallerHungUp(9.0))[1]
    steps = [command for command in commands if isinstance(command, EnterNode | LeaveNode)]
    entered = [step.node for step in steps if isinstance(step, EnterNode)]
    left = [step.node for step in steps if isinstance(step, LeaveNode)]
    assert entered == left
    assert all(isinstance(step, EnterNode) == (place % 2 == 0) for place, step in enumerate(steps))


@given(calls())
def test_timers_and_prompts_are_put_away(call: tuple[Flow, Course]) -> None:
    """A timer that the flow no longer awaits ran out, was cancelled, or died with the call."""
    for before, event, after, commands in call[1]:
        if before.timer and after.timer != before.timer and after.phase != "ended":
            ran_out = isinstance(event, TimerExpired) and event.serial == before.timer
            assert ran_out or CancelTimer(before.timer) in commands


def as_part(flow: Flow) -> Flow:
    """A flow that does nothing but call this one."""
    outer = parse_flow("flow: outer\nlanguages: [en, uk]\nnodes:\n  go: {goto: done}\n  done: {end: bye}")
    exits = {"call": f"{flow.name}.{flow.start}", "next": "done"}
    go = Call(name="go", policy=outer.nodes["go"].policy, exits=exits, part=flow.name)
    nodes = joined({"go": go, "done": outer.nodes["done"]}, [flow])
    return replace(outer, nodes=nodes, start="go", parts={flow.name: flow}, max_steps=flow.max_steps + 1)


def seen_alone(flow: Flow, state: State, commands: tuple[Command, ...]) -> tuple[State, list[Command]]:
    """A state and commands of ``as_part`` as they would be if the flow were rung itself."""
    own = len(flow.name) + 1
    stripped = tuple((name[own:] if name.startswith(f"{flow.name}/") else name, value) for name, value in state.values)
    calls = tuple((name[own:], language) for name, language in state.calls[1:])
    trail = tuple((name[own:], depth - 1) for name, depth in state.trail)
    state = replace(state, node=state.node[own:], steps=state.steps - 1, calls=calls, trail=trail, values=stripped)
    steps = [command for command in commands if getattr(command, "node", "") != "go"]
    return state, [
        replace(step, node=step.node[own:]) if isinstance(step, EnterNode | LeaveNode) else step for step in steps
    ]


@given(st.data(), st.integers(len(SHIPPED), 99).map(flow_number))
@settings(max_examples=100)
def test_a_flow_that_is_called_goes_as_if_it_were_rung(data: st.DataObject, flow: Flow) -> None:
    outer = as_part(flow)
    alone, called = begin(flow), begin(outer)
    for _ in range(data.draw(st.integers(1, 30))):
        event = data.draw(fitting(alone))
        alone, commands = advance(flow, alone, event)
        called, as_called = advance(outer, called, event)
        if alone.phase == "ended" or flow.nodes[alone.node].kind == "return":
            return  # here they differ: it comes back
        state, expected = seen_alone(flow, called, as_called)
        assert (replace(state, values=()), expected) == (replace(alone, values=()), list(commands))
        assert dict(state.values) == dict(alone.values)


@given(flows)
@settings(max_examples=50)
def test_a_silent_caller_cannot_keep_the_line_for_ever(flow: Flow) -> None:
    """Round and round: the steps of a call are bounded."""
    state = begin(flow)
    for _ in range(20 * flow.max_steps):
        if state.phase == "ended":
            return
        state, _ = advance(flow, state, _next_in_time(state))
    raise AssertionError(f"the call goes on: {state}")


def _next_in_time(state: State) -> Event:
    """What happens when the caller is silent and nobody picks up."""
    if state.phase == "new":
        return CallStarted(0.0)
    if state.phase == "ringing":
        return TransferFailed(30.0, state.pending, "no_answer")
    if state.phase == "queueing":
        return QueueFailed(30.0, state.pending, "timeout")
    if state.playing:
        return PromptEnded(1.0, state.playing)
    if state.timer:
        return TimerExpired(1.0, state.timer)
    return MessageRecorded(1.0, state.pending, 3.0, "silence")


@given(calls())
@settings(max_examples=50)
def test_a_state_can_be_stored_compared_and_taken_up_again(call: tuple[Flow, Course]) -> None:
    flow, course = call
    before, event, after, commands = course[-1]
    again = restored(json.loads(json.dumps(asdict(before))))
    assert again == before
    assert hash(again) == hash(before)
    assert advance(flow, again, event) == (after, commands)
    assert replace(after) == after


@given(calls())
@settings(max_examples=50)
def test_secret_keys_begin_and_end_in_pairs(call: tuple[Flow, Course]) -> None:
    """Keys are secret exactly while the node that asks for them is not left."""
    flow, course = call
    for before, event, after, commands in course:
        marks = [type(command) for command in commands if isinstance(command, BeginSensitive | EndSensitive)]
        ends = event.__class__ is CallerHungUp and before.hidden
        assert before.hidden + marks.count(BeginSensitive) - marks.count(EndSensitive) - ends == after.hidden
        node = flow.nodes.get(after.node)
        assert not after.hidden or (node is not None and getattr(node, "sensitive", False))
