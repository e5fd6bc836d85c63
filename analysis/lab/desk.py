"""What lies on a moderator's desk: accounts with what a platform's record shows of them, and simple rankings by the same record.

Nothing in a row is true of who works for whom; that is in `stories_of`.
"""

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.detection.detect import Detection, Question
from analysis.detection.share_log import ShareLog
from sim.numbers.luck import Decision, chain_array, key_of
from sim.runs.face import DIRECTED, Acts, Look

DAYS = 7  # of acts that are on the screen
DAY, HOUR = 24, 3600  # hours, seconds
TOGETHER = 60  # seconds; two acts on one post at most so far apart are an act in common, as in `suspend_coordinated`
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"  # counts of a timeline; the last stands for all that are larger
COMPANY, AGAIN = 3, 2  # others who are listed with an account; posts on which they met at least
EACH, MOST = 12, 60  # bystanders whom each rule puts on the desk; accounts on a desk
RETURNED, NEW = (
    30,
    30,
)  # days: of silence from which an account has returned, as for monthly users; up to which it is new
BUSY = 0.9  # of all who act: share who act less than one that is called busy
RULES = ("together", "silence", "busiest", "burst")
SCREENS = RULES
Longs = npt.NDArray[np.int64]


class Desk:
    """A look at a world, read as a moderator's screen reads it. seed: by which ties are broken."""

    def __init__(self, look: Look, seed: int) -> None:
        self.look, self.seed, self.size = look, seed, len(look.registered)
        self.by_hour = counts_by_hour(look.acts, look.hour, self.size)
        self.on_election = np.bincount(look.acts.account[look.acts.about], minlength=self.size)
        self.acted = self.by_hour.sum(axis=1)

    @cached_property
    def company(self) -> dict[int, dict[int, int]]:
        """With whom each account acted within a minute, and on how many posts."""
        return company(self.look.acts)

    @cached_property
    def stories(self) -> list[str]:
        """What is true of each account."""
        return stories_of(self.look, self.acted)

    @cached_property
    def network(self) -> list[int]:
        """The campaign's accounts that acted on posts about the election."""
        return [account for account in self.candidates() if is_campaign(self.stories[account])]

    def candidates(self) -> list[int]:
        """Accounts that acted on posts about the election in the last days, but for influencers and candidates' own."""
        acted = np.flatnonzero(self.on_election)
        return [int(account) for account in acted if self.stories[account] not in ("influencer", "official")]

    def score(self, rule: str) -> Longs:
        """How suspect each account is by one simple rule.

        together: most posts on which it acted within a minute of one other account, the score of `suspend_coordinated`; silence: hours
        of its longest time without an act; busiest: acts on posts about the election; burst: acts of the last two days less those of
        the days before, a day.
        """
        if rule == "together":
            return np.array(
                [max(self.company.get(account, {0: 0}).values()) for account in range(self.size)], dtype=np.int64
            )
        if rule == "silence":
            return self.look.silence
        if rule == "busiest":
            return np.asarray(self.on_election, dtype=np.int64)
        late = self.by_hour[:, -2 * DAY :].sum(axis=1)
        return np.asarray(late * (DAYS - 2) - (self.acted - late) * 2, dtype=np.int64)

    def ranked(self, accounts: Sequence[int], rule: str) -> list[int]:
        """Accounts by a rule, most suspected first; ties are broken by luck."""
        asked = np.array(accounts, dtype=np.int64)
        luck = chain_array(key_of(self.seed, Decision.SHUFFLE, RULES.index(rule)), asked)
        return [int(account) for account in asked[np.lexsort((luck, -self.score(rule)[asked]))]]

    def chosen(self) -> list[int]:
        """Accounts on the desk, in the order of their numbers, which tell nothing.

        All of the network that acted, volunteers, and bystanders whom each of four rules marks most: those who are easily taken
        for the network are on a desk far more often than on the platform.
        """
        bystanders = [account for account in self.candidates() if not is_campaign(self.stories[account])]
        volunteers = [account for account in bystanders if self.stories[account] == "volunteer"]
        picked = self.ranked(volunteers, "busiest")[:EACH]
        ranks = [self.ranked(bystanders, screen)[:EACH] for screen in SCREENS]
        picked += [ranked[place] for place in range(EACH) for ranked in ranks if place < len(ranked)]
        room = max(0, MOST - len(self.network))
        return sorted(self.network + list(dict.fromkeys(picked))[:room])

    def row(self, account: int) -> dict[str, Any]:
        """What the record shows of an account.

        {"account", "age_days", "silent_days", "followers", "posts", "acts", "election": acts on posts about the election, "together": how
        many others it acted with within a minute, "often": on how many posts with one of them at the most, "company": [[account, posts],
        ...] of those it met again, "timeline": acts by hour of the last days, one of DIGITS each}.
        """
        look, others = self.look, self.company.get(account, {})
        nearest = sorted(
            ((other, posts) for other, posts in others.items() if posts >= AGAIN), key=lambda item: (-item[1], item[0])
        )[:COMPANY]
        return {
            "account": account, "age_days": int((look.hour - look.registered[account]) // DAY),
            "silent_days": int(look.silence[account] // DAY), "followers": int(look.followers[account]),
            "posts": int(look.posts[account]), "acts": int(self.acted[account]), "election": int(self.on_election[account]),
            "together": len(others), "often": max(others.values(), default=0), "company": [list(pair) for pair in nearest],
            "timeline": spelled(self.by_hour[account]),
        }  # fmt: skip


def is_campaign(story: str) -> bool:
    """Whether an account is used by somebody who has many of them."""
    return story in DIRECTED


def stories_of(look: Look, acted: Longs) -> list[str]:
    """The story of each account: a kind of `sim.measures.labels`, and for ordinary people what they are most easily mistaken for.

    Of several the first holds: returner, fan (one of a circle that gathers for somebody's posts), newcomer, busy, ordinary.
    """
    story = look.kind.astype(object)
    plain = story == "ordinary"
    active = acted[plain & (acted > 0)]
    busy = acted > (np.quantile(active, BUSY) if len(active) else 0)
    new, back = look.hour - look.registered <= DAY * NEW, look.silence >= DAY * RETURNED
    for name, holds in (("busy", busy), ("newcomer", new), ("fan", look.fan), ("returner", back)):
        story[plain & holds] = name
    return [str(one) for one in story]


def company(acts: Acts) -> dict[int, dict[int, int]]:
    """With whom each account acted within a minute, and on how many posts; see `analysis.detection`."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    if len(acts.post) == 0:
        return found
    names, place = np.unique(acts.post, return_inverse=True)
    second = acts.hour * HOUR + acts.second
    second -= second.min()
    order = np.lexsort((acts.account, second, place))
    accounts = np.arange(int(acts.account.max()) + 1)
    log = ShareLog(place[order], acts.account[order], second[order], names.astype(object), accounts.astype(object))
    pairs = Detection(log, Question(TOGETHER, 1, False, 1, 0)).pairs
    for one, other, posts in pairs[["account_a", "account_b", "objects"]].to_numpy().tolist():
        found[one][other] = found[other][one] = posts
    return found


def counts_by_hour(acts: Acts, hour: int, size: int) -> Longs:
    """Acts of each account in each of the last hours before `hour`: (accounts, hours)."""
    counts = np.zeros((size, DAY * DAYS), dtype=np.int64)
    np.add.at(counts, (acts.account, acts.hour - hour + DAY * DAYS), 1)
    return counts


def spelled(counts: Longs) -> str:
    """Counts as one character each: see DIGITS."""
    return "".join(DIGITS[min(int(count), len(DIGITS) - 1)] for count in counts)
