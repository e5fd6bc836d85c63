"""What moderation costs those whom it acts on, and what appeals give back. Reviews and watch time are in the observer."""

from dataclasses import dataclass, field
from typing import Any

from sim.kernels.columns import HIDDEN
from sim.world.actions import Request
from sim.world.platform import LIMITED, SUSPENDED
from sim.world.world import World

SANCTIONS = {"remove", "limit", "label", "suspend", "slow", "hold", "discount"}


def is_sanction(request: Request) -> bool:
    """Whether an action falls on one post or account. A rule for new accounts does so with the first post that it holds."""
    return request.action in SANCTIONS and not (request.action == "hold" and request.account >= 0)


@dataclass
class Costs:
    """Posts by number, accounts by number; a post is genuine where no campaign caused it."""

    slowed: set[int] = field(default_factory=set)
    held: set[int] = field(default_factory=set)
    discounted: set[int] = field(default_factory=set)  # accounts
    accounts_restored: set[int] = field(default_factory=set)
    posts_restored: set[int] = field(default_factory=set)
    genuine_posts: set[int] = field(
        default_factory=set
    )  # of those above, so that they are known when they have retired
    account_days: int = 0
    post_days: int = 0

    def note(self, world: World, decided: list[Request]) -> None:
        """Sort one hour's actions."""
        of_post = {"slow": self.slowed, "hold": self.held, "restore": self.posts_restored}
        of_account = {"discount": self.discounted, "restore": self.accounts_restored}
        for request in decided:
            if request.account >= 0:
                of_account.get(request.action, set()).add(request.account)
            elif request.action in of_post:
                row = request.post - world.platform.first
                if row >= 0:
                    of_post[request.action].add(request.post)
                    if not world.truth.campaign_post[row]:
                        self.genuine_posts.add(request.post)

    def end_of_day(self, world: World, accounts: set[int], posts: set[int]) -> None:
        """Count the day of each genuine account that is suspended or limited, and of each genuine post kept out of feeds."""
        platform, truth = world.platform, world.truth
        hit, end = sorted(accounts), platform.first + len(platform.posts)
        shut = (platform.accounts.status[hit] & (SUSPENDED | LIMITED)) != 0 if hit else []
        self.account_days += int((truth.genuine[hit] & shut).sum()) if hit else 0
        rows = [number - platform.first for number in sorted(posts) if platform.first <= number < end]
        if rows:
            hidden = (platform.posts.status[rows] & HIDDEN) != 0
            self.post_days += int((hidden & (truth.campaign_post[rows] == 0)).sum())

    def summary(self, world: World, appeals: int) -> dict[str, Any]:
        """Columns of the table of runs."""
        genuine = world.truth.genuine

        def of_people(accounts: set[int]) -> int:
            return int(genuine[sorted(accounts)].sum()) if accounts else 0

        return {
            "appeals": appeals,
            "accounts_restored": len(self.accounts_restored),
            "genuine_accounts_restored": of_people(self.accounts_restored),
            "posts_restored": len(self.posts_restored),
            "genuine_posts_restored": len(self.posts_restored & self.genuine_posts),
            "posts_slowed": len(self.slowed),
            "genuine_posts_slowed": len(self.slowed & self.genuine_posts),
            "posts_held": len(self.held),
            "genuine_posts_held": len(self.held & self.genuine_posts),
            "accounts_discounted": len(self.discounted),
            "genuine_accounts_discounted": of_people(self.discounted),
            "shares_given_up": world.platform.given_up,
            "genuine_account_days_shut": self.account_days,
            "genuine_post_days_hidden": self.post_days,
        }
