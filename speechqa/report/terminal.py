"""The scorecard in a terminal: score, measures, the two-lane timeline and the findings.

Fits 80 columns and uses more where there are more. Nothing rests on colour; a terminal that is not UTF-8 gets ASCII.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from speechqa.conversation import PARTIES
from speechqa.report import attention, closing, complaints, conflict, labels, marks, scorecard, strip
from speechqa.report.figures import facts, notes, pace_figures, pause_figures, sound_figures, talk_s
from speechqa.report.reading import (
    Document,
    Stretch,
    amount,
    call_length_s,
    clock,
    number,
    part,
    percent,
    points,
    stretches,
    text,
)

WIDEST = 120
LABEL_WIDTH = 10
STYLES: Mapping[str, str] = {"bad": "bold red", "warn": "yellow", "good": "green", "plain": "dim"}
PARTY_STYLES: Mapping[str, str] = {"agent": "blue", "customer": "cyan"}
PLAIN_SIGNS = str.maketrans(
    {"“": '"', "”": '"', "’": "'", "‘": "'", "–": "-", "—": "-", "−": "-", "…": "...", "×": "x"}
)


def print_scorecard(analysis: Mapping[str, Any], console: Console) -> None:
    """Print one call's scorecard from the document ``speechqa.analysis/1``, any field of which may be null."""
    pen = _Pen(console)
    pen.header(analysis)
    pen.sections(analysis)
    pen.measures(analysis)
    pen.timeline(analysis)
    pen.findings(analysis)
    pen.conflict(analysis)
    pen.complaint(analysis)
    pen.journey(analysis)
    pen.ending(analysis)
    pen.advice(analysis)
    pen.proposal(analysis)
    pen.notes(analysis)
    pen.rule()
    pen.trust(analysis)
    pen.say(scorecard.verdict(analysis), "bold")


