"""What is wrong with a rubric before a call is scored by it: reads files and does nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from speechqa.evidence import SHOWN
from speechqa.facts import ALL_NAMES, DOMAINS
from speechqa.measures.ending import CRITERIA
from speechqa.rubric.document import read_document
from speechqa.rubric.layers import Joined
from speechqa.rubric.lexicon_check import check_lexicon
from speechqa.rubric.model import Range, Rubric, RubricCriterion
from speechqa.rubric.problems import Place, Problem, RubricError, RubricUnsound, did_you_mean
from speechqa.rubric.rubrics import read_rubric
from speechqa.rubric.score import share

_Said = Callable[..., Problem]
WHOLE = 100.0
NEAR = 0.005


def check_paths(paths: list[Path]) -> list[Problem]:
    """Everything wrong with these rubrics and lexicons, and with those in these folders."""
    problems: list[Problem] = []
    for path in paths:
        files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
        if not files:
            problems.append(Problem(Place(str(path)), "", "error", "no rubric is here", "", "name a .yaml file"))
        for file in files:
            problems += _check_file(file, beside=path.is_dir())
    return sorted(set(problems))


def _check_file(file: Path, *, beside: bool) -> list[Problem]:
    try:
        document = read_document(file)
        content = document.content if isinstance(document.content, dict) else {}
        if "phrases" in content:
            return list(check_lexicon(document))
        if beside and "rubric" not in content:
            return []
        read = read_rubric(file)
    except RubricUnsound as error:
        return list(error.problems)
    except RubricError as error:
        what = str(error).removeprefix(f"{file} ")
        return [Problem(Place(str(file)), "", "error", what, "", "name a rubric file that is there")]
    problems = [*_check(read.rubric, read.joined)]
    for language, rubric in read.rubric.languages.items():
        problems += _check(rubric, read.spoken[language])
    return problems


def _check(rubric: Rubric, joined: Joined) -> Iterator[Problem]:
    for section in rubric.sections:
        for criterion in section.criteria:
            yield from _criterion(criterion, joined)
    yield from _sums(rubric, joined)
    yield from _contradictions(rubric, joined)
    for name in rubric.ending:
        if name not in CRITERIA:
            what = f"the ending has no criterion '{name}'"
            yield Problem(joined.place("ending", name), "", "error", what, "", did_you_mean(name, CRITERIA))


def _sums(rubric: Rubric, joined: Joined) -> Iterator[Problem]:
    weights = [section.weight for section in rubric.sections if section.weight is not None]
    points = sum(criterion.points for section in rubric.sections for criterion in section.criteria)
    if weights and len(weights) < len(rubric.sections):
        bare = next(section.id for section in rubric.sections if section.weight is None)
        what, remedy = f"section '{bare}' has no weight, others have", "give every section a weight, or none"
        yield Problem(joined.place("section", bare), "", "error", what, "", remedy)
    elif weights and abs(sum(weights) - WHOLE) > NEAR:
        yield _sum(joined.place(), "the sections' weights", sum(weights))
    elif not weights and abs(points - WHOLE) > NEAR:
        yield _sum(joined.place(), "the criteria's points", points)
    closing = sum(rubric.ending.values())
    if abs(closing - WHOLE) > NEAR:
        yield _sum(joined.place("ending"), "the points of the ending", closing)


def _sum(place: Place, whose: str, found: float) -> Problem:
    more = f"{WHOLE - found:g} more" if found < WHOLE else f"{found - WHOLE:g} fewer"
    what, why = f"{whose} are {found:g} in all, not {WHOLE:g}", "a point would not be what it says"
    return Problem(place, "", "error", what, why, f"give {more}")


def _criterion(criterion: RubricCriterion, joined: Joined) -> Iterator[Problem]:
    id_ = criterion.id

    def problem(field: str, what: str, why: str, remedy: str, *, warn: bool = False) -> Problem:
        return Problem(joined.place(id_, field), id_, "warning" if warn else "error", what, why, remedy)

    if criterion.fact not in ALL_NAMES:
        yield problem("fact", f"no fact is called '{criterion.fact}'", "", did_you_mean(criterion.fact, ALL_NAMES))
        return
    for name in criterion.shows:
        if name not in SHOWN:
            yield problem("shows", f"nothing of a call is called '{name}'", "", did_you_mean(name, SHOWN))
    yield from _ranges(criterion, problem)
    yield from _exemptions(criterion, problem)
    if criterion.points == 0:
        yield problem(
            "points", "the criterion has no points", "it changes nothing", "give it points or drop it", warn=True
        )
    if not criterion.advice:
        yield problem("id", "there is no advice", "the agent would not know what to do", "write `advice:`", warn=True)
    yield from _examples(criterion, problem)


def _ranges(criterion: RubricCriterion, problem: _Said) -> Iterator[Problem]:
    (low, high), (worst_low, worst_high) = criterion.full, criterion.none
    least, most = DOMAINS[criterion.fact]
    if low is not None and high is not None and low > high:
        yield problem("full", f"the range runs from {low:g} down to {high:g}", "no value is in it", "turn it round")
        return
    if (low is not None and low > most) or (high is not None and high < least):
        why = f"{criterion.fact} is between {least:g} and {most:g}"
        yield problem("full", "no call can reach the full points", why, "take a range that the fact can be in")
    if (worst_low is not None and low is not None and worst_low > low) or (
        worst_high is not None and high is not None and worst_high < high
    ):
        why = "a value would earn everything and nothing"
        yield problem("none", "`none` lies inside `full`", why, "let `none` be the outer bounds")
    closed = (low is None or low <= least) and (high is None or high >= most)
    if closed:
        why = "every value earns all points" + (", so it can never fail a call" if criterion.critical else "")
        yield problem("full", "the criterion cannot be missed", why, "give `full` a bound inside what the fact can be")


def _exemptions(criterion: RubricCriterion, problem: _Said) -> Iterator[Problem]:
    for each in criterion.not_applicable:
        if each.fact not in ALL_NAMES:
            yield problem("not_applicable", f"no fact is called '{each.fact}'", "", did_you_mean(each.fact, ALL_NAMES))
            continue
        least, most = DOMAINS[each.fact]
        if each.below is None and each.above is None:
            why = "the rule exempts nothing"
            yield problem("not_applicable", "neither `below` nor `above` is given", why, "write a bound")
            continue
        if (each.below is None or each.below <= least) and (each.above is None or each.above >= most):
            yield problem("not_applicable", "the rule is dead", "no value is beyond its bound", "move the bound")
        if (
            (each.below is not None and each.below > most)
            or (each.above is not None and each.above < least)
            or (each.below is not None and each.above is not None and each.above < each.below)
        ):
            yield problem("not_applicable", "the criterion is unreachable", "every value is exempt", "move the bound")


def _examples(criterion: RubricCriterion, problem: _Said) -> Iterator[Problem]:
    if not criterion.earns:
        remedy = "write `earns: {value: points}` with a value that earns all and one that earns nothing"
        yield problem("id", "the criterion is untested", "nobody has said what must come of it", remedy, warn=True)
    for value, points in criterion.earns:
        earned = criterion.points * share(criterion, value)
        if abs(earned - points) > NEAR:
            what = f"{value:g} earns {earned:.4g} points, not {points:g}"
            yield problem("earns", what, "the example must hold", "correct the example or the ranges")
    shares = {points == criterion.points for _, points in criterion.earns}
    if criterion.earns and len(shares) == 1:
        one = "all points" if True in shares else "points that were lost"
        yield problem("earns", f"the examples know only {one}", "half of the rule is untested", "add one", warn=True)


def _contradictions(rubric: Rubric, joined: Joined) -> Iterator[Problem]:
    """Two criteria on one fact that no call can both meet."""
    criteria = [criterion for section in rubric.sections for criterion in section.criteria]
    for i, one in enumerate(criteria):
        for two in criteria[i + 1 :]:
            if one.fact == two.fact and _apart(one.full, two.full):
                what = f"it contradicts '{one.id}': no {one.fact} is in both full ranges"
                remedy = "let the ranges overlap, or drop one"
                yield Problem(joined.place(two.id, "full"), two.id, "error", what, "no call can meet both", remedy)


def _apart(one: Range, two: Range) -> bool:
    def beyond(upper: float | None, lower: float | None) -> bool:
        return upper is not None and lower is not None and upper < lower

    return beyond(one[1], two[0]) or beyond(two[1], one[0])
