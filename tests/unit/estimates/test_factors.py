"""Uncertain numbers as factors: where values lie in their ranges, and how places read."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.estimates.factors import Factor, unit_design

WEIGHT = Factor("recommender.weight", 0.0, 4.0)
BUDGET = Factor("campaign.budget", 10.0, 100_000.0, logarithmic=True)
START = Factor("campaign.start", date(2024, 11, 1), date(2024, 11, 11))
CARRIER = Factor("campaign.carrier", options=("link", "feed", "both"))
AWAKE = Factor("campaign.awake", options=("true", "false"))


def test_values_lie_where_they_were_drawn() -> None:
    members = pd.DataFrame({
        "recommender.weight": [0.0, 1.0, 4.0], "campaign.budget": [10.0, 1000.0, 100_000.0],
        "campaign.start": ["2024-11-01", date(2024, 11, 6), pd.Timestamp("2024-11-11")],
        "campaign.carrier": ["link", "both", "feed"], "campaign.awake": [True, np.False_, "False"],
    })  # fmt: skip
    design = unit_design([WEIGHT, BUDGET, START, CARRIER, AWAKE], members)
    assert design == pytest.approx(np.array([[0, 0, 0, 0, 0], [0.25, 0.5, 0.5, 1, 1], [1, 1, 1, 0.5, 1]]))


@pytest.mark.parametrize(
    ("factor", "value"), [(WEIGHT, 4.1), (BUDGET, 9.0), (START, "2024-10-31"), (CARRIER, "post"), (AWAKE, "yes")]
)
def test_what_lies_outside_is_refused(factor: Factor, value: object) -> None:
    with pytest.raises(ValueError, match=factor.key):
        factor.scaled([value])


def test_places_read_as_values_and_lead_back_to_them() -> None:
    assert [WEIGHT.said(0.25), BUDGET.said(0.5), BUDGET.said(1.0), START.said(0.5)] == [
        "1",
        "1,000",
        "100,000",
        "2024-11-06",
    ]
    assert [CARRIER.said(0.5), AWAKE.said(0.0), CARRIER.range, BUDGET.range] == [
        "feed",
        "true",
        "link or feed or both",
        "10 to 100,000",
    ]
    for factor in (CARRIER, START):
        assert factor.scaled([factor.said(0.5)])[0] == 0.5
