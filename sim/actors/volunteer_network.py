"""Volunteers: real users in a channel off the platform, which grows by word of mouth, hands out tasks and loses people."""

from collections.abc import Sequence

import mesa

from sim.actors.base import Actor, Public
from sim.numbers.luck import Chance
from sim.world.actions import Actions, Engage, Publish
from sim.world.content import TASK
from sim.world.platform import COMMENT, LIKE, SHARE


class VolunteerNetwork(Actor):
    """One channel: users who might join, its members of the day, and those who left for good."""

    def __init__(self, model: mesa.Model, number: int, recruits: Sequence[int], cycle: Sequence[float]) -> None:
        super().__init__(model, number)
        self.recruits = tuple(recruits)
        self.cycle = tuple(cycle)
        self.members: list[int] = []
        self.left: set[int] = set()

    def open(self, share: float, chance: Chance) -> None:
        """The channel as the campaign finds it: each recruit is a member already with the given probability."""
        self.left = set()
        self.members = [user for user in self.recruits if chance.lasting(21, user) < share]

    def day_passes(self, joining: float, leaving: float, chance: Chance) -> None:
        """Each member tells others: a recruit joins with probability `joining` times the share who are members."""
        told = joining * len(self.members) / max(len(self.recruits), 1)
        gone = {user for user in self.members if chance.happens(leaving, 22, user)}
        new = {
            user
            for user in self.recruits
            if user not in self.left and user not in self.members and chance.happens(told, 23, user)
        }
        self.left |= gone
        self.members = sorted((set(self.members) | new) - gone)

    def publish(
        self, seen: Public, candidate: int, hashtag: int, rate: float, materials: int, edited: float, now: int,
        chance: Chance,
    ) -> Actions:  # fmt: skip
        """Members publish the day's material at `rate` posts a day; an edited clip no longer shows its template."""
        actions, day = Actions(), now // 24
        for user in self.members:
            if seen.suspended[user]:
                continue
            for place in range(int(rate * self.cycle[now % 24] + chance.uniform(24, user))):
                material = chance.word(25, user, place) % max(materials, 1)
                copied = not chance.happens(edited, 26, user, place)
                second = chance.word(27, user, place) % 3600
                sound = _clip(chance, day, material) if copied else 0
                actions.publish.append(Publish(user, second, candidate, hashtag, sound, purpose=TASK, place=place))
        return actions

    def respond(
        self, seen: Public, row: int, compliance: float, verbs: tuple[float, float, float], minutes: float,
        candidate: int, chance: Chance,
    ) -> Actions:  # fmt: skip
        """Members follow a link to a post and like, comment or share it, each in their own minute after the call."""
        actions, post, key = Actions(), row + seen.first, int(seen.key[row])
        for user in self.members:
            if seen.suspended[user] or user == seen.author[row] or not chance.happens(compliance, 28, user, key):
                continue
            second = min(3599, int(60.0 * minutes * chance.uniform(29, user, key)))
            for verb, share in zip((LIKE, COMMENT, SHARE), verbs, strict=True):
                if chance.happens(share, 30, verb, user, key):
                    actions.engage.append(Engage(user, post, second, verb, candidate))
        return actions


def _clip(chance: Chance, day: int, material: int) -> int:
    """The number of a template, which tells nothing but that it is the same one."""
    return int(chance.lasting(31, day, material) * 2**31) | 1
