"""Two recommenders side by side in plain Python."""

import dataclasses

from sim.numbers.luck import Chance, Decision
from tests.reference.plain_people import Feed, Post, User

NAMES = ("profiled", "other")


class Half:
    """The model as one group of users has it: its recommender, how many they are, and what they did."""

    def __init__(self, model, number: int, part: list[int], plan) -> None:
        self.model, self.number, self.part = model, number, part
        self.rules = dataclasses.replace(model.rules, recommender=plan)
        first = round(model.users * (part.count(0) / len(part)))
        self.users = model.users - first if number else first

    def __getattr__(self, name: str):
        return getattr(self.model, name)

    @property
    def log(self) -> list[tuple[int, Post, int]]:
        """Acts of this group's accounts."""
        return [entry for entry in self.model.log if self.part[entry[0]] == self.number]


class PlainMix:
    """Each account has one of two recommenders for good."""

    def __init__(self, model, recommenders) -> None:
        plan, luck = model.rules.recommender, Chance(model.seed, Decision.LANES, 0)
        self.part = [int(luck.lasting(number) >= plan.share) for number in range(len(model.people))]
        self.halves = []
        for number, (name, share) in enumerate(zip(NAMES, (plan.share, 1.0 - plan.share), strict=True)):
            own = getattr(plan, name).serving(share)
            self.halves.append(recommenders[type(own).__name__](Half(model, number, self.part, own)))

    def rank(self, sessions: list[tuple[User, int, int]]) -> list[tuple[User, Feed]]:
        """Each its own visitors; together in the order of users."""
        feeds = [
            half.rank([session for session in sessions if self.part[session[0].number] == number])
            for number, half in enumerate(self.halves)
        ]
        return sorted(feeds[0] + feeds[1], key=lambda shown: shown[0].number)

    def was_listed(self, post: Post, user: User) -> bool:
        """By the user's own recommender."""
        return self.halves[self.part[user.number]].was_listed(post, user)

    def learn(self, feeds: list[tuple[User, Feed]], reactions: list[list[int]]) -> None:
        """Each from its own users' feeds."""
        for number, half in enumerate(self.halves):
            own = [at for at, (user, _) in enumerate(feeds) if self.part[user.number] == number]
            half.learn([feeds[at] for at in own], [reactions[at] for at in own])
