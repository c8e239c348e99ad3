"""Asking for something: ask, hours, lookup, survey, queue, callback, whisper."""

from __future__ import annotations

import pytest

from ivr.commands import (
    BeginSensitive,
    BookCallback,
    EndSensitive,
    JoinQueue,
    LeaveQueue,
    ListenFor,
    Lookup,
    NoteScore,
    Phrase,
    Play,
    StartTimer,
    StopListening,
    Transfer,
)
from ivr.events import (
    CallbackBooked,
    CallbackRefused,
    CallStarted,
    LookupAnswered,
    LookupFailed,
    QueueAnswered,
    QueueEnded,
    QueueFailed,
    QueueMoved,
    SpeechHeard,
)
from ivr.flow.check import beyond
from ivr.flow.forms import Form, read_date
from ivr.flow.problems import FlowError
from ivr.flow.values import flatten
from tests.ivr.flow.phone import Phone, flow_of

END = "\nend: {end: bye}\nother: {end: other}\nagain: {end: again}"


def call_of(nodes: str, header: str = "") -> Phone:
    return Phone(flow_of(nodes + END, header)).ring()


@pytest.mark.parametrize(
    ("form", "keys", "value"),
    [
        (Form(), "0123", "0123"),
        (Form(least=4, most=4), "123", None),
        (Form("number", 1, 9, 1, 12), "07", 7),
        (Form("number", 1, 9, 1, 12), "13", None),
        (Form("money", 1, 12), "12*5", 12.5),
        (Form("money", 1, 12), "12*", 12.0),
        (Form("money", 1, 12), "1*234", None),
        (Form("money", 1, 12), "1**", None),
        (Form("date", 8, 8), "24122026", "2026-12-24"),
        (Form("date", 8, 8, order="mdy"), "12242026", "2026-12-24"),
        (Form("date", 8, 8, order="ymd"), "20261224", "2026-12-24"),
        (Form("date", 8, 8), "29022024", "2024-02-29"),
        (Form("date", 8, 8), "29022023", None),
        (Form("date", 8, 8), "31042026", None),
        (Form("date", 8, 8), "24132026", None),
        (Form("phone", 5, 15), "0049301234", "0049301234"),
        (Form("yes_no", 1, 1), "1", True),
        (Form("yes_no", 1, 1), "2", False),
    ],
)
def test_what_is_keyed_in_is_read(form: Form, keys: str, value: object) -> None:
    assert form.read(keys) == value


def test_dates_are_those_of_the_calendar() -> None:
    from datetime import date, timedelta

    day = date(1999, 12, 1)
    while day < date(2001, 3, 5):
        assert read_date(f"{day:%d%m%Y}", "dmy") == day.isoformat()
        day += timedelta(days=1)
    assert read_date("29021900", "dmy") is None


ASK = "a: {ask: account, digits: 3-5, next: said}\nsaid: {say: said, values: [a], next: end}"


def said(call: Phone) -> str:
    return call.asked(Play)[-1].phrases[-1].values[0][1]


def test_an_answer_ends_at_its_length_with_its_key_or_after_a_while() -> None:
    assert said(call_of(ASK).press("12345")) == "12345"
    assert said(call_of(ASK).press("123#")) == "123"
    waiting = call_of(ASK).press("1234")
    assert waiting.asked(StartTimer)[0].after_s == 3.0
    assert said(waiting.silence()) == "1234"
    assert call_of(ASK).press("12#").hears == ["no_match_1", "account"]
    assert call_of(ASK).press("12").silence().hears == ["no_match_1", "account"]


def test_a_pause_after_the_last_key_can_be_wanted() -> None:
    call = call_of(ASK.replace("next: said", "next: said, term: 1s", 1)).press("12345")
    assert call.asked(StartTimer)[0].after_s == 1.0
    assert said(call.silence()) == "12345"


def test_the_star_takes_back_what_was_keyed() -> None:
    call = call_of(ASK).press("12*")
    assert (call.hears, call.state.no_matches) == (["account"], 0)
    assert said(call.press("678#")) == "678"