class _Pen:
    """Writes on one console what its encoding can hold."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.width = min(WIDEST, console.width)
        self.ascii_only = not console.encoding.lower().replace("-", "").startswith("utf8")

    def plain(self, text: str) -> str:
        """The text in the console's encoding, with ``?`` for what it cannot hold."""
        if not self.ascii_only:
            return text
        return text.translate(PLAIN_SIGNS).encode(self.console.encoding, "replace").decode(self.console.encoding)

    def text(self, text: str, style: str = "") -> Text:
        """Never read as markup."""
        return Text(self.plain(text), style=style)

    def say(self, text: str, style: str = "", indent: int = 0) -> None:
        """One paragraph, wrapped."""
        self.show(Padding(self.text(text, style), (0, 0, 0, indent), expand=False))

    def show(self, what: Any) -> None:
        """Print within the card's width, leaving words alone."""
        self.console.print(what, width=self.width, highlight=False, emoji=False, markup=False)

    def rule(self) -> None:
        """A line over the card's width."""
        self.say(("-" if self.ascii_only else "─") * self.width, "dim")

    def heading(self, text: str) -> None:
        """A blank line and a title."""
        self.console.print()
        self.say(text, "bold")

    def table(self, *columns: tuple[str, bool]) -> Table:
        """A table over the card's width; the columns' titles and whether they hold numbers."""
        table = Table(box=box.ASCII if self.ascii_only else box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
        for title, numbers in columns:
            table.add_column(self.text(title), justify="right" if numbers else "left", overflow="fold")
        return table

    def header(self, analysis: Document) -> None:
        self.rule()
        for name, value in facts(analysis):
            self.show(Text.assemble(self.text(f"{name:<14}", "dim"), self.text(value)))

    def sections(self, analysis: Document) -> None:
        found = scorecard.sections(analysis)
        if not found:
            return
        table = self.table(("Score", False), ("Points", True), ("", False), ("Lost on", False))
        for section in found:
            costs = "; ".join(_cost(cost) for cost in section.costs)
            earned = f"{points(section.points)} / {points(section.highest)}" if section.points is not None else "–"
            table.add_row(*map(self.text, (section.name, earned, self.bar(section.share), costs)))
        total = scorecard.total(analysis)
        table.add_section()
        table.add_row(
            self.text("Total", "bold"), self.text(f"{amount(total)} / 100", "bold"), self.text(""), self.text("")
        )
        self.show(table)

    def bar(self, share: float | None) -> str:
        """Ten characters for 0-1."""
        full, empty = ("#", ".") if self.ascii_only else ("█", "░")
        return "" if share is None else full * round(10 * share) + empty * (10 - round(10 * share))

    def measures(self, analysis: Document) -> None:
        table = self.table(("Measure", False), ("Agent", True), ("Customer", True))
        talk = talk_s(analysis)
        shares = {who: percent(talk[who] / sum(talk.values()) if any(talk.values()) else None) for who in PARTIES}
        self._rows(table, {who: {**pace_figures(analysis, who), "Share of talk": shares[who]} for who in PARTIES})
        self._rows(table, {who: pause_figures(analysis, who) for who in PARTIES})
        overlaps = marks.overlaps(analysis)
        for kind in dict.fromkeys(mark.kind for mark in overlaps):
            counts = [sum(m.kind == kind and m.party == who for m in overlaps) for who in PARTIES]
            table.add_row(self.text(labels.name(labels.KINDS, kind)), *(self.text(str(count)) for count in counts))
        latency = part(analysis, "latency")
        answers = (number(latency.get(f"agent_{key}_s")) for key in ("median", "p90"))
        table.add_row(
            self.text("Answers after, median / p90"), self.text(" / ".join(amount(a, "s", 2) for a in answers)), ""
        )
        share = number(part(analysis, "listening").get("agent_sentence_pause_share"))
        table.add_row(self.text("Pauses after sentences"), self.text(percent(share)), "")
        self._rows(table, {who: attention.filler_figures(analysis, who) for who in PARTIES})
        self._rows(table, {who: attention.question_figures(analysis, who) for who in PARTIES})
        for tile in attention.tiles(analysis):
            table.add_row(self.text(tile.name), self.text(tile.value), "")
        self._rows(table, {who: sound_figures(analysis, who) for who in PARTIES})
        self.show(table)

    def _rows(self, table: Table, figures: Mapping[Any, Mapping[str, str]]) -> None:
        for name, value in figures["agent"].items():
            table.add_row(*map(self.text, (name, value, figures["customer"][name])))

    def timeline(self, analysis: Document) -> None:
        length_s, width = call_length_s(analysis), self.width - LABEL_WIDTH
        if length_s <= 0:
            return
        events, found = marks.all_marks(analysis), _finding_marks(analysis)
        for who in ("customer", "agent"):
            lane = strip.speech_lane(stretches(analysis, "speech", who), length_s, width, ascii_only=self.ascii_only)
            self.lane(labels.PARTIES[who], Text(lane, style=PARTY_STYLES[who]))
        for label, chosen in (("Events", events), ("Findings", found)):
            cells = strip.event_lane(chosen, length_s, width)
            self.lane(label, Text.assemble(*((c.letter, STYLES[c.mark.tone] if c.mark else "") for c in cells)))
        for line in strip.axis(length_s, width, ascii_only=self.ascii_only):
            self.lane("", Text(line, style="dim"))
        self.legend([*events, *found])

    def lane(self, label: str, content: Text) -> None:
        self.show(Text.assemble(self.text(f"{label:<{LABEL_WIDTH}}", "bold"), content, no_wrap=True))

    def legend(self, found: Iterable[marks.Mark]) -> None:
        kinds = {mark.kind: mark for mark in found}
        signs = [kinds[kind] for kind in marks.LETTERS if kind in kinds]
        parts = [Text.assemble((m.letter, STYLES[m.tone]), self.text(f" {m.name}").append("   ")) for m in signs]
        line = Text()
        for each in parts:
            if line and line.cell_len + each.cell_len - 3 > self.width - LABEL_WIDTH:
                self.lane("", line)
                line = Text()
            line.append_text(each)
        if line:
            self.lane("", line)

    def findings(self, analysis: Document) -> None:
        found = scorecard.findings(analysis)
        for title, credit in (("To work on", False), ("Done well", True)):
            chosen = [finding for finding in found if finding.credit is credit]
            if chosen:
                self.heading(title)
            for finding in chosen:
                self._finding(finding)

    def _finding(self, finding: scorecard.Finding) -> None:
        sign, style = ("+", STYLES["good"]) if finding.credit else ("!", STYLES["bad"])
        at = _at(finding.when)
        name = self.text(finding.name, "bold")
        self.show(Text.assemble((f"{sign} ", style), self.text(f"{at:>7}  "), name))
        if finding.quote:
            self.say(f"“{finding.quote}”", indent=11)
        if finding.say_instead:
            self.say(f"Say instead: {finding.say_instead}", "green", indent=11)

    def conflict(self, analysis: Document) -> None:
        """The customer's curve in characters, the stages with what was left out, and the habits."""
        drawn, length_s = conflict.conflict_map(analysis), call_length_s(analysis)
        if drawn is None or not drawn.bands:
            return
        self.heading("Conflict map")
        width = self.width - LABEL_WIDTH
        lane = strip.level_lane([(dot.left, dot.height) for dot in drawn.dots], width, ascii_only=self.ascii_only)
        self.lane("Emotion", Text(lane, style=PARTY_STYLES["customer"]))
        for line in strip.axis(length_s, width, ascii_only=self.ascii_only):
            self.lane("", Text(line, style="dim"))
        self.say(f"{drawn.summary} {drawn.basis}")
        for band in drawn.bands:
            missed = [check.name[:1].lower() + check.name[1:] for check in band.checks if check.met is False]
            told = f": not met: {'; '.join(missed)}" if missed else ""
            self.say(f"{_at(band.when):>7}  {band.name}{told}")
        for name, signs in conflict.habits(analysis):
            at: dict[str, list[str]] = {}
            for told, place in signs:
                for sign in told.split("; "):
                    at.setdefault(sign, []).append(_at(place.when))
            said = (f"{sign} ({', '.join(times)})" for sign, times in at.items())
            self.say(f"{name}: {'; '.join(said)}", "yellow")

    def complaint(self, analysis: Document) -> None:
        lines = [*complaints.complaint(analysis), *complaints.offers(analysis)]
        if lines:
            self.heading("Complaint" if complaints.complaint(analysis) else "Offers for sale")
        for line in lines:
            sign, tone = {True: ("met", "good"), False: ("missed", "bad"), None: ("", "plain")}[line.met]
            places = ", ".join(_at(place.when) for place in line.places)
            more = f"  ({', '.join(filter(None, (places, line.more)))})" if places or line.more else ""
            self.show(Text.assemble((f"{sign:>9}", STYLES[tone]), self.text(f"  {line.name}{more}")))

    def journey(self, analysis: Document) -> None:
        found = complaints.touchpoints(analysis)
        if len(found) < 2:
            return
        self.heading("Touchpoints")
        for each in found:
            outcome = ", ".join(filter(None, (each.length, each.outcome, each.mood)))
            self.show(Text.assemble(self.text(f"{each.starts:>9}  {each.kind} {each.name}".rstrip()), f"  ({outcome})"))

    def ending(self, analysis: Document) -> None:
        criteria = scorecard.criteria(analysis)
        if not criteria:
            return
        score = number(part(analysis, "ending").get("score"))
        self.heading("Ending" if score is None else f"Ending: {amount(score)} of 100")
        for criterion in criteria:
            sign, tone = {True: ("met", "good"), False: ("missed", "bad"), None: ("?", "plain")}[criterion.met]
            name = criterion.missed if criterion.met is False else criterion.name
            places = ", ".join(_at(e.when) for e in criterion.evidence if e.when)
            where = f"  ({places})" if places else f"  ({criterion.reason})" if criterion.reason else ""
            self.show(Text.assemble((f"{sign:>9}", STYLES[tone]), self.text(f"  {name}{where}")))

        if ended := closing.how_it_ended(analysis):
            self.say(ended)
        if better := closing.better_ending(analysis):
            self.say(f"You could have ended on: “{better}”")

    def trust(self, analysis: Document) -> None:
        """What would have changed the score most, and why a human must look."""
        if changes := closing.changes(analysis):
            self.say(f"What would have changed the score most: {'; '.join(changes)}.")
        if doubts := closing.doubts(analysis):
            self.say(f"A human must look: {' '.join(doubts)}")

    def proposal(self, analysis: Document) -> None:
        """What a language model proposed, told apart from everything that was measured."""
        proposed = complaints.proposal(analysis)
        if proposed:
            self.heading(f"Proposed by a language model ({text(proposed.get('model'))})")
            self.say(text(proposed.get("summary")) or "No summary.")
            self.say(text(proposed.get("note")), "dim")

    def advice(self, analysis: Document) -> None:
        lines = scorecard.advice(analysis)
        if lines:
            self.heading("Coaching")
        for line in lines:
            self.say(f"{'*' if self.ascii_only else '•'} {line.text}")

    def notes(self, analysis: Document) -> None:
        lines = notes(analysis)
        if lines:
            self.heading("Notes")
        for line in lines:
            self.say(line, "dim")


def _finding_marks(analysis: Document) -> list[marks.Mark]:
    found = scorecard.findings(analysis)
    return [marks.Mark("credit" if f.credit else "avoid", None, f.when, f.quote) for f in found if f.when]


def _cost(cost: scorecard.Cost) -> str:
    lost = f" (−{points(abs(cost.points))})" if cost.points else ""
    return f"{clock(cost.when.start_s)} {cost.text}{lost}" if cost.when else f"{cost.text}{lost}"


def _at(when: Stretch | None) -> str:
    return clock(when.start_s) if when else "–"
