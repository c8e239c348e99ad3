"""Sentences written apart from the lexicon's own examples: what an agent may say, and which rules it meets."""

from __future__ import annotations

import pytest

from speechqa.measures import wording
from tests.speechqa.measures.talks import ENGLISH, talk

SAID = [
    ("dont_know", "Hmm, I have no clue, honestly."),
    ("dont_know", "I wouldn't know about that."),
    ("dont_know", "I've no idea what happened to it."),
    ("", "I know exactly what you mean."),
    ("dont_care", "Frankly I do not care what you think."),
    ("dont_care", "I couldn't care less, sir."),
    ("dont_care", "Whatever."),
    ("", "Our customer care team doesn't mind."),
    ("not_my_problem", "That is really not our problem, you know."),
    ("not_my_problem", "That's none of my business."),
    ("not_my_problem", "It's not my job to fix that."),
    ("", "The problem is not with your router."),
    ("dislike", "I don't like people like you."),
    ("dislike", "You lot are always complaining."),
    ("", "I don't like that this happened to you."),
    ("know_it_all", "You obviously don't understand how the network works."),
    ("know_it_all", "I know that already."),
    ("", "I know that this is annoying."),
    ("dont_come_back", "Then go somewhere else."),
    ("dont_come_back", "Don't bother calling us again."),
    ("dont_come_back", "You can always take your money elsewhere."),
    ("", "Please don't hesitate to call back."),
    ("i_am_right", "No sir, you're wrong about that."),
    ("i_am_right", "I am right and you know it."),
    ("", "You're right, I was wrong."),
    ("hurry_up", "Can you hurry up a bit?"),
    ("hurry_up", "Wait, wait, wait."),
    ("hurry_up", "I haven't got all day."),
    ("", "Sorry to keep you waiting."),
    ("", "Please wait one moment while I look."),
    ("reproach", "As I told you on Monday, the form is missing."),
    ("reproach", "You should've called earlier."),
    ("reproach", "I've already explained that to you."),
    ("reproach", "You could have read the instructions."),
    ("", "As I mentioned, you have been very patient, thank you."),
    ("over_promise", "I can guarantee that it will work."),
    ("over_promise", "It'll definitely be there by noon."),
    ("over_promise", "I promise this won't happen again."),
    ("", "I can't promise you a time."),
    ("", "I'll do everything I can."),
    ("gushing_apology", "I'm so so so sorry, I can't tell you how sorry I am."),
    ("gushing_apology", "We are deeply, deeply sorry."),
    ("", "I'm sorry for the delay."),
    ("blame_management", "The bosses upstairs decided it like that."),
    ("blame_management", "My manager won't let me."),
    ("blame_management", "That wasn't my decision, I just work here."),
    ("flat_no", "No."),
    ("flat_no", "That's impossible."),
    ("flat_no", "There's absolutely nothing I can do for you."),
    ("flat_no", "We don't do that."),
    ("", "That's not possible, but I can send it tomorrow instead."),
    ("", "No, not at all, go ahead."),
    ("acknowledgement", "I completely understand your frustration."),
    ("acknowledgement", "That sounds really annoying."),
    ("asks_wish", "What would be the best solution for you?"),
    ("offers_choice", "Would you like a refund, or shall I send a new one?"),
    ("explains_benefit", "That way you won't have to call again."),
    ("offers_solution", "I'll replace the router for you."),
    ("offers_solution", "I can book you an appointment."),
    ("recap", "So just to summarise what we've agreed today."),
    ("dated_next_step", "I'll get back to you by four o'clock."),
    ("dated_next_step", "Our technician will visit you on the twelfth of May."),
    ("", "I will see what I can do."),
]


@pytest.mark.parametrize(("rule", "text"), SAID)
def test_what_was_said(rule: str, text: str) -> None:
    found = wording.measure(talk([("agent", 0.0, text)]), ENGLISH)
    if rule:
        assert rule in {each.rule for each in found}
    else:
        assert [each.rule for each in found if each.kind == "avoid"] == []