def test_0_and_9_are_digits_of_an_answer() -> None:
    assert said(call_of(ASK + "\nperson: {end: p}").press("09#").press("90900")) == "90900"


def test_an_answer_may_be_keyed_ahead() -> None:
    call = call_of("hi: {say: hi, next: a, barge_in: false}\n" + ASK).press("123#")
    assert said(call.listen()) == "123"


CONFIRM = "a: {ask: account, digits: 3, confirm: read_back, next: end}"


def test_an_answer_is_read_back_and_asked_again() -> None:
    call = call_of(CONFIRM).press("123")
    assert call.asked(Play)[0].phrases == (Phrase("read_back", "en", (("value", "123"),)),)
    assert call.press("2").hears == ["account"]
    call.press("456")
    assert call.press("7").hears == ["no_match_1", "read_back"]
    assert call.silence().hears == ["no_input_1", "read_back"]
    assert call.press("1").path == ["a", "end"]
    assert dict(call.state.values)["a"] == "456"


def test_yes_and_no() -> None:
    nodes = "a: {ask: right, form: yes_no, yes: end, no: other}"
    assert call_of(nodes).press("1").path[-1] == "end"
    assert call_of(nodes).press("2").path[-1] == "other"
    assert call_of(nodes).press("3").hears == ["no_match_1", "right"]


def test_free_speech_is_kept_and_the_recogniser_stopped() -> None:
    call = call_of("a: {ask: why, form: speech, next: end}")
    listening = call.asked(ListenFor)[0]
    assert listening.phrases == ()
    call.tell(SpeechHeard(1.0, listening.serial, " my bill is wrong ", 0.8))
    assert StopListening(listening.serial) in call.last
    assert dict(call.state.values)["a"] == "my bill is wrong"


SECRET = "a: {ask: pin, digits: 4, sensitive: true, next: b}\nb: {branch: {a == '1234': end}, else: other}"


def test_secret_keys_are_marked_and_never_said() -> None:
    call = call_of("hi: {say: hi, next: a}\n" + SECRET).press("9")
    assert isinstance(call.last[-2], BeginSensitive | Play)
    assert call.asked(BeginSensitive) == [BeginSensitive()]
    assert call.press("1234").path[-1] == "end"
    assert call.asked(EndSensitive) == [EndSensitive()]
    assert "1234" not in repr(call.commands)


def test_a_key_pressed_ahead_is_no_part_of_a_secret() -> None:
    call = call_of("hi: {say: hi, next: a, barge_in: false}\n" + SECRET).press("12").listen()
    assert (call.state.input, call.state.ahead) == ("", "")


HOURS = """hours:
  office:
    zone: Europe/Oslo
    week: {mon-fri: 08:00-16:00, sat: [10:00-12:00, 13:00-14:00], sun: 22:00-02:00}
    seasons: [{from: 06-15, to: 08-15, week: {mon-fri: 09:00-15:00}}]
    holidays: NO
    exceptions: {2026-12-23: 08:00-12:00, 2026-05-17: 10:00-11:00}
"""
OPEN = "h: {hours: office, open: end, closed: other, holiday: again}"


@pytest.mark.parametrize(
    ("at", "node"),
    [
        ("2026-11-23T07:00:00+00:00", "end"),  # a Monday, 8 o'clock in Oslo
        ("2026-11-23T06:59:59+00:00", "other"),
        ("2026-11-23T15:00:00+00:00", "other"),
        ("2026-11-28T11:30:00+00:00", "other"),  # a Saturday's break
        ("2026-11-28T12:30:00+00:00", "end"),
        ("2026-11-22T22:30:00+00:00", "end"),  # Sunday night
        ("2026-11-23T00:30:00+00:00", "end"),  # still Sunday's hours
        ("2026-11-23T01:30:00+00:00", "other"),
        ("2026-07-01T06:30:00+00:00", "other"),  # summer hours, summer time
        ("2026-07-01T07:30:00+00:00", "end"),
        ("2026-05-01T09:00:00+00:00", "again"),  # Labour Day
        ("2026-05-17T08:30:00+00:00", "end"),  # a holiday with an exception
        ("2026-12-23T12:00:00+00:00", "other"),
        ("2026-03-30T06:00:00+00:00", "end"),  # the day after the clocks went forward
        ("", "end"),
        ("yesterday", "end"),
    ],
)
def test_hours(at: str, node: str) -> None:
    call = Phone(flow_of(OPEN + END, HOURS))
    call.tell(CallStarted(0.0, at=at))
    assert call.path == ["h", node]


