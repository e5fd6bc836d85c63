"""By which way a candidate was met, against a slow count over feeds."""

import dataclasses

import numpy as np

from sim.kernels.feeds import FOLLOWED
from sim.kernels.reactions import CARRIED
from sim.measures.lanes import Lanes
from sim.model import CampaignModel
from sim.runs.families import result_of
from sim.world.actions import Shown
from sim.world.world import World
from tests.worlds import CROWDED, small_scenario, with_supporters


class Slow(Lanes):
    """The same, feed by feed."""

    def note(self, world: World, shown: Shown, notes: dict) -> None:
        posts, feeds = world.platform.posts, shown.feeds
        counts = notes.setdefault("counts", np.zeros((2, posts.named.shape[1]), dtype=np.int64))
        for visitor, offset, length in zip(feeds.visitors, feeds.offset, feeds.length, strict=True):
            for place in range(offset, offset + length):
                if world.truth.genuine[visitor] and shown.flags[place] & CARRIED:
                    row = feeds.row[place]
                    whom = posts.candidate[row] if posts.candidate[row] >= 0 else posts.spoken_of[row]
                    counts[int(feeds.lane[place] > FOLLOWED), whom] += 1


def test_ways_add_up_to_visibility_and_are_those_of_a_slow_count() -> None:
    for recommender in ("staged_audience", "mix", "chronological"):
        scenario = with_supporters(small_scenario(recommender=recommender, more=CROWDED))
        found = []
        for measure in (Lanes(), Slow()):
            model = CampaignModel(dataclasses.replace(scenario, measures={"lanes": measure}))
            model.run_until(model.clock.end)
            found.append(result_of(model, "", 0.0)["run"])
        quick, slow = found
        ways = [quick["candidate_direct"], quick["candidate_recommended"]]
        assert ways == [slow["candidate_direct"], slow["candidate_recommended"]]
        assert sum(ways) == quick["candidate_impressions"] > 100
        assert ways[0] > 0
        assert (ways[1] > 0) == (recommender != "chronological")
