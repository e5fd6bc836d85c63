"""Pay influencers for posts, at a price that follows their audience, with a direct or a generic brief."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sim.actors.base import Public
from sim.numbers.luck import Chance
from sim.scenario.schema import quantity
from sim.tactics.base import Headquarters, Tactic
from sim.world.actions import Actions, Publish
from sim.world.content import PAID
from sim.world.platform import NOBODY


@dataclass(frozen=True)
class HireInfluencers(Tactic):
    """Offers go out at a steady pace between two dates, to each influencer in turn, until the money is spent.

    A small world keeps more influencers than its share, each with as much more of the audience. There an influencer is
    offered as many fewer posts, each at as many times the price, so that posts and money a user stay what they are.
    """

    first_day: date = quantity("first day of offers", "date")
    last_day: date = quantity("last day of offers", "date")
    posts_each: float = quantity("real posts wanted of each influencer over the whole time", "posts", 0, 1000)
    price: float = quantity("price of one real post, per 1,000 followers", "EUR/1000 followers", 0, 10000)
    acceptance: float = quantity("share of offers that are accepted", "share", 0, 1)
    disclosure: float = quantity("share of paid posts marked as advertising", "share", 0, 1)
    generic: float = quantity("share of briefs that do not name the candidate", "share", 0, 1)
    hashtag: int = quantity("number of the campaign's hashtag", "number", 0, 10**6)

    def opens_on(self) -> date | None:
        """The first day: before it there is nothing to do."""
        return self.first_day

    def plan(self, headquarters: Headquarters, seen: Public, now: int, chance: Chance) -> Actions:
        """Offers of this hour: a keyed coin for every influencer, so that one refusal changes nobody else's luck."""
        actions = Actions()
        begin, end = headquarters.hour_of(self.first_day), headquarters.hour_of(self.last_day) + 24
        if not begin <= now < end:
            return actions
        a_post = headquarters.posts_per_real_post * headquarters.real_influencers_each
        rate = self.posts_each * a_post / (end - begin) * headquarters.pace("hire_influencers")
        for influencer in headquarters.influencers:
            account = influencer.account
            for place in range(int(rate + chance.uniform(11, account))):
                cents = round(100 * self.price * int(seen.followers[account]) / 1000.0 / a_post)
                if seen.suspended[account] or not influencer.accepts(self.acceptance, now * 64 + place, chance):
                    continue
                if not headquarters.pay(actions, "hire_influencers", account, cents, now):
                    continue
                generic = chance.happens(self.generic, 12, account, place)
                disclosed = influencer.discloses(self.disclosure, now * 64 + place, chance)
                actions.publish.append(
                    Publish(account, chance.word(13, account, place) % 3600, NOBODY if generic else headquarters.candidate,
                            self.hashtag, disclosed=disclosed, purpose=PAID, place=place)
                )  # fmt: skip
        return actions

    def hands(self, headquarters: Headquarters) -> Sequence[int]:
        """Influencers in the market."""
        return [influencer.account for influencer in headquarters.influencers]
