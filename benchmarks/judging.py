"""How long judging without sound takes: ``python -m benchmarks.judging [--hours 1]``.

A made-up talk of about 175 words a minute is judged as turns; the shipped rubrics and the English lexicon are checked
with all their examples; 300 calls with twelve criteria and three reviewers are compared. Seconds of processor time.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable

from speechqa.agreement.compare import compare
from speechqa.agreement.reviews import read_reviews
from speechqa.rubric.check import check_paths
from speechqa.rubric.rubrics import SHIPPED, load_rubric, shipped
from speechqa.written_call import judge_written, read_written_call

TALK = (
    ("agent", 0.0, 3.0, "Good morning, this is Ines. How can I help?"),
    ("customer", 4.0, 9.0, "Hello, my name is Jana Novak. The cake came late and I am very angry."),
    (
        "agent",
        9.5,
        15.0,
        "I am sorry to hear that, Mrs Novak. I will send a new one tomorrow at nine, in time for you.",
    ),
    ("customer", 15.5, 17.0, "So nobody told me?"),
    ("agent", 17.5, 20.0, "I'm afraid we can't refund it, because the week is over."),
)
ROUND_S = 20.0


def transcript(hours: float) -> str:
    """The talk over and over."""
    turns = [
        {"party": party, "start_s": start + ROUND_S * i, "end_s": end + ROUND_S * i, "text": text}
        for i in range(round(hours * 3600 / ROUND_S))
        for party, start, end, text in TALK
    ]
    return json.dumps({"language": "en", "turns": turns})


def reviews(calls: int, criteria: int) -> str:
    """Two people and a machine, each one off in two of five scores."""
    chance = random.Random(3)
    rows = ["call,criterion,reviewer,score,agent,language"]
    for call in range(calls):
        for criterion in range(criteria):
            true = chance.randint(1, 5)
            for who in ("anna", "ben", "machine"):
                given = max(1, min(5, true + chance.choice([0, 0, 0, 1, -1])))
                rows.append(f"c{call},k{criterion},{who},{given},a{call % 12},l{call % 3}")
    return "\n".join(rows)


def timed(what: str, work: Callable[[], object]) -> None:
    begun = time.process_time()
    work()
    print(f"{what:44} {time.process_time() - begun:6.2f} s")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--hours", type=float, default=1.0)
    hours = options.parse_args().hours
    rubric, text, table = load_rubric(), transcript(hours), reviews(300, 12)
    judge_written(read_written_call(transcript(0.02), "warm"), rubric)
    timed(
        f"{hours:g} h as turns, {len(text) // 1000} kB, judged",
        lambda: judge_written(read_written_call(text, "t"), rubric),
    )
    files = [SHIPPED / f"{name}.yaml" for name in (*shipped(), "en")]
    timed("three rubrics and the English lexicon, checked", lambda: check_paths(files))
    timed("300 calls, 12 criteria, 3 reviewers, compared", lambda: compare(read_reviews(table, "reviews")))


if __name__ == "__main__":
    main()
