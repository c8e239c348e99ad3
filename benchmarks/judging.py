"""How long judging without sound takes: ``python -m benchmarks.judging [--hours 1]``.

In each language a made-up talk of 175 words a minute is judged as turns: sentences of `tests/data/paraphrases` in a
drawn order, so that every rule has something to look at. The shipped rubrics and the English lexicon are checked
with all their examples; 300 calls with twelve criteria and three reviewers are compared. Seconds of processor time.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable
from functools import partial

from benchmarks.judgement.paraphrases import LANGUAGES, read_paraphrases
from speechqa.agreement.compare import compare
from speechqa.agreement.reviews import read_reviews
from speechqa.rubric.check import check_paths
from speechqa.rubric.model import Rubric
from speechqa.rubric.rubrics import SHIPPED, load_rubric, shipped
from speechqa.written_call import Judgement, judge_written, read_written_call

WORDS_PER_S, GAP_S = 175 / 60, 0.5


def transcript(language: str, hours: float) -> str:
    """The two parties in turn, one to four sentences each."""
    chance = random.Random(1)
    said = [text for rule in read_paraphrases(language).values() for text in (*rule.said, *rule.traps)]
    turns: list[dict[str, object]] = []
    at_s = 0.0
    while at_s < hours * 3600:
        text = " ".join(chance.choices(said, k=chance.choice((1, 1, 2, 3, 4))))
        end_s = at_s + len(text.split()) / WORDS_PER_S
        party = "customer" if len(turns) % 2 else "agent"
        turns.append({"party": party, "start_s": round(at_s, 2), "end_s": round(end_s, 2), "text": text})
        at_s = end_s + GAP_S
    return json.dumps({"language": language, "turns": turns}, ensure_ascii=False)


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
    print(f"{what:48} {time.process_time() - begun:6.2f} s")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--hours", type=float, default=1.0)
    hours = options.parse_args().hours
    rubric, table = load_rubric(), reviews(300, 12)
    for language in LANGUAGES:
        text = transcript(language, hours)
        timed(f"{language}: the lexicon read", partial(judge_short, language))
        timed(
            f"{language}: {hours:g} h as turns, {len(text) // 1000} thousand letters, judged",
            partial(judge, text, rubric),
        )
    files = [SHIPPED / f"{name}.yaml" for name in (*shipped(), "en")]
    timed("three rubrics and the English lexicon, checked", lambda: check_paths(files))
    timed("300 calls, 12 criteria, 3 reviewers, compared", lambda: compare(read_reviews(table, "reviews")))


def judge(text: str, rubric: Rubric) -> Judgement:
    return judge_written(read_written_call(text, "t"), rubric)


def judge_short(language: str) -> None:
    """A call of half a minute, so that what is read once is read."""
    judge_written(read_written_call(transcript(language, 0.01), "warm"), load_rubric())


if __name__ == "__main__":
    main()
