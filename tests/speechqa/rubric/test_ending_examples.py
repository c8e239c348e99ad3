"""Endings of calls written apart from the lexicon's own examples, labelled by hand."""

# ruff: noqa: E501

from __future__ import annotations

import pytest

from speechqa.measures import ending
from tests.speechqa.measures.talks import ENGLISH, talk

LABELS = ("recap", "next_step_dated", "offer_more_help", "positive_close", "no_renewed_apology", "no_reproach")
ENDINGS = [
    (
        "Okay, so I've booked a technician for Thursday between two and four. Is there anything else I can do for you today? Great. Thanks for choosing us, take care.",
        "111111",
    ),
    (
        "Right so just to recap, you'll receive the refund within five business days and I'll email you a confirmation this afternoon. Have a great rest of your day.",
        "110111",
    ),
    (
        "To summarize, our team will replace the meter on Monday the third. Do you have any more questions for me? It was nice talking to you, bye now.",
        "111111",
    ),
    ("Well that's all I can do. You'll have to wait. Bye.", "000011"),
    (
        "Like I told you already, you ought to have checked the terms. Once again, we apologise for any inconvenience. Goodbye.",
        "000000",
    ),
    (
        "I'm going to call you myself on Wednesday morning to make sure it works. What else can I help with? My pleasure, have a wonderful evening.",
        "111111",
    ),
    ("Someone should get back to you sometime next week maybe. Sorry again about everything.", "000001"),
    ("We'll try to fix it soon. Okay. Bye bye.", "000011"),
    (
        "Your new card is being sent out today and will arrive by Saturday. Can I assist you with anything further? Thank you for your patience and enjoy your weekend.",
        "111111",
    ),
    ("If you had listened the first time you wouldn't have this problem. There's nothing more to say.", "000010"),
    ("The case is closed. Is that everything? Fine. Bye.", "001011"),
    ("I have noted it down. I do apologize once more for the terrible service, it was really awful.", "000001"),
    ("My supervisor Tom is going to phone you at half past ten tomorrow. Glad I could help. Bye.", "110111"),
    ("We will let you know. Have a nice day.", "000111"),
    (
        "Let me sum that up for you. The engineer comes tomorrow morning and I will text you his number tonight. Is there something else? All the best.",
        "111111",
    ),
    ("The parcel leaves our depot tonight, and you will get it on Tuesday before twelve.", "110011"),
    ("You never told us that you had moved. Nothing we can do now.", "000010"),
    ("I'm really very sorry about all of this, really I am. Goodbye.", "000001"),
    (
        "So what we agreed is that I cancel the order and you keep the voucher. Anything more I can do? You're very welcome, bye bye.",
        "101111",
    ),
    ("Next time please read the letter before you call. Bye.", "000010"),
]


@pytest.mark.parametrize(("text", "labels"), ENDINGS)
def test_an_ending_meets_what_its_label_says(text: str, labels: str) -> None:
    conversation = talk(
        [
            ("agent", 0.0, "Hello how can I help?"),
            ("customer", 3.0, "My boiler is broken and I am cold."),
            ("agent", 20.0, text),
            ("customer", 45.0, "Okay."),
        ],
        duration_s=60.0,
    )
    met = {each.id: each.met for each in ending.measure(conversation, ENGLISH).criteria}
    assert "".join("1" if met[label] else "0" for label in LABELS) == labels
