"""The conflict map: stages, time to calm, what the agent did in them, the habits, the complaint and offers for sale."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from benchmarks.conflict import FOLDER, LabelledCall, agreement, labelled
from speechqa.conflict_map import ConflictMap, conflict_map, without_talk_over
from speechqa.conversation import Conversation, Voice
from speechqa.judgement import judge
from speechqa.measures import conflict, emotion, habits, overlaps, refusals, wording
from speechqa.rubric.load import load_lexicon
from tests.speechqa.measures.talks import ENGLISH, Line, talk
from tests.speechqa.measures.test_laws import conversations

CALLS = {call.name: call for call in labelled("development")}


def drawn(talk_: Conversation) -> ConflictMap:
    lexicon = load_lexicon(talk_.language)
    crossed = overlaps.measure(talk_, lexicon)
    said, refused = wording.measure(talk_, lexicon), refusals.measure(talk_, lexicon)
    return conflict_map(talk_, lexicon, lexicon, said, refused, crossed)


def checks(found: ConflictMap, episode: int = 0) -> dict[str, bool | None]:
    assert found.conflict is not None
    return {check.id: check.met for stage in found.conflict.episodes[episode].stages for check in stage.checks}


def test_the_stages_of_the_labelled_calls() -> None:
    found = agreement("development")
    assert found.turns >= 0.9 and found.times_to_calm == 1.0
    assert found.habits == 1.0 and found.resolved >= 0.9


def test_both_halves_are_whole() -> None:
    for half in ("development", "sealed"):
        calls = list(labelled(half))
        assert len(calls) == 12 and len({call.talk.language for call in calls}) == 6
    assert (FOLDER / "README.md").is_file()


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_stages_follow_each_other_without_a_gap_and_in_order(call: LabelledCall) -> None:
    found = drawn(call.talk).conflict
    assert found is not None
    for episode in found.episodes:
        order = [conflict.STAGES.index(stage.stage) for stage in episode.stages]
        assert order == sorted(set(order))
        ends = [episode.start_s, *(stage.end_s for stage in episode.stages)]
        assert [stage.start_s for stage in episode.stages] == ends[:-1] and ends[-1] == episode.end_s


def test_what_a_good_agent_did_and_left_out() -> None:
    found = checks(drawn(CALLS["en_cake"].talk))
    assert found["friendly"] and found["states_the_point"] and found["acknowledges"] and found["looks_for_a_way_out"]
    assert found["lets_off_steam"] and found["does_not_talk_over"] and found["does_not_argue"]
    assert found["explains"] is False


def test_saying_no_again_in_the_explosion_is_arguing() -> None:
    found = checks(drawn(CALLS["uk_internet"].talk))
    assert (found["does_not_argue"], found["states_the_point"]) == (False, False)


def test_a_second_conflict_begins_with_its_own_bad_news() -> None:
    found = drawn(CALLS["en_flight"].talk).conflict
    assert found is not None and found.time_to_calm_s is None
    first, second = found.episodes
    assert first.time_to_calm_s == pytest.approx(35.8) and second.time_to_calm_s is None
    assert [stage.stage for stage in first.stages] == ["explosion", "acceptance", "plan", "action"]
    assert second.stages[0].stage == "position" and "Saturday" in second.stages[0].quote
    assert first.end_s == second.start_s


CUT: tuple[Line, ...] = (
    ("agent", 0.0, "Good morning."),
    ("customer", 1.0, "Hello, I would like my deposit back, please."),
    ("agent", 4.0, "I'm afraid we can't refund the deposit."),
    ("customer", 7.0, "This is ridiculous. I am furious, I have paid you every single month and now you"),
    ("agent", 11.0, "You have to read the terms, madam, they are on the back of the letter."),
    ("customer", 16.0, "This is the worst service I have ever seen."),
)


def test_talking_over_an_upset_customer_is_told_where_overlaps_are_known() -> None:
    found = drawn(talk(CUT))
    assert checks(found)["does_not_talk_over"] is False
    assert checks(without_talk_over(found))["does_not_talk_over"] is None


def test_a_call_without_conflict_has_none() -> None:
    found = drawn(CALLS["nb_tannlege"].talk)
    assert found.conflict is not None and found.conflict.episodes == () and found.complaint is None
    assert found.conflict.time_to_calm_s is None


@given(conversations())
@settings(max_examples=40, deadline=None)
def test_conflicts_lie_in_the_call_and_do_not_overlap(call: Conversation) -> None:
    curve = emotion.measure(call, ENGLISH)
    found = () if curve is None else conflict.measure(call, curve, ())
    ends = [0.0]
    for each in found:
        assert ends[-1] <= each.start_s <= each.peak_s <= each.end_s and each.peak >= emotion.RAISED
        ends.append(each.end_s)


FLAT: tuple[Line, ...] = (
    ("agent", 0.0, "Good morning, this is the service desk, what can I do for you today?"),
    ("customer", 5.0, "I would like to change my ticket."),
    ("agent", 8.0, "There is nothing I can do about that ticket, it is simply not possible."),
    ("customer", 13.0, "Why not?"),
)


def voiced(range_no_st: float) -> tuple[habits.Habit, ...]:
    voices = (Voice(0.0, 4.0, 2.0, 8.0, 6.0, -20.0), Voice(8.0, 12.0, 2.0, 8.0, range_no_st, -20.0))
    call = replace(talk(FLAT), voices={"agent": voices})
    return habits.measure(call, ENGLISH, refusals.measure(call, ENGLISH), wording.measure(call, ENGLISH))


def test_a_flat_no_in_a_monotone_is_the_footballers_and_a_lively_one_is_not() -> None:
    (flat,), (lively,) = voiced(2.0), voiced(6.0)
    assert flat.found and [trait.sign for trait in flat.traits] == ["flat_no", "monotone"]
    assert "2.0 semitones against 6.0" in flat.traits[1].quote
    assert not lively.found and [trait.sign for trait in lively.traits] == ["flat_no"]


def test_a_refusal_said_again_in_nearly_the_same_words_is_a_repetition() -> None:
    call = talk(
        (
            ("agent", 0.0, "We cannot refund the shipping fee."),
            ("customer", 4.0, "But why?"),
            ("agent", 6.0, "We can not refund the shipping fees."),
        )
    )
    first, second = refusals.measure(call, ENGLISH)
    assert (first.repeats, second.repeats, second.pattern) == (0, 1, "footballer")
    assert "What I can do is" in second.say_instead


SOLD: tuple[Line, ...] = (
    ("customer", 0.0, "My line has been dead since Monday, this is unacceptable."),
    ("agent", 5.0, "I see."),
    ("customer", 7.0, "I am really disappointed."),
    ("agent", 9.0, "Would you be interested in our new premium package?"),
    ("customer", 13.0, "Thank you very much, no."),
    ("agent", 16.0, "We have a special offer this week."),
)


def test_selling_while_the_complaint_is_open_is_a_finding_and_a_fact() -> None:
    judged = judge(talk(SOLD, duration_s=24.0))
    assert judged.map.offers is not None
    assert [offer.complaint_open for offer in judged.map.offers] == [True, False]
    assert judged.map.offers[0].quiet_s == pytest.approx(16.0 - 11.7)
    assert judged.map.offers[1].quiet_s is None
    (found,) = (each for each in judged.findings or () if each.rule == "upsell_after_complaint")
    assert found.start_s == pytest.approx(9.0) and found.say_instead and not found.credit
    assert judged.score.facts["findings.upsell_after_complaint"] == 1 and judged.score.facts["offers"] == 2


def test_the_complaint_tells_what_came_after_how_long() -> None:
    found = drawn(
        talk(
            (
                ("customer", 0.0, "I want to make a complaint. I have always been happy with you."),
                ("agent", 5.0, "I am sorry to hear that. What would you like us to do?"),
                ("customer", 10.0, "Just send a new one."),
                ("agent", 13.0, "I will send you a new one tomorrow at nine."),
                ("customer", 18.0, "Great, thank you so much."),
            )
        )
    ).complaint
    assert found is not None and found.acknowledged and found.asked_wish and found.next_step and found.accepted
    assert found.acknowledged.after_s == pytest.approx(5.0) and found.next_step.after_s == pytest.approx(13.0)
    assert (found.resolved, found.kind, [hint.kind for hint in found.hints]) == (True, None, ["once_happy"])


def test_facts_of_a_conflict_and_of_a_call_without_one() -> None:
    bad, good = judge(CALLS["uk_internet"].talk).score.facts, judge(CALLS["nb_tannlege"].talk).score.facts
    assert (bad["conflicts"], bad["open_conflicts"], bad["footballer"], bad["nurse"]) == (1, 1, 1.0, 0.0)
    assert (bad["complaint"], bad["complaint_resolved"], bad["complaint_without_solution"]) == (1.0, 0.0, 1.0)
    assert bad["time_to_calm_s"] is None and bad["emotion_end"] is not None and bad["emotion_end"] > 0.9
    assert (good["conflicts"], good["complaint"], good["time_to_calm_s"]) == (0, 0.0, None)
    assert good["emotion_peak"] is not None and good["emotion_peak"] < 0.3


def test_raised_emotion_is_a_moment_of_pressure_for_the_agent() -> None:
    pressed = judge(CALLS["en_cake"].talk).pressure
    assert pressed is not None
    found = drawn(CALLS["en_cake"].talk).raised
    emotional = [moment for moment in pressed.moments if moment.cause == "emotion"]
    assert [moment.start_s for moment in emotional] == [span.start_s for span in found]
    assert all(moment.turn_start_s > moment.start_s and moment.wpm for moment in emotional) and emotional
    calm = judge(CALLS["nb_tannlege"].talk).pressure
    assert calm is not None and not any(moment.cause == "emotion" for moment in calm.moments)


def test_of_the_agent_only_what_a_refusal_needs_is_listened_to() -> None:
    long = [
        ("agent", 10.0 * i, "Let me look at your account and read the letter again for you now.") for i in range(1, 30)
    ]
    bare = talk([("customer", 0.0, "Hello, my line is dead."), *long])
    assert list(habits.voices_wanted(bare, ENGLISH)) == ["customer"]
    refusing = talk([("customer", 0.0, "Hello."), *long, ("agent", 400.0, "There is nothing I can do.")])
    wanted = habits.voices_wanted(refusing, ENGLISH)["agent"]
    assert habits.COMPARED_S <= wanted.covered_s < habits.COMPARED_S + 8 and 400.5 in wanted
    assert list(habits.voices_wanted(refusing, None)) == ["customer"]