def test_hours_go_by_the_moment_and_not_by_the_beginning_of_the_call() -> None:
    call = Phone(flow_of("w: {say: w, next: h}\n" + OPEN + END, HOURS))
    call.tell(CallStarted(0.0, at="2026-11-23T06:59:00+00:00"))
    call.at_s = 61.0
    assert call.listen().path[-1] == "end"


def test_temporarily_closed() -> None:
    flow = flow_of("h: {hours: x, open: end, closed: other}" + END, "hours: {x: {week: {mon-sun: 00:00-24:00}}}")
    shut = flow_of("h: {hours: x, open: end, closed: other}" + END, "hours: {x: {week: {}, closed: true}}")
    for tested, node in ((flow, "end"), (shut, "other")):
        call = Phone(tested)
        call.tell(CallStarted(0.0, at="2026-11-23T06:59:00+00:00"))
        assert call.path[-1] == node


LOOKUP = """
a: {lookup: 'GET {settings.crm}/accounts/{caller}', ok: tell, not_found: other, error: again, retries: 0, timeout: 2s}
tell: {branch: {result.balance > 10.0: end}, else: other}
"""


def test_a_lookup_asks_and_takes_the_answer() -> None:
    call = Phone(flow_of(LOOKUP + END))
    call.tell(CallStarted(0.0, "a/b c"))
    asked = call.asked(Lookup)[0]
    assert (asked.method, asked.url) == ("GET", "{settings.crm}/accounts/a%2Fb%20c")
    call.tell(LookupAnswered(1.0, asked.serial, 200, flatten({"balance": 12})))
    assert call.path == ["a", "tell", "end"]
    assert not call.asked(BeginSensitive)


@pytest.mark.parametrize(("status", "node"), [(404, "other"), (500, "again"), (0, "again")])
def test_a_lookup_that_fails(status: int, node: str) -> None:
    call = call_of(LOOKUP)
    call.tell(LookupFailed(1.0, call.state.pending, "refused", status))
    assert call.path[-1] == node


def test_nobody_waits_for_a_lookup_in_silence_or_for_ever() -> None:
    call = call_of(LOOKUP)
    assert call.asked(StartTimer)[0].after_s == 0.5
    assert call.silence().hears == ["one_moment"]
    call.listen()
    assert call.asked(StartTimer)[0].after_s == 3.0
    for _ in range(4):
        call.silence()
    assert call.hears == ["still_looking"]
    assert call.silence().path[-1] == "again"


def test_an_old_answer_is_forgotten_when_a_new_one_comes() -> None:
    call = call_of("a: {lookup: 'POST https://x.example/', body: {n: 1 + 1}, ok: a, error: end}")
    assert call.asked(Lookup)[0].body == '{"n": 2}'
    call.tell(LookupAnswered(1.0, call.state.pending, 200, flatten({"x": 1})))
    call.tell(LookupAnswered(1.0, call.state.pending, 200, (*flatten({"y": 1}), ("caller", "forged"))))
    assert dict(call.state.values) == {"caller": "1001", "called": "5060", "result.y": 1}


def test_a_lookup_with_a_secret_is_marked() -> None:
    nodes = "a: {ask: pin, digits: 1, sensitive: true, next: c}\nc: {set: {p: a + 'x'}, next: b}\n"
    call = call_of(nodes + "b: {lookup: 'GET {settings.crm}/{p}', ok: end, error: end}").press("7")
    assert call.asked(Lookup)[0].sensitive


SURVEY = "s: {survey: %s, next: end}"


