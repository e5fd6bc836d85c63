"""Circles in plain Python: who is called by a post, who comes when, and whom people's comments name."""

import numpy as np

from sim.numbers.arithmetic import NORMAL, exp
from sim.numbers.luck import Decision, chain, key_of, threshold
from sim.world.platform import COMMENT, LIKE, REPORT, SHARE
from tests.reference.plain_people import Post

DAY = 86400


class Gathering:
    """The circles of a world, and what members do; one draw at a time."""

    def __init__(self, model) -> None:
        self.model, self.plan, circles = model, model.rules.background, model.opening.circles
        self.came: set[tuple[int, int, int]] = set()  # post, account and verb of what they have done
        self.circles = [
            (int(circles.number[c]), int(circles.subject[c]), int(circles.calls[c]), bool(circles.opposed[c]),
             [int(who) for who in circles.member[circles.start[c] : circles.start[c + 1]]])
            for c in range(len(circles.subject))
        ]  # fmt: skip

    def luck(self, which: int, post: Post, who: int) -> int:
        """A draw about a post and an account or circle."""
        return chain(chain(key_of(self.model.seed, Decision.GATHERING, which), post.key), who)

    def called_by(self, post: Post) -> list[tuple[int, Post, int, int, bool]]:
        """What members of the author's circles will do to a post; seconds count from the world's beginning."""
        acts: dict[tuple[int, int], int] = {}
        for number, subject, calls, opposed, members in self.circles:
            if subject == post.author and self.luck(1, post, number) < calls:
                for who in members:
                    for verb, second in self.done_by(who, post, opposed):
                        acts[who, verb] = min(second, acts.get((who, verb), second))
        return [(who, post, verb, second, True) for (who, verb), second in acts.items()]

    def done_by(self, who: int, post: Post, opposed: bool) -> list[tuple[int, int]]:
        """Verb and second of what a member does: nothing where the member does not come."""
        plan, cycle = self.plan, self.model.rules.population.daily_cycle
        by_day = min(1.0, 24.0 * cycle[self.model.hour % 24])
        if who == post.author or self.luck(2, post, who) >= threshold(min(1.0, plan.circle_comes * by_day)):
            return []
        normal = NORMAL[self.luck(3, post, who) >> 16]
        delay = int(min(float(plan.circle_median * exp(np.float64(plan.circle_delays * normal))), DAY))
        wanted = {
            LIKE: plan.circle_likes,
            COMMENT: plan.circle_comments,
            SHARE: plan.circle_shares,
            REPORT: plan.circle_reports,
        }
        second = 3600 * post.hour + post.second + delay
        return [
            (verb, second) for verb, share in wanted.items()
            if delay < DAY and opposed == (verb == REPORT) and self.luck(4 + verb, post, who) < threshold(share)
        ]  # fmt: skip

    def name(self, who: int, post: Post) -> None:
        """Whom a comment names, if anybody."""
        plan, own = self.plan, self.model.people[who].supports
        named, share = (post.candidate, plan.names) if post.candidate >= 0 else (own, plan.names_elsewhere)
        luck = chain(chain(key_of(self.model.seed, Decision.NAMING), post.key), who)
        if named >= 0 and luck < threshold(share):
            post.named[named] = post.named.get(named, 0) + 1
