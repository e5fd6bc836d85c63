"""An evidence file says what its record shows and no more: innocents are not accused beyond its rate, and truth changes nothing."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from scipy import stats

from analysis.evidence.answers import answers, irregular, outcome
from analysis.evidence.explanations import ALLEGED, QUIET, TWIN, case_of, mixtures
from analysis.evidence.kept_out import votes_of
from analysis.evidence.made import LEDGER, flagged
from analysis.evidence.page import evidence_page
from analysis.evidence.statements import PARTLY, SAID, UNSAID, Statement, judged, patterns_of
from analysis.evidence.teaching import RIGHT, SHOWS, share_of, truth_of
from analysis.evidence.traces import TRACES, traces_of
from analysis.evidence.write import accounts_table, document
from sim.runs.together import LEAST
from sim.scenario.schema import ScenarioError
from tests.unit.evidence.conftest import RECORD, RIVALS, Small, recorded, recorded_scenario
from tests.worlds import CROWDED

QUIET_SEEDS = range(20, 26)


def test_a_quiet_world_accuses_nobody_beyond_the_stated_rate() -> None:
    """Of all users and weeks of several worlds as many are flagged as the stated rate allows, with probability .999: a Poisson bound of
    pairs (the limit of the binomial one), since accounts act together two by two at the least. The worlds hold many circles of people who
    come to posts together; a bar that knew nothing of them would flag more than that."""
    named, loose, allowed = 0, 0, 0.0
    for seed in QUIET_SEEDS:
        world = recorded(recorded_scenario(campaign="quiet", seed=seed, more=(*CROWDED, "calendar.warm_up_days=4")))
        seen = traces_of(world, "platform", world.clock.day_of(world.clock.end - 1), date(2024, 11, 1), 0)
        scores = np.array(list(seen.looked.scores.values()))
        named, loose = named + int((scores >= seen.looked.bar).sum()), loose + int((scores >= LEAST).sum())
        allowed += world.users * seen.looked.weeks * seen.looked.rate / 100_000.0
    bound = 2 * stats.poisson.ppf(0.999, allowed / 2)
    assert named <= bound < loose


def test_no_account_outside_the_record_is_named_and_a_smaller_record_finds_fewer(small: Small) -> None:
    found = []
    for share in (1.0, 0.5, 0.1):
        rules = replace(RECORD, sampled=share, lost=0.0)
        world = recorded(replace(small.case.scenario, record=rules))
        made = small.made("outsider", world=world)
        seen = world.seen_by("outsider", small.day)
        assert set(flagged(made)) <= set(seen.events["account"]) | set(seen.posts["author"])
        found.append(made.statement("together").support)
    assert found[0] >= found[1] > found[2]
    assert small.made("platform").statement("together").support >= found[1]


def test_precision_as_stated_lies_in_the_interval_of_that_which_it_was(small: Small) -> None:
    made = small.made("platform")
    truth = truth_of(made, small.world)
    one = next(row for row in truth.statements if row.name == "together")
    assert one.named >= 10
    assert one.as_stated is not None
    assert one.as_was is not None
    assert one.as_was.holds(one.as_stated.value)
    assert one.outcome == RIGHT
    assert truth.held >= truth.on_record >= truth.named >= one.held > 0
    nothing = truth_of(small.made("regulator"), small.world)
    assert (nothing.on_record, nothing.named, nothing.says_irregular, nothing.was_irregular) == (0, 0, False, True)
    assert truth.says_irregular
    assert truth.was_irregular


def test_labels_change_no_statement(small: Small) -> None:
    """Whatever is true of this world is not read; of the worlds that were kept out it is."""
    kind = np.random.default_rng(1).permutation(small.world.whole.kind)
    other = replace(small.world, whole=replace(small.world.whole, kind=kind))
    one, two = (document(small.made("platform", True, world), "", "") for world in (small.world, other))
    assert one == two
    assert (kind != small.world.whole.kind).any()


def test_traces_of_the_same_accounts_enter_one_histogram(small: Small) -> None:
    """The ratio of a joint pattern is that of its own counts, not a product of the traces' ratios."""
    seen, kept = small.traces("platform"), small.kept("platform")
    for row in patterns_of(seen, kept):
        shown = row["pattern"]
        assert isinstance(shown, str)
        held = kept.accounts(ALLEGED, "held", shown.__eq__)
        assert held.shows.sum() == sum(world["held"].get(shown, 0) for world in kept.worlds[ALLEGED])
    assert Counter(seen.patterns).keys() <= {f"{n:03b}" for n in range(8)}
    assert len(TRACES) == 3


def test_worlds_that_are_kept_out_have_other_seeds_and_each_explanation_the_same(small: Small) -> None:
    worlds = small.case.kept_out()
    seeds = {name: [world.seed for world in of] for name, of in worlds.items()}
    assert len({tuple(of) for of in seeds.values()}) == 1
    assert small.case.scenario.seed not in seeds[ALLEGED]
    assert small.case.twin.seed == small.case.scenario.seed
    assert list(small.kept("platform").worlds) == [TWIN, ALLEGED, *RIVALS, "organic_surge+recruited_people"]


def test_a_mixture_has_the_tactics_of_both_and_none_is_made_with_the_quiet_world(small: Small) -> None:
    known = {name: small.case.rivals[name] for name in RIVALS}
    mixed = mixtures(known)
    assert list(mixed) == ["organic_surge+recruited_people"]
    both = set(known["organic_surge"].tactics) | set(known["recruited_people"].tactics)
    assert set(mixed["organic_surge+recruited_people"].tactics) == both
    assert QUIET not in "".join(mixed)


