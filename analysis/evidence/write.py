"""What the command does: run the world of a folder again for its log, weigh what a viewer has of it, and leave the files."""

import hashlib
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.evidence.answers import answers, title_of
from analysis.evidence.explanations import Case, arm_of, case_of, drawn_sets, members_of
from analysis.evidence.kept_out import Progress, keep_out, tasks_of
from analysis.evidence.likelihood import Interval
from analysis.evidence.likelihood import in_words as words_of
from analysis.evidence.made import Made, flagged, make, ratios_by_pattern
from analysis.evidence.page import evidence_page
from analysis.evidence.rules import rules
from analysis.evidence.statements import Statement
from analysis.evidence.teaching import document_of, truth_of
from analysis.evidence.teaching_page import teaching_page
from analysis.evidence.traces import traces_of
from sim.runs.face import RecordedWorld, cores, recorded_world
from sim.runs.question import Question
from sim.runs.recording import code_of, write_csv, write_json, write_whole
from sim.scenario.config import Scenario
from sim.scenario.schema import ScenarioError, nearest, shown

VIEWERS = ("platform", "regulator", "outsider")
TEACHING = "teaching"  # folder of what was true, apart from the rest
YEARS = 10  # after the last day, at which a record may be looked at


@dataclass(frozen=True)
class Options:
    """What was asked of a folder; None where nothing was said."""

    viewer: str | None = None
    day: str | None = None
    ledger: bool = False
    seed: int | None = None
    arm: str | None = None
    alleged: str | None = None
    worlds: int | None = None

    @property
    def words(self) -> list[str]:
        """As words of the command."""
        said = {name: getattr(self, name) for name in ("viewer", "day", "seed", "arm", "alleged", "worlds")}
        options = [word for name, value in said.items() if value is not None for word in (f"--{name}", str(value))]
        return [*options, *(["--ledger"] if self.ledger else [])]


@dataclass(frozen=True)
class Request:
    """A folder's world and what is asked of it, checked before anything is run. assumed: over which assumptions worlds are kept out."""

    folder: Path
    case: Case
    viewer: str
    day: date | None
    options: Options
    assumed: str


def request_of(
    folder: Path, scenario: Scenario, question: Question | None, options: Options, trust: Sequence[str] = ()
) -> Request:
    """Check what is asked. question: None of one world. Raises ScenarioError."""
    arm = arm_of(question, options.arm) if question else None
    if question is None and options.arm is not None:
        raise ScenarioError(
            f"--arm: {shown(options.arm)} given, allowed with a folder of compare; this one holds one world"
        )
    seeds = range(scenario.seed, scenario.seed + (scenario.replications if question else 1))
    seed = seeds[0] if options.seed is None else options.seed
    if seed not in seeds:
        raise ScenarioError(f"--seed: {seed} given, allowed {seeds[0]} to {seeds[-1]}, the worlds of this folder")
    world = question.alone(seed)[arm] if question and arm else scenario
    members = members_of(folder) if question else []
    sets = drawn_sets(question, arm, members, trust) if question and arm and members else []
    worlds = options.worlds or rules().worlds
    assumed = (
        f"their assumptions are drawn, {len(sets)} sets" if sets else "their assumptions are as stated, one set of them"
    )
    case = case_of(world, options.alleged or rules().alleged, rules().rivals, worlds, sets)
    return Request(folder, case, _viewer(options.viewer, world), _day(options.day, world), options, assumed)


def _viewer(given: str | None, scenario: Scenario) -> str:
    """The viewer that is named, else the regulator where one asks, else somebody outside."""
    if given is not None and given not in VIEWERS:
        raise ScenarioError(f"--viewer: {shown(given)} given; {nearest(given, VIEWERS)}")
    steps = scenario.regulator.steps.values() if scenario.regulator else ()
    asks = any(step.power == "request" for step in steps)
    return given or ("regulator" if asks else "outsider")


def _day(given: str | None, scenario: Scenario) -> date | None:
    """The day that is named; None where none is."""
    if given is None:
        return None
    first = scenario.clock.first_day
    last = first + timedelta(days=scenario.clock.days + 365 * YEARS)
    try:
        day = date.fromisoformat(given)
    except ValueError:
        raise ScenarioError(f"--day: {shown(given)} given, allowed a date such as {first}") from None
    if not first <= day <= last:
        raise ScenarioError(f"--day: {day} given, allowed {first} to {last}")
    return day


def looked_at(asked: Request, world: RecordedWorld) -> date:
    """The day that is named, else that of a regulator's last answer, else the last measured day."""
    if asked.day is not None:
        return asked.day
    clock = world.clock
    answered = [answer.answered for answer in world.asked] if asked.viewer == "regulator" else []
    return max(clock.day_of(max(answered)), clock.first_day) if answered else clock.day_of(clock.end - 1)