def test_a_survey_stores_its_answers() -> None:
    call = call_of(SURVEY % "csat").press("5")
    assert call.asked(NoteScore) == [NoteScore("csat", "csat", 5)]
    assert dict(call.state.values)["s"] == 5
    assert call_of(SURVEY % "csat").press("#").asked(NoteScore) == [NoteScore("csat", "csat", None)]
    assert call_of(SURVEY % "csat").press("6").hears == ["no_match_1", "survey_csat"]
    assert call_of(SURVEY % "ces").press("7").asked(NoteScore)[0].score == 7
    silent = call_of(SURVEY % "ces").silence().silence().silence()
    assert (silent.asked(NoteScore), silent.path[-1]) == ([NoteScore("ces", "ces", None)], "end")


@pytest.mark.parametrize(("keys", "score"), [("0", 0), ("10", 10), ("7", 7)])
def test_a_recommendation_is_from_0_to_10(keys: str, score: int) -> None:
    assert call_of(SURVEY % "nps").press(keys).asked(NoteScore)[0].score == score
    one = call_of(SURVEY % "nps").press("1")
    assert one.silence().asked(NoteScore)[0].score == 1


def test_items_of_servqual_one_after_the_other() -> None:
    call = call_of("s: {survey: servqual, items: [p5, e1], next: end}")
    assert call.hears == ["survey_p5"]
    assert call.press("7").hears == ["survey_e1"]
    assert call.press("#").path[-1] == "end"
    noted = [command for command in call.commands if isinstance(command, NoteScore)]
    assert noted == [NoteScore("servqual", "p5", 7), NoteScore("servqual", "e1", None)]
    assert dict(call.state.values)["s_p5"] == 7


QUEUE = "q: {queue: service, keys: {1: again}, full: other, failed: end}"


def test_a_queue_tells_the_place_until_somebody_answers() -> None:
    call = call_of(QUEUE)
    assert call.asked(JoinQueue) == [JoinQueue(call.state.pending, "service", 600.0)]
    assert call.hears == ["queue_welcome"]
    call.tell(QueueMoved(1.0, call.state.pending, 3, 130.0))
    call.silence()
    assert call.asked(Play)[0].phrases[0].values == (("position", 3), ("minutes", 3), ("wait", 180))
    call.tell(QueueAnswered(2.0, call.state.pending))
    assert call.state.phase == "talking"
    call.tell(QueueEnded(3.0, call.state.pending))
    assert call.hung_up == "finished"


def test_ways_out_of_a_queue() -> None:
    pressed = call_of(QUEUE)
    serial = pressed.state.pending
    assert pressed.press("1").last[0] == LeaveQueue(serial)
    assert pressed.path[-1] == "again"
    full = call_of(QUEUE)
    full.tell(QueueFailed(1.0, full.state.pending, "full"))
    assert full.path[-1] == "other"
    late = call_of(QUEUE)
    late.tell(QueueFailed(1.0, late.state.pending, "timeout"))
    assert (late.path[-1], late.exits[-1]) == ("end", ("q", "timeout"))


def test_a_callback() -> None:
    nodes = "c: {callback: service, next: end, failed: other}"
    call = call_of(nodes)
    assert call.asked(BookCallback) == [BookCallback(call.state.pending, "service", "1001")]
    call.tell(CallbackBooked(1.0, call.state.pending))
    assert call.path[-1] == "end"
    refused = call_of(nodes)
    refused.tell(CallbackRefused(1.0, refused.state.pending))
    assert refused.path[-1] == "other"
    withheld = Phone(flow_of(nodes + END))
    withheld.tell(CallStarted(0.0, ""))
    assert withheld.path[-1] == "other"


def test_whoever_picks_up_is_told_who_calls() -> None:
    call = call_of("t: {transfer: x, whisper: briefing, values: {who: caller}, failed: end}")
    assert call.asked(Transfer)[0].whisper == (Phrase("briefing", "en", (("who", "1001"),)),)


