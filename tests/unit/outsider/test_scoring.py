"""Scores of answers whose truth is known, worked by hand."""

import datetime

import numpy as np
import pandas as pd
import pytest

from analysis.outsider.page import alarms_by_day, findings, page_of
from analysis.outsider.scoring import answers_of, scores_of
from analysis.outsider.seen import Known
from analysis.outsider.words import markdown, tables, when

SINCE = datetime.date(2024, 11, 11)
KNOWN = Known(11, 0, SINCE, SINCE)
DAYS = {-3: datetime.date(2024, 11, 21), -1: datetime.date(2024, 11, 23), 5: datetime.date(2024, 11, 29)}


def world(
    campaign: str,
    seed: int,
    views: int,
    alarms: dict[int, bool | None],
    value: float = 1.0,
    directed: int = 0,
    paid: float = 0.0,
) -> dict:
    """A world in which one instrument answered, as it is filed."""
    answers = [
        {"viewer": "outsider", "day": DAYS[after].isoformat(), "after_vote": after, "instrument": "differences", "alarm": alarm,
         "value": None if alarm is None else value, "low": None if alarm is None else value - 0.5,
         "high": None if alarm is None else value + 0.5, "begins": None, "ends": None, "truth": None}
        for after, alarm in alarms.items()
    ]  # fmt: skip
    told = {"views": {"2024-11-20": views}, "puppets": {}, "directed": directed, "paid": paid}
    return {
        "arm": f"{campaign}/none",
        "campaign": campaign,
        "moderation": "none",
        "seed": seed,
        "digest": "",
        "ground": told,
        "answers": answers,
    }


def scored(records: list[dict]) -> pd.DataFrame:
    return scores_of(answers_of(records, KNOWN)).set_index(["campaign", "after_vote"])


RIGHT, WRONG = {-3: True, -1: True, 5: True}, {-3: True, -1: False, 5: True}
RECORDS = [
    world("quiet", 1, 9, dict.fromkeys(DAYS, False), 0.2), world("quiet", 2, 9, dict.fromkeys(DAYS, True), 0.6),
    world("coordinated", 1, 99, RIGHT, 2.0, directed=7), world("coordinated", 2, 99, WRONG, 3.0, directed=7),
    world("organic", 1, 99, RIGHT, 2.0), world("organic", 2, 99, WRONG, 2.0),
    world("paid", 1, 99, RIGHT, 2.0, paid=5.0), world("paid", 2, 99, {-3: None, -1: None, 5: False}, 2.0, paid=5.0),
]  # fmt: skip


def test_bias_is_against_the_twin_where_somebody_ran_a_campaign_and_against_nothing_where_nobody_did() -> None:
    scores = scored(RECORDS)
    assert scores.loc[("coordinated", -1), "truth"] == pytest.approx(np.log(10))
    assert scores.loc[("coordinated", -1), "bias"] == pytest.approx(2.5 - np.log(10))
    assert scores.loc[("paid", -1), "bias"] == pytest.approx(2.0 - np.log(10))
    assert scores.loc[("organic", -1), "bias"] == pytest.approx(2.0)
    assert scores.loc[("quiet", -1), "bias"] == pytest.approx(0.4)
    low, high = scores.loc[("coordinated", -1), ["bias_low", "bias_high"]]
    assert high - low == pytest.approx(2 * 12.706 * np.std([2, 3], ddof=1) / np.sqrt(2), rel=1e-4)


def test_coverage_and_alarms_are_of_answers() -> None:
    scores = scored(RECORDS)
    assert scores.loc[("coordinated", -1), "covered"] == 0.5  # 1.5 to 2.5 holds ln 10, 2.5 to 3.5 does not
    assert scores.loc[("quiet", -1), "covered"] == 0.5
    assert scores.loc[("quiet", -1), ["alarms", "answered", "worlds"]].tolist() == [1, 2, 2]
    assert scores.loc[("paid", -1), ["alarms", "answered", "worlds"]].tolist() == [1, 1, 2]
    assert not scores.loc[("paid", -1), "operated"]
    assert scores.loc[("coordinated", -1), "operated"]


def test_right_is_an_alarm_that_stays_or_a_silence_that_does() -> None:
    """With operated accounts one alarm is right from the first look on, one is interrupted; without, silence is, and no answer is not."""
    scores = scored(RECORDS)
    assert scores.loc[("coordinated", 5), ["right_worlds", "right_from"]].tolist() == [2, -3.0]
    assert scores.loc[("quiet", 5), ["right_worlds", "right_from"]].tolist() == [1, -3.0]
    assert scores.loc[("paid", 5), ["right_worlds", "right_from"]].tolist() == [1, 5.0]
    never = scored(
        [*RECORDS[:2], *(world("coordinated", seed, 99, {**RIGHT, 5: False}, directed=7) for seed in (1, 2))]
    )
    assert never.loc[("coordinated", 5), "right_worlds"] == 0
    assert np.isnan(never.loc[("coordinated", 5), "right_from"])


def test_tables_say_what_scores_say() -> None:
    scores = scores_of(answers_of(RECORDS, KNOWN))
    (table,) = tables(scores)
    said = dict(zip(table.head, table.rows[0], strict=True))
    assert said["finds coordinated"] == "1 of 2"
    assert said["alarms falsely, quiet"] == "1 of 2"
    assert said["interval right, coordinated"] == "50%"
    assert said["bias, coordinated"].startswith("0.20 (")
    assert said["right from"] == "3 days before (2 of 2)"
    assert markdown(table).count("\n") == 2
    assert [when(-1), when(-4), when(3)] == ["the eve", "4 days before", "3 days after"]


def test_the_page_opens_without_a_network() -> None:
    scores = scores_of(answers_of(RECORDS, KNOWN))
    about = {
        "title": "A <b>",
        "focal": "A",
        "worlds": 8,
        "users": 100,
        "days": 14,
        "seeds": 2,
        "command": "groundswell outsider DIR",
    }
    text = page_of(about, scores)
    assert "http" not in text.replace("http://www.w3.org", "").replace("https://www.w3.org", "")
    assert "A &lt;b&gt;" in text
    assert text.count("<svg") == 1
    assert len(findings(scores)) == 1
    assert alarms_by_day(scores).axes