def write_evidence(
    asked: Request, out: Path, trust: Sequence[str] = (), threads: int | None = None,
    on_progress: Progress | None = None, say: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:  # fmt: skip
    """Make the evidence file in a folder that this process holds; returns the summary, which is also evidence.json."""
    case = asked.case
    world = recorded_world(case.scenario, rules().everywhere, rules().on_election)
    day, code = looked_at(asked, world), code_of(trust)
    say(
        f"{len(tasks_of(case, day, out, code))} worlds are kept out, or were: the quiet twin, and {case.worlds} of each explanation"
    )
    kept = keep_out(case, asked.viewer, day, out, code, threads or cores(), on_progress)
    seen = traces_of(world, asked.viewer, day, case.alleged.start, case.candidate)
    made = make(case, world, asked.viewer, day, seen, kept, asked.options.ledger)
    again = shlex.join(["groundswell", "evidence", str(asked.folder), *asked.options.words])
    truth = truth_of(made, world)
    summary = document(made, asked.assumed, again)
    write_json(out / TEACHING / "what_was_true.json", document_of(truth))
    write_whole(out / TEACHING / "what_was_true.html", teaching_page(made, truth).encode())
    write_csv(out / "evidence_accounts.csv", accounts_table(made))
    write_whole(out / "evidence.html", evidence_page(made, again, asked.assumed).encode())
    write_json(out / "evidence.json", summary)
    return {"out": str(out), **summary}


def document(made: Made, assumed: str, again: str) -> dict[str, Any]:
    """The file for machines: questions, statements, patterns, record."""
    seen, case = made.seen, made.case
    return {
        "title": case.scenario.title, "candidate": case.label, "finding": title_of(made), "viewer": made.viewer,
        "day": made.day.isoformat(),
        "ledger": made.ledger is not None, "users": made.users, "alleged": case.alleged.name, "rivals": made.kept.rivals,
        "worlds": case.worlds, "assumptions": assumed, "command": again,
        "record": {"acts": seen.acts, "accounts": seen.met, "posts": len(seen.posts), "accounts_about": len(seen.accounts)},
        "bar": {"posts": seen.looked.bar, "per_100000_and_week": seen.looked.rate, "weeks_before": seen.looked.before},
        "questions": [vars(answer) for answer in answers(made)],
        "statements": [statement_row(statement) for statement in made.statements],
        "patterns": [{**row, "ratios": {name: told(found) for name, found in row["ratios"].items()}} for row in made.patterns],
    }  # fmt: skip


def statement_row(statement: Statement) -> dict[str, Any]:
    """A statement as JSON has it; accounts are in the table beside it."""
    plain = {name: getattr(statement, name) for name in ("name", "claim", "unit", "support", "of", "verdict", "why")}
    innocent = statement.innocent
    return plain | {
        "innocent": {**vars(innocent), "per_100000": innocent.rate} if innocent else None,
        "ratios": {name: told(found) for name, found in statement.ratios.items()},
        "precision": {str(base): ends(found) for base, found in statement.precision.items()},
        "amount": ends(statement.amount),
    }


def ends(found: Interval | None) -> dict[str, Any] | None:
    """An interval; no upper end where nothing bounds it."""
    if found is None:
        return None
    return {"value": found.value, "low": found.low, "high": None if np.isinf(found.high) else found.high}


def told(found: Interval | None) -> dict[str, Any] | None:
    """A likelihood ratio with its words."""
    plain = ends(found)
    return None if plain is None else {**plain, "words": words_of(found)}


def accounts_table(made: Made) -> pd.DataFrame:
    """Accounts that a statement names: dates, silence (days), posts on which it acted together, group, statements, and the ratio of its
    joint pattern with the lowest lower end over all rivals. Numbers are by lot."""
    named, seen = flagged(made), made.seen
    table = pd.DataFrame({"number": sorted(named)})
    own = seen.accounts.reindex(table["number"]).reset_index(drop=True)
    table["statements"] = [" ".join(named[number]) for number in table["number"]]
    table["created"] = own["created"].dt.strftime("%Y-%m-%d")
    table["first_act"] = pd.to_datetime(own["first"], unit="s").dt.strftime("%Y-%m-%d %H:%M:%S")
    table["silence_days"] = own["silence"].round(1)
    table["acts_about"] = own["about"].astype("Int64")
    table["posts_together"] = own["posts_together"].astype("Int64")
    table["group"] = own["group"].astype("Int64")
    by_pattern = ratios_by_pattern(made)
    pattern = seen.patterns.reindex(table["number"])
    table["ratio_at_least"] = [_low(by_pattern, shown_) for shown_ in pattern]
    if made.ledger is not None:
        paid = made.ledger.groupby("account")["euros"].sum()
        table["euros"] = table["number"].map(paid).fillna(0.0).round(2)
    lot = f"{made.case.scenario.title}:{made.case.scenario.seed}:{made.viewer}:{made.day}"
    order = sorted(named, key=lambda number: hashlib.sha256(f"{lot}:{number}".encode()).digest())
    place = {number: 1 + place for place, number in enumerate(order)}
    table.insert(0, "account", table["number"].map(place))
    return table.drop(columns="number").sort_values("account", ignore_index=True)


def _low(by_pattern: Mapping[str, Any], pattern: Any) -> float | None:
    found = by_pattern.get(str(pattern))
    return None if found is None else round(found.low, 1)


def in_words(summary: Mapping[str, Any]) -> str:
    """A summary for people."""
    lines = [summary["finding"]]
    lines += [f"{answer['question']} {answer['short']}." for answer in summary["questions"]]
    lines += [f"{s['name']}: {s['verdict']}, {s['support']} of {s['of']} {s['unit']}" for s in summary["statements"]]
    return "\n".join([*lines, f"{summary['out']}/evidence.html"])