def test_what_a_flow_needs_of_the_line() -> None:
    queue = "\nq: {queue: s, failed: l}\nl: {lookup: 'GET {settings.x}', ok: t, error: c}\n"
    more = "t: {transfer: x, whisper: w, failed: c}\nc: {callback: s, next: end, failed: end}"
    flow = flow_of(SECRET + queue + more + END)
    refused = beyond(flow, ["sensitive", "queue", "whisper", "callback"])
    assert [(problem.node, problem.what) for problem in refused] == [("l", "this line cannot do `lookup` yet")]
    assert flow.needs() == {"sensitive": "a", "queue": "q", "lookup": "l", "whisper": "t", "callback": "c"}


MISTAKES = {
    "a: {ask: x, sensitive: true, confirm: y, next: end}": "a sensitive answer cannot be read back or spoken",
    "a: {ask: x, sensitive: true, next: b}\nb: {say: y, values: [a], next: end}": "'a' is sensitive and must not be",
    "a: {ask: x, digits: 4-2, next: end}": "4:23: error: node 'a': 'digits': expected a number or a range, found '4-2'",
    "a: {ask: x, form: color, next: end}": "4:21: error: node 'a': 'form': 'color' is no kind of answer",
    "a: {ask: x}": "an ask node has one way on",
    "a: {ask: x, form: yes_no, yes: end}": "a yes-no question needs 'yes' and 'no', or 'next'",
    "a: {hours: ofice, open: end, closed: end}": "4:14: error: node 'a': 'hours': there are no hours 'ofice'",
    "a: {lookup: 'GET {host}/x', ok: end, error: end}": "'{host}/x' does not say where to ask",
    "a: {lookup: 'GET https://{caller}.example/x', ok: end, error: end}": "does not say where to ask",
    "a: {lookup: 'PUT https://x.example/', ok: end, error: end}": "4:15: error: node 'a': 'lookup': expected a request",
    "a: {lookup: 'GET https://x.example/{nme}', ok: end, error: end}": "no variable or function 'nme'",
    "a: {lookup: 'GET https://x.example/', headers: {A: '{caller}'}, ok: end, error: end}": "expected a header",
    "a: {lookup: 'GET https://x.example/', error: end}": "a lookup node needs 'ok'. A node without a way out",
    "a: {survey: csta, next: end}": "4:15: error: node 'a': 'survey': 'csta' is no survey. Fix: did you mean 'csat'?",
    "a: {survey: servqual, next: end}": "'items' belongs to servqual",
    "a: {survey: servqual, items: [p23], next: end}": "expected items of SERVQUAL, each once, found 'p23'",
    "a: {queue: x, full: end}": "nothing says where the call goes when nobody comes (timeout, closed)",
}


@pytest.mark.parametrize(("nodes", "message"), MISTAKES.items())
def test_mistakes_are_told(nodes: str, message: str) -> None:
    with pytest.raises(FlowError) as caught:
        flow_of(nodes + END)
    assert message in str(caught.value.problems[0])


@pytest.mark.parametrize(
    ("hours", "message"),
    [
        ("{week: {mon: 8-16}}", "2:19: error: 'week': expected hours, found '8-16'. Fix: write 08:00-16:00"),
        ("{week: {mo: 08:00-16:00}}", "2:19: error: 'week': 'mo' is no day"),
        ("{week: {mon-wed: closed, tue: closed}}", "2:19: error: 'week': tue is named twice"),
        ("{week: {}, zone: Oslo}", "2:29: error: 'zone': 'Oslo' is no time zone"),
        ("{week: {}, holidays: XX}", "2:33: error: 'holidays': no holidays are known for 'XX'"),
        ("{week: {}, holidays: US-XX}", "no holidays are known for 'US-XX'"),
        ("{week: {}, exceptions: {2026-02-30: closed}}", "'exceptions': '2026-02-30' is no date"),
        ("{week: {}, closd: true}", "2:23: error: the hours has no 'closd'. Fix: did you mean 'closed'?"),
    ],
)
def test_mistakes_in_hours_are_told(hours: str, message: str) -> None:
    with pytest.raises(FlowError) as caught:
        flow_of("a: {end: bye}", f"hours: {{h: {hours}}}")
    assert message in str(caught.value.problems[0])