def test_without_a_ledger_nothing_is_said_of_money_and_with_one_it_is_told_from_some(small: Small) -> None:
    without, having = (small.made("platform", ledger).statement(LEDGER) for ledger in (False, True))
    assert (without.verdict, without.support) == (UNSAID, 0)
    assert having.verdict == PARTLY
    assert having.support > 0
    paid = set(small.world.ledger["account"])
    assert set(having.accounts) <= paid & set(small.traces("platform").accounts.index) | set(
        small.traces("platform").posts["author"]
    )


def test_an_outsider_cannot_say_who_woke(small: Small) -> None:
    statement = small.made("outsider").statement("awakened")
    assert statement.verdict == UNSAID
    assert "does not tell when an account acted" in statement.why


def test_a_viewer_that_has_nothing_says_nothing_in_a_whole_file(small: Small) -> None:
    made = small.made("regulator")  # nobody asked
    assert made.seen.acts == 0
    assert {statement.verdict for statement in made.statements} == {UNSAID}
    assert irregular(made).short == "Cannot be said"
    assert len(accounts_table(made)) == 0
    page = evidence_page(made, "groundswell evidence", "")
    assert page.rstrip().endswith("</html>")
    assert "nothing can be said from this record about who acted" in page


def test_the_four_questions_are_answered_and_the_outcome_never(small: Small) -> None:
    found = answers(small.made("platform"))
    assert [answer.question for answer in found] == [
        "Was there an irregularity?", "How large was it?", "Could it have changed the outcome?", "What cannot be said?",
    ]  # fmt: skip
    assert found[0].short.startswith("Yes")
    assert "accounts of" in found[1].short
    assert found[2].short == "Cannot be said"


def test_with_an_election_the_outcome_is_not_said_either_but_its_range_is(small: Small) -> None:
    """The range is that of pairs of worlds kept out: of a campaign that moves nothing it is nought."""
    made = small.made("platform")
    assert len(made.kept.votes("share")[0]) == 0
    draws = np.linspace(0.0, 0.1, 101).tolist()
    pairs = {ALLEGED: [share + 0.02 for share in draws], QUIET: draws}
    worlds = dict(made.kept.worlds)
    for name, shares in pairs.items():
        worlds[name] = [{**world, "votes": {"share": shares, "run_off": [1.0] * 101}} for world in worlds[name]]
    answer = outcome(replace(made, kept=replace(made.kept, worlds=worlds)))
    assert answer.short == "Cannot be said"
    assert "differs by +2.0 to +2.0 points" in answer.reasons[1]
    assert "in 100% of draws, 100% without" in answer.reasons[1]


def test_the_votes_of_a_world_are_those_of_its_election() -> None:
    world = recorded(recorded_scenario(more=("election=two_rounds",)))
    votes = votes_of(world)
    assert len(votes["share"]) == len(votes["run_off"]) == 200
    assert all(0.0 <= share <= 1.0 for share in votes["share"])
    assert set(votes["run_off"]) <= {0.0, 1.0}


def test_a_page_loads_nothing_and_names_no_account_of_the_world(small: Small) -> None:
    made = small.made("platform", True)
    page = evidence_page(made, "groundswell evidence", "as stated")
    assert re.search(r"<script|<link|src=|@import|url\((?!#)|href=.http", page) is None
    table = accounts_table(made)
    assert sorted(table["account"]) == list(range(1, len(table) + 1))
    assert len(table) == len(flagged(made))
    assert (table["silence_days"].isna() | (table["silence_days"] >= 0)).all()


def test_verdicts_need_support_and_a_ratio_above_one(small: Small) -> None:
    said = small.made("platform").statement("together")
    assert said.verdict == SAID
    assert judged(replace(said, support=2), 3).verdict == UNSAID
    flat = dict.fromkeys(said.ratios)
    assert judged(replace(said, ratios=flat), 3).verdict == UNSAID
    one = dict(said.ratios) | {QUIET: None}
    part: Statement = judged(replace(said, ratios=one), 3)
    assert part.verdict == PARTLY
    assert part.why == "cannot be told from no campaign"


def test_what_cannot_be_said_names_nobody(small: Small) -> None:
    made = small.made("platform")
    unsaid = [replace(statement, verdict=UNSAID) for statement in made.statements]
    assert flagged(made)
    assert flagged(replace(made, statements=unsaid)) == {}


def test_what_was_said_of_a_world_without_a_campaign_is_wrong(small: Small) -> None:
    """The teaching file can find fault: nobody is held in the same record once labels say so."""
    made = small.made("platform")
    innocent = replace(
        small.world, whole=replace(small.world.whole, kind=np.full_like(small.world.whole.kind, "ordinary"))
    )
    truth = truth_of(made, innocent)
    assert {row.outcome for row in truth.statements if row.verdict != UNSAID} == {"wrong"}
    assert set(SHOWS) == {row.name for row in truth.statements}
    assert share_of(0, 10).high == pytest.approx(0.3085, abs=1e-3)


def test_a_case_needs_a_record_and_an_allegation_that_acts(small: Small) -> None:
    with pytest.raises(ScenarioError, match="record: none in this folder's scenario"):
        case_of(replace(small.case.scenario, record=None), "coordinated", RIVALS, 2)
    with pytest.raises(ScenarioError, match="--alleged: 'quiet' given"):
        case_of(small.case.scenario, "quiet", RIVALS, 2)
    with pytest.raises(ScenarioError, match="campaign"):
        case_of(small.case.scenario, "coordinatd", RIVALS, 2)
