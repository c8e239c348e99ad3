"""What the ids of the analysis document are called in front of people. An id without one is shown in plain words."""

from __future__ import annotations

from collections.abc import Mapping

from speechqa.facts import CREDIT

PARTIES: Mapping[str, str] = {"agent": "Agent", "customer": "Customer"}

SECTIONS: Mapping[str, str] = {
    "pace": "Pace",
    "pauses": "Pauses",
    "listening": "Listening",
    "turns": "Turn-taking",
    "overlaps": "Talking over",
    "silence": "Silence",
    "silences": "Silence",
    "wording": "Wording",
    "ending": "Ending",
    "solution": "Solution",
    "quality": "Sound",
}

KINDS: Mapping[str, str] = {
    "interruption": "Interruption",
    "attempt": "Attempt to cut in",
    "redirect": "Gentle redirect",
    "backchannel": "Listening word",
    "terminal": "Early start",
    "simultaneous_start": "Both started",
    "overlap": "Overlap",
    "dead_air": "Dead air",
    "announced": "Announced wait",
    "hold": "On hold",
    "dead_line": "Dead line",
    "announcement": "Announcement",
    "pause": "Long pause",
    "fast": "Fast passage",
    "ending": "Ending",
    "avoid": "To work on",
    "credit": "Done well",
}

RULES: Mapping[str, str] = {
    "dont_know": "“I don’t know”",
    "dont_care": "“I don’t care”",
    "not_my_problem": "“Not my problem”",
    "dislike": "Dislike of the customer",
    "know_it_all": "Know-it-all",
    "dont_come_back": "“Don’t come back”",
    "i_am_right": "“I’m right, you’re wrong”",
    "hurry_up": "Hurrying the customer",
    "reproach": "Reproach",
    "tone": "Not the company’s tone",
    "over_promise": "Over-promise",
    "gushing_apology": "Gushing apology",
    "blame_management": "Blaming the management",
    "flat_no": "Flat no",
    "upsell_after_complaint": "Selling while the complaint was open",
    "acknowledgement": "Acknowledged the customer",
    "asks_wish": "Asked for the customer’s wish",
    "offers_choice": "Offered a choice",
    "explains_benefit": "Explained the benefit",
    "uses_name": "Used the customer’s name",
    "offers_solution": "Offered a solution",
    "recap": "Summed up",
    "dated_next_step": "Next step with a date",
}

CREDITED_RULES = frozenset(CREDIT)

CRITERIA: Mapping[str, str] = {
    "recap": "Summed up what will happen",
    "next_step_dated": "Next step with date and owner",
    "offer_more_help": "Offered more help",
    "positive_close": "Closed on a positive note",
    "no_renewed_apology": "No renewed apology",
    "no_reproach": "No reproach",
    "stops_talking": "Left the customer the last word",
    "no_dead_air": "No dead air",
    "not_hung_up_on": "Nobody was hung up on",
}

UNMET: Mapping[str, str] = {
    "recap": "No summing up",
    "next_step_dated": "No dated next step",
    "offer_more_help": "No offer of more help",
    "positive_close": "No positive close",
    "no_renewed_apology": "Apologised again at the end",
    "no_reproach": "Reproach at the end",
    "stops_talking": "Did not leave the last word",
    "no_dead_air": "Dead air at the end",
    "not_hung_up_on": "Somebody was hung up on",
}
"""The criteria of the ending, said of a call that missed them."""

SCORED: Mapping[str, str] = {
    "speech_rate": "Agent speaks {:.0f} words/min",
    "sentence_pauses": "Pauses at {:.0%} of sentence ends",
    "no_interruptions": "Interruptions: {:.0f}",
    "no_talking_over": "Attempts to cut in: {:.0f}",
    "no_dead_air": "Dead air: {:.0f} s in all",
    "answers_promptly": "Answers after {:.1f} s",
    "avoided": "Wordings to avoid: {:.0f}",
    "credited": "Kinds of good wording: {:.0f}",
    "ending": "Ending: {:.0f} of 100",
}
"""The criteria of the score with the value that was measured (``{}``)."""

OUTCOMES: Mapping[str, str] = {
    "answered": "Answered",
    "asked_back": "Asked back",
    "put_off": "Put off, never taken up again",
    "unanswered": "Unanswered",
}
"""What became of a question."""

STAGES: Mapping[str, str] = {
    "position": "Position",
    "explosion": "Explosion",
    "acceptance": "Acceptance",
    "plan": "Plan",
    "action": "Action",
}

CHECKS: Mapping[str, str] = {
    "friendly": "Friendly",
    "states_the_point": "Gives the reason with the no",
    "lets_off_steam": "Lets the customer let off steam",
    "does_not_talk_over": "Does not talk over the customer",
    "does_not_argue": "Does not argue or repeat the no",
    "acknowledges": "Shows understanding",
    "explains": "Explains why",
    "looks_for_a_way_out": "Looks for a way out together",
    "advises": "Advises what can be done",
    "carries_out": "Carries the plan out",
}
"""What the agent should do in each stage."""

HABITS: Mapping[str, str] = {"footballer": "The footballer", "nurse": "The nurse"}

SIGNS: Mapping[str, str] = {
    "flat_no": "a no with neither reason nor way out",
    "repeated": "the same no again",
    "sends_to_complain": "sends the customer off to complain",
    "monotone": "in a monotone",
    "blames_upward": "blames those upstairs",
    "apologies": "one apology after the other",
    "unsure": "sounds unsure",
}

COMPLAINERS: Mapping[str, str] = {
    "hater": "hater",
    "extreme_critic": "extreme critic",
    "once_happy": "once happy, now annoyed",
    "happy_fan": "happy fan",
}

CONTACTS: Mapping[str, str] = {
    "node": "Menu",
    "queue": "Queue",
    "ringing": "Ringing",
    "agent": "Agent",
    "announcement": "Announcement",
    "hold": "On hold",
}

BANDS: Mapping[str, str] = {"narrow": "narrowband", "wide": "wideband", "super-wide": "super-wideband"}

LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "uk": "Ukrainian",
    "ru": "Russian",
    "nb": "Norwegian",
    "ro": "Romanian",
    "lt": "Lithuanian",
}


def name(names: Mapping[str, str], id_: str) -> str:
    """The name of an id; ``late_start`` without one becomes ``Late start``."""
    plain = id_.replace("_", " ").strip()
    return names.get(id_) or plain[:1].upper() + plain[1:] or "–"
