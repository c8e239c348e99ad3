"""A better ending quotes steps as one says them when summing up, not as one answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speechqa.better_ending import bare_step
from speechqa.rubric.load import languages, load_closing


@pytest.mark.parametrize(
    ("language", "said", "told"),
    [
        ("en", "Right, the engineer will come tomorrow.", "The engineer will come tomorrow."),
        ("en", "Wonderful, then you will be online by noon.", "Then you will be online by noon."),
        ("en", "okay great, I will call you on Monday", "I will call you on Monday"),
        ("en", "Right after noon I will call you.", "Right after noon I will call you."),
        ("uk", "Добре, я передзвоню завтра.", "Я передзвоню завтра."),
        ("ru", "Хорошо, мастер придёт во вторник.", "Мастер придёт во вторник."),
        ("nb", "Flott, jeg ringer deg i morgen.", "Jeg ringer deg i morgen."),
        ("nb", "Da ringer jeg deg i morgen.", "Da ringer jeg deg i morgen."),
        ("ro", "În regulă, vă sun mâine.", "Vă sun mâine."),
        ("lt", "Gerai, paskambinsiu rytoj.", "Paskambinsiu rytoj."),
    ],
)
def test_what_only_answers_is_left_out(language: str, said: str, told: str) -> None:
    closing = load_closing(language)
    assert closing is not None
    assert bare_step(said, closing.openers) == told


@given(st.text(max_size=60), st.sampled_from(languages()))
def test_nothing_is_invented(quote: str, language: str) -> None:
    closing = load_closing(language)
    assert closing is not None
    told = bare_step(quote, closing.openers)
    assert quote.upper().endswith(told.upper())
    assert not quote or told
