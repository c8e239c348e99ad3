"""Analyses that the exports are tried on: a known call, and any call that hypothesis thinks of."""

from __future__ import annotations

from pathlib import Path

from speechqa.analysis import AnalyzedCall, AnalyzedRecording, Engines, PartyQuality, Quality
from speechqa.conversation import Conversation
from speechqa.exchange.document import Document, document_of
from speechqa.rubric.load import load_rubric
from speechqa.stages import assembled, judge
from tests.speechqa.measures.talks import talk

DATA = Path(__file__).with_name("data")
RUBRIC = load_rubric()
LINES = [
    ("agent", 0.5, "Good morning, this is Ines. How can I help?"),
    ("customer", 4.0, "Hello, my name is Jana Novak. The cake came late and the"),
    ("agent", 7.3, "As I said before, that is not my problem, you should have called."),
    ("customer", 12.0, "So nobody helps me?"),
    ("agent", 17.5, "I will send a new one tomorrow at nine. Anything else?"),
    ("customer", 21.5, "No, thank you."),
    ("agent", 22.8, "Thank you for calling, have a nice day."),
]
CALL = talk(LINES, duration_s=26.5)  # type: ignore[arg-type]


def analysed(call: Conversation, *, file: str = "a call.wav", started: str | None = None) -> Document:
    """The document of a conversation, as if it had been heard in a stereo file with the agent on the right."""
    judged = judge(Conversation(call.duration_s, call.language, call.speech, call.words), RUBRIC)
    made = assembled(
        judged,
        recording=AnalyzedRecording(
            file, "ab12", 8000, "stereo", {"agent": 1, "customer": 0}, 0.9, False, {"agent": 0.0, "customer": 0.0}, 1.0
        ),
        engines=Engines("silero", "whisper tiny.en", "1"),
        quality=Quality(PartyQuality(-20.5, 31.0, 0.0), None, False),
        call=AnalyzedCall("c-42", started, "Ines", "Jana Novak") if started else None,
    )
    return document_of(made.to_json(), "analysis.json")


KNOWN = analysed(CALL, started="2026-11-22T10:00:00+00:00")
